import { KNOWLEDGE_MAX_HITS } from '../shared/contract-knowledge.ts';
import { DangolError } from '../shared/errors.ts';
import {
  type KnowledgeAbout,
  type KnowledgeArticle,
  type KnowledgeCount,
  type KnowledgeHit,
  type KnowledgeUse,
  reasonsFor,
  weightOf,
} from '../shared/knowledge.ts';
import type { OperationPayload } from '../shared/operation-payload.ts';
import { knowledgeMatch } from '../shared/search-text.ts';
import type { Product } from '../shared/work.ts';
import { appendOperation } from '../sync/outbox.ts';
import { afterWrite, type HostContext, nowInstant } from './host-context.ts';

/** The statements of knowledge; a test asserts that each uses its index. `rank` weighs the head of an article ten times its text. */
export const KNOWLEDGE = {
  byWords: `SELECT a.data AS data, k.data AS counts
            FROM knowledge_search CROSS JOIN knowledge_article AS a ON a.line = knowledge_search.rowid
            LEFT JOIN knowledge_count AS k ON k.id = a.id
            WHERE knowledge_search MATCH ? ORDER BY bm25(knowledge_search, 10.0, 10.0, 1.0) LIMIT ${KNOWLEDGE_MAX_HITS + 1}`,
  one: `SELECT a.data AS data, k.data AS counts FROM knowledge_article AS a LEFT JOIN knowledge_count AS k ON k.id = a.id
        WHERE a.id = ?`,
  pending: `SELECT payload FROM operation WHERE status = 'pending' AND kind = 'knowledge.use'`,
  used: `SELECT payload FROM operation WHERE row_id = ? AND kind = 'knowledge.use' AND author_id = ? AND status <> 'discarded'`,
} as const;
/** Without their text: all of them are looked through for what fits the call. */
const ALL = `SELECT json_remove(a.data, '$.body') AS data, k.data AS counts
             FROM knowledge_article AS a LEFT JOIN knowledge_count AS k ON k.id = a.id`;

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
  const rows = match === null ? read(context, ALL) : read(context, KNOWLEDGE.byWords, match);
  const names = productNames(context, input.about);
  const hits = rows.map(({ article, counts }) => ({
    ...hitOf(article, withPending(counts, waiting, article.id)),
    reasons: reasonsFor(article, input.about, (code) => names.get(code) ?? null),
  }));
  const ordered = match === null ? hits.sort(fittingFirst) : hits;
  return { hits: ordered.slice(0, KNOWLEDGE_MAX_HITS), more: ordered.length > KNOWLEDGE_MAX_HITS, total };
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
