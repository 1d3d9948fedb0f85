import { KNOWLEDGE_MAX_HITS } from '../shared/contract-knowledge.ts';
import { DangolError } from '../shared/errors.ts';
import {
  type KnowledgeAbout,
  type KnowledgeArticle,
  type KnowledgeCount,
  type KnowledgeHit,
  type KnowledgeUse,
  reasonsFor,
  WEIGHT,
  weightOf,
} from '../shared/knowledge.ts';
import { hintQuery } from '../shared/knowledge-hints.ts';
import type { OperationPayload } from '../shared/operation-payload.ts';
import { knowledgeMatch } from '../shared/search-text.ts';
import type { Product } from '../shared/work.ts';
import { appendOperation } from '../sync/outbox.ts';
import { afterWrite, type HostContext, nowInstant } from './host-context.ts';

const FIRST = KNOWLEDGE_MAX_HITS + 1;

/**
 * What is suggested, without reading the articles: their hints by index, each kind of reason once for an article; then those that
 * helped most, those that were pressed here, the first by their code, and what came before there were hints. `byLine`: without text.
 */
const SUGGEST = {
  fitting: `WITH asked AS (SELECT value ->> '$.kind' AS kind, value ->> '$.text' AS text, value -> '$.heads' AS heads FROM json_each(?)),
    reason (line, kind) AS (
      SELECT h.line, asked.kind FROM asked CROSS JOIN json_each(asked.heads) AS head
        CROSS JOIN knowledge_hint AS h ON h.kind = 'topic' AND h.key = head.value
        WHERE instr(asked.text, h.word) > 0
      UNION SELECT h.line, h.kind FROM json_each(?) AS named
        CROSS JOIN knowledge_hint AS h ON h.kind = named.value ->> 0 AND h.key = named.value ->> 1
    ),
    weighed AS (
      SELECT line, sum(CASE kind ${Object.entries(WEIGHT)
        .map(([kind, weight]) => `WHEN '${kind}' THEN ${weight}`)
        .join(' ')} END) AS weight FROM reason GROUP BY line
    )
    SELECT weighed.line FROM weighed CROSS JOIN knowledge_article AS a ON a.line = weighed.line
      LEFT JOIN knowledge_count AS k ON k.id = a.id
    ORDER BY weight DESC, k.data ->> '$.helped' DESC, k.data ->> '$.cited' DESC, a.data ->> '$.code' LIMIT ${FIRST}`,
  others: `SELECT line FROM (SELECT a.line FROM knowledge_count AS k CROSS JOIN knowledge_article AS a ON a.id = k.id
      ORDER BY k.data ->> '$.helped' DESC, k.data ->> '$.cited' DESC LIMIT ${FIRST})
    UNION SELECT a.line FROM json_each(?) AS pressed CROSS JOIN knowledge_article AS a ON a.id = pressed.value
    UNION SELECT line FROM (SELECT line FROM knowledge_article ORDER BY data ->> '$.code' LIMIT ${FIRST})
    UNION SELECT line FROM knowledge_article WHERE hints IS NULL`,
  byLine: `SELECT json_remove(a.data, '$.body') AS data, k.data AS counts FROM json_each(?) AS wanted
    CROSS JOIN knowledge_article AS a ON a.line = wanted.value LEFT JOIN knowledge_count AS k ON k.id = a.id`,
} as const;

/** The statements of knowledge; a test asserts that each uses its index. `rank` weighs the head of an article ten times its text. */
export const KNOWLEDGE = {
  byWords: `SELECT a.data AS data, k.data AS counts
            FROM knowledge_search CROSS JOIN knowledge_article AS a ON a.line = knowledge_search.rowid
            LEFT JOIN knowledge_count AS k ON k.id = a.id
            WHERE knowledge_search MATCH ? ORDER BY bm25(knowledge_search, 10.0, 10.0, 1.0) LIMIT ${KNOWLEDGE_MAX_HITS + 1}`,
  ...SUGGEST,
  one: `SELECT a.data AS data, k.data AS counts FROM knowledge_article AS a LEFT JOIN knowledge_count AS k ON k.id = a.id
        WHERE a.id = ?`,
  pending: `SELECT payload FROM operation WHERE status = 'pending' AND kind = 'knowledge.use'`,
  used: `SELECT payload FROM operation WHERE row_id = ? AND kind = 'knowledge.use' AND author_id = ? AND status <> 'discarded'`,
} as const;
type Counts = Pick<KnowledgeCount, 'cited' | 'helped'>;
type Listed = Omit<KnowledgeArticle, 'body'>;
type UseAct = Extract<OperationPayload, { kind: 'knowledge.use' }>;

/**
 * Articles by what was typed, the best match first; without a text those that fit the call, each with its reasons, then those that
 * helped most often.
 */
export function searchKnowledge(context: HostContext, input: { text: string; about: KnowledgeAbout }) {
  context.seat.author();
  const { cache } = context;
  const waiting = pendingUses(context);
  const { total } = cache.prepare('SELECT count(*) AS total FROM knowledge_article').get() as { total: number };
  const asked = input.text.trim();
  const match = knowledgeMatch(asked);
  if (asked !== '' && match === null) return { hits: [], more: false, total };
  const rows = match === null ? readSuggested(context, input.about, waiting) : read(context, KNOWLEDGE.byWords, match);
  const names = productNames(context, input.about);
  const hits = rows.map(({ article, counts }) => ({
    ...hitOf(article, withPending(counts, waiting, article.id)),
    reasons: reasonsFor(article, input.about, (code) => names.get(code) ?? null),
  }));
  const ordered = match === null ? hits.sort(fittingFirst) : hits;
  const more = (match === null ? total : ordered.length) > KNOWLEDGE_MAX_HITS;
  return { hits: ordered.slice(0, KNOWLEDGE_MAX_HITS), more, total };
}

/** Whatever may stand among the first: what fits the call, what helped most, what was pressed here; the rest stays unread. */
function readSuggested(context: HostContext, about: KnowledgeAbout, waiting: readonly UseAct[]) {
  const { cache } = context;
  const { texts, keys } = hintQuery(about);
  const asked = cache.prepare(SUGGEST.fitting).all(JSON.stringify(texts), JSON.stringify(keys)) as { line: number }[];
  const pressed = JSON.stringify([...new Set(waiting.map(({ articleId }) => articleId))]);
  const others = cache.prepare(SUGGEST.others).all(pressed) as { line: number }[];
  const lines = [...new Set([...asked, ...others].map(({ line }) => line))];
  return read(context, SUGGEST.byLine, JSON.stringify(lines));
}

function fittingFirst(a: KnowledgeHit, b: KnowledgeHit): number {
  const heavier = weightOf(b.reasons) - weightOf(a.reasons);
  return heavier || b.helped - a.helped || b.cited - a.cited || a.code.localeCompare(b.code);
}

function hitOf({ id, code, number, title, shortAnswer }: Listed, counts: Counts): Omit<KnowledgeHit, 'reasons'> {
  return { id, code, number, title, shortAnswer, cited: counts.cited, helped: counts.helped };
}

/** One article whole, and what this agent already pressed in this call. @throws NOT_FOUND: withdrawn, or not here yet. */
export function readArticle(
  context: HostContext,
  { articleId, occasionId }: { articleId: string; occasionId: string },
) {
  context.seat.author();
  const used = usedIn(context, articleId, occasionId);
  const waiting = pendingUses(context);
  const row = read<KnowledgeArticle>(context, KNOWLEDGE.one, articleId)[0];
  if (!row) throw new DangolError('NOT_FOUND', 'none');
  return { article: row.article, ...withPending(row.counts, waiting, articleId), used };
}

/** Cited, or it helped: durable when it returns, and once for this agent, this call and this article. */
export function recordArticleUse(
  context: HostContext,
  act: { articleId: string; number: number; use: KnowledgeUse; occasionId: string },
) {
  const author = context.seat.author();
  const counted = context.outbox
    .transaction(() => {
      if (usedIn(context, act.articleId, act.occasionId)[act.use]) return false;
      appendOperation(context.outbox, {
        authorId: author.id,
        authorName: author.name,
        claimedAt: nowInstant(context),
        payload: { kind: 'knowledge.use', ...act },
      });
      return true;
    })
    .immediate();
  if (counted) afterWrite(context, []);
  const waiting = pendingUses(context);
  const counts = read(context, KNOWLEDGE.one, act.articleId)[0]?.counts ?? { cited: 0, helped: 0 };
  return {
    ...withPending(counts, waiting, act.articleId),
    used: usedIn(context, act.articleId, act.occasionId),
    counted,
  };
}

function read<A extends Listed = Listed>({ cache }: HostContext, sql: string, ...values: string[]) {
  const rows = cache.prepare(sql).all(...values) as { data: string; counts: string | null }[];
  return rows.map(({ data, counts }) => ({
    article: JSON.parse(data) as A,
    counts: counts === null ? { cited: 0, helped: 0 } : (JSON.parse(counts) as KnowledgeCount),
  }));
}

/** What was pressed here and is not at the centre yet. */
function pendingUses({ outbox }: HostContext): UseAct[] {
  const rows = outbox.prepare(KNOWLEDGE.pending).all() as { payload: string }[];
  return rows.map(({ payload }) => JSON.parse(payload) as UseAct);
}

function withPending(counts: Counts, waiting: readonly UseAct[], articleId: string): Counts {
  const more = (use: KnowledgeUse) => waiting.filter((act) => act.articleId === articleId && act.use === use).length;
  return { cited: counts.cited + more('cited'), helped: counts.helped + more('helped') };
}

function usedIn({ outbox, seat }: HostContext, articleId: string, occasionId: string): Record<KnowledgeUse, boolean> {
  const rows = outbox.prepare(KNOWLEDGE.used).all(articleId, seat.author().id) as { payload: string }[];
  const acts = rows.map(({ payload }) => JSON.parse(payload) as UseAct).filter((act) => act.occasionId === occasionId);
  return { cited: acts.some(({ use }) => use === 'cited'), helped: acts.some(({ use }) => use === 'helped') };
}

function productNames({ cache }: HostContext, { productCodes }: KnowledgeAbout): Map<string, Product['name']> {
  if (productCodes.length === 0) return new Map();
  const rows = cache.prepare('SELECT data FROM product').all() as { data: string }[];
  return new Map(rows.map(({ data }) => JSON.parse(data) as Product).map(({ code, name }) => [code, name]));
}
