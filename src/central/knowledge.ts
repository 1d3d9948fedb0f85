import { type Kysely, sql } from 'kysely';
import type { Id } from '../shared/ids.ts';
import type { KnowledgeContent } from '../shared/knowledge.ts';
import {
  KNOWLEDGE_MAX_VERSIONS,
  type KnowledgeDesk,
  type KnowledgeHead,
  type KnowledgePublish,
  type KnowledgeSave,
  type KnowledgeSaved,
  type KnowledgeVersion,
  type KnowledgeVersionInfo,
  type KnowledgeVersionList,
} from '../shared/knowledge-authoring.ts';
import { withRetry } from './db/database-error.ts';
import type { Db } from './db/store.ts';
import type { CentralTables } from './db/tables.ts';
import type { Principal } from './principal.ts';
import { CentralProblem } from './problem.ts';
import { readRecord, writeRecords } from './records.ts';

type Trx = Kysely<CentralTables>;

/** More articles than a business can keep true. */
const MOST_ARTICLES = 2000;

const INFO = sql`jsonb_build_object('number', v.number, 'title', v.content->>'title', 'basedOn', v.based_on, 'savedBy', v.saved_by,
  'savedAt', to_char(v.saved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
/** A withdrawn article has no count row: its uses are counted. */
const counted = (use: 'cited' | 'helped') => sql`coalesce((c.data->>${sql.lit(use)})::int,
  (SELECT count(*)::int FROM knowledge_use u WHERE u.article_id = k.id AND u.use = ${sql.lit(use)}))`;
const HEADS = sql`
  SELECT k.id::text AS id, k.code, ${INFO} AS latest, k.published, k.withdrawn, ${counted('cited')} AS cited,
    ${counted('helped')} AS helped
  FROM knowledge k
  JOIN knowledge_version v ON v.article_id = k.id AND v.number = k.latest
  LEFT JOIN record c ON c.tbl = 'knowledge_count' AND c.id = k.id`;

/** Every article, the one that was written last first. */
export async function listKnowledge(db: Db): Promise<KnowledgeDesk> {
  const { rows } = await sql<KnowledgeHead>`
    ${HEADS} ORDER BY v.saved_at DESC, k.code LIMIT ${MOST_ARTICLES}`.execute(db);
  return { articles: rows };
}

async function readHead(db: Trx, id: Id): Promise<KnowledgeHead> {
  const { rows } = await sql<KnowledgeHead>`${HEADS} WHERE k.id = ${id}`.execute(db);
  if (!rows[0]) throw new CentralProblem('NOT_FOUND');
  return rows[0];
}

async function readInfos(db: Trx, id: Id, above: number, below: number): Promise<KnowledgeVersionInfo[]> {
  const { rows } = await sql<{ info: KnowledgeVersionInfo }>`
    SELECT ${INFO} AS info FROM knowledge_version v
    WHERE v.article_id = ${id} AND v.number > ${above} AND v.number < ${below}
    ORDER BY v.number DESC LIMIT ${KNOWLEDGE_MAX_VERSIONS}`.execute(db);
  return rows.map(({ info }) => info);
}

/** Who wrote what when, the newest first. */
export async function listVersions(db: Db, id: Id): Promise<KnowledgeVersionList> {
  const head = await readHead(db, id);
  return { head, versions: await readInfos(db, id, 0, head.latest.number + 1) };
}

/** One version with its words, however old. */
export async function readVersion(db: Db, articleId: Id, number: number): Promise<KnowledgeVersion> {
  const { rows } = await sql<{ info: KnowledgeVersionInfo; content: KnowledgeContent }>`
    SELECT ${INFO} AS info, v.content FROM knowledge_version v
    WHERE v.article_id = ${articleId} AND v.number = ${number}`.execute(db);
  const found = rows[0];
  if (!found) throw new CentralProblem('NOT_FOUND');
  return { ...found.info, articleId, content: found.content };
}

interface Author {
  db: Db;
  principal: Principal;
  now: string;
}

async function nameOf(trx: Trx, principal: Principal): Promise<string> {
  if (principal.kind !== 'agent') throw new CentralProblem('FORBIDDEN');
  return (await readRecord(trx, 'agent', principal.agentId))?.name ?? '';
}

const inOne = <T>(db: Db, act: (trx: Trx) => Promise<T>): Promise<T> => withRetry(() => db.transaction().execute(act));

/**
 * Keeps what somebody wrote as a version of its own, whatever others wrote meanwhile: they are named in the answer. The same
 * versionId again is the same version.
 */
export function saveVersion({ db, principal, now }: Author, save: KnowledgeSave): Promise<KnowledgeSaved> {
  return inOne(db, async (trx) => {
    const { articleId, versionId, basedOn, content } = save;
    await sql`SELECT 1 FROM knowledge WHERE id = ${articleId} FOR UPDATE`.execute(trx);
    const known = await numberOf(trx, articleId, versionId);
    const number = known ?? (await nextNumber(trx, articleId));
    if (known === null) {
      await sql`
        INSERT INTO knowledge_version (article_id, number, version_id, based_on, content, saved_at, saved_by)
        VALUES (${articleId}, ${number}, ${versionId}, ${basedOn}, ${JSON.stringify(content)}::jsonb, ${now},
          ${await nameOf(trx, principal)})`.execute(trx);
    }
    return {
      number,
      head: await readHead(trx, articleId),
      others: await readInfos(trx, articleId, basedOn ?? 0, number),
    };
  });
}

async function numberOf(trx: Trx, articleId: Id, versionId: Id): Promise<number | null> {
  const { rows } = await sql<{ number: number; article_id: string }>`
    SELECT number, article_id FROM knowledge_version WHERE version_id = ${versionId}`.execute(trx);
  if (rows[0] && rows[0].article_id !== articleId) {
    throw new CentralProblem('BAD_INPUT', { detail: 'versionId: another article has it' });
  }
  return rows[0]?.number ?? null;
}

/** The place of a new version; a new article gets its code here. */
async function nextNumber(trx: Trx, articleId: Id): Promise<number> {
  const { rows } = await sql<{ latest: number }>`
    INSERT INTO knowledge AS k (id, code, latest) VALUES (${articleId}, 'K-' || nextval('knowledge_code_seq'), 1)
    ON CONFLICT (id) DO UPDATE SET latest = k.latest + 1 RETURNING latest`.execute(trx);
  return rows[0]?.latest ?? 1;
}

/**
 * From now on agents read this version: an older one too, which is how it is restored. CHANGED_MEANWHILE where somebody saved a
 * version that the publisher has not seen: their words would be passed over.
 */
export function publishVersion(
  { db, principal, now }: Author,
  articleId: Id,
  { number, seen }: KnowledgePublish,
): Promise<KnowledgeSaved> {
  return inOne(db, async (trx) => {
    const { code, latest } = await lockArticle(trx, articleId);
    if (latest > seen)
      throw new CentralProblem('CHANGED_MEANWHILE', { detail: `version ${latest} is newer than ${seen}` });
    const { rows } = await sql<{ content: KnowledgeContent }>`
      SELECT content FROM knowledge_version WHERE article_id = ${articleId} AND number = ${number}`.execute(trx);
    const content = rows[0]?.content;
    if (!content) throw new CentralProblem('NOT_FOUND');
    await sql`UPDATE knowledge SET published = ${number}, withdrawn = false WHERE id = ${articleId}`.execute(trx);
    const publishedBy = await nameOf(trx, principal);
    const data = { ...content, id: articleId, code, number, publishedAt: now, publishedBy };
    await writeRecords(trx, [
      { table: 'knowledge_article', id: articleId, data },
      { table: 'knowledge_count', id: articleId, data: await countsOf(trx, articleId) },
    ]);
    return { number, head: await readHead(trx, articleId), others: [] };
  });
}

/** Under the lock of the count's row: whoever uses the article at this moment waits, and counts on. */
async function countsOf(trx: Trx, id: Id) {
  const standing = await readRecord(trx, 'knowledge_count', id, 'update');
  if (standing) return standing;
  const { rows } = await sql<{ cited: number; helped: number }>`
    SELECT count(*) FILTER (WHERE use = 'cited')::int AS cited, count(*) FILTER (WHERE use = 'helped')::int AS helped
    FROM knowledge_use WHERE article_id = ${id}`.execute(trx);
  return { id, cited: rows[0]?.cited ?? 0, helped: rows[0]?.helped ?? 0 };
}

async function lockArticle(trx: Trx, id: Id): Promise<{ code: string; latest: number }> {
  const { rows } = await sql<{ code: string; latest: number }>`
    SELECT code, latest FROM knowledge WHERE id = ${id} FOR UPDATE`.execute(trx);
  if (!rows[0]) throw new CentralProblem('NOT_FOUND');
  return rows[0];
}

/** Takes an article from every desk. Its versions and its uses stay. */
export function withdrawArticle({ db }: Author, articleId: Id): Promise<void> {
  return inOne(db, async (trx) => {
    await lockArticle(trx, articleId);
    await sql`
      UPDATE knowledge SET withdrawn = withdrawn OR published IS NOT NULL, published = NULL WHERE id = ${articleId}`.execute(
      trx,
    );
    if ((await readRecord(trx, 'knowledge_article', articleId, 'update')) === null) return;
    await readRecord(trx, 'knowledge_count', articleId, 'update');
    await writeRecords(trx, [
      { table: 'knowledge_article', id: articleId, data: null },
      { table: 'knowledge_count', id: articleId, data: null },
    ]);
  });
}
