import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { canonicalJson } from '../shared/canonical-json.ts';
import { type Id, newId } from '../shared/ids.ts';
import type { ScriptContent } from '../shared/script.ts';
import type {
  ScriptHead,
  ScriptPublish,
  ScriptSave,
  ScriptSaved,
  ScriptShelf,
  ScriptVersion,
  ScriptVersionInfo,
} from '../shared/script-authoring.ts';
import { checkScript, type ScriptFault } from '../shared/script-check.ts';
import { withRetry } from './db/database-error.ts';
import type { Db } from './db/store.ts';
import type { CentralTables } from './db/tables.ts';
import type { Principal } from './principal.ts';
import { CentralProblem } from './problem.ts';
import { listRecords, readRecord, writeRecords } from './records.ts';

type Trx = Kysely<CentralTables>;

/** More than a business can keep true. */
const MOST_SCRIPTS = 200;
const MOST_VERSIONS = 500;

const INFO = sql`jsonb_build_object('number', v.number, 'hash', v.hash, 'title', v.content->'title', 'savedBy', v.saved_by,
  'savedAt', to_char(v.saved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
const HEADS = sql`
  SELECT s.id::text AS id, s.code, v.content->>'kind' AS kind, ${INFO} AS latest, s.published, s.withdrawn
  FROM script s JOIN script_version v ON v.script_id = s.id AND v.number = s.latest`;

/** Every script, by code. */
export async function listScripts(db: Db): Promise<ScriptShelf> {
  const { rows } = await sql<ScriptHead>`${HEADS} ORDER BY s.code LIMIT ${MOST_SCRIPTS}`.execute(db);
  return { scripts: rows };
}

async function readHead(db: Trx, code: string): Promise<ScriptHead> {
  const { rows } = await sql<ScriptHead>`${HEADS} WHERE s.code = ${code}`.execute(db);
  if (!rows[0]) throw new CentralProblem('NOT_FOUND');
  return rows[0];
}

/** Who wrote what when, the newest first. */
export async function listScriptVersions(
  db: Db,
  code: string,
): Promise<{ head: ScriptHead; versions: ScriptVersionInfo[] }> {
  const head = await readHead(db, code);
  const { rows } = await sql<{ info: ScriptVersionInfo }>`
    SELECT ${INFO} AS info FROM script_version v WHERE v.script_id = ${head.id} ORDER BY v.number DESC
    LIMIT ${MOST_VERSIONS}`.execute(db);
  return { head, versions: rows.map(({ info }) => info) };
}

/** One version with its words, however old, and what is wrong with it as things are now. */
export async function readScriptVersion(db: Db, code: string, number: number): Promise<ScriptVersion> {
  const { id } = await readHead(db, code);
  const { info, content } = await readVersion(db, id, number);
  return { ...info, content, faults: await faultsOf(db, content) };
}

async function readVersion(db: Trx, id: Id, number: number) {
  const { rows } = await sql<{ info: ScriptVersionInfo; content: ScriptContent }>`
    SELECT ${INFO} AS info, v.content FROM script_version v
    WHERE v.script_id = ${id} AND v.number = ${number}`.execute(db);
  if (!rows[0]) throw new CentralProblem('NOT_FOUND');
  return rows[0];
}

/** What a script may name is what the business has now. */
async function faultsOf(db: Trx, content: ScriptContent): Promise<ScriptFault[]> {
  const dispositions = await listRecords(db, 'disposition');
  return checkScript(content, {
    customFields: await listRecords(db, 'custom_field'),
    dispositionCodes: new Set(dispositions.filter(({ active }) => active).map(({ code }) => code)),
  });
}

/** The name of these words: SHA-256 of their canonical JSON. */
export const hashOfScript = (content: ScriptContent): string =>
  createHash('sha256').update(canonicalJson(content)).digest('hex');

interface Author {
  db: Db;
  principal: Principal;
  now: string;
}

/** Whoever works at the centre's own machine has no name here. */
async function nameOf(trx: Trx, principal: Principal): Promise<string> {
  if (principal.kind !== 'agent') return '';
  return (await readRecord(trx, 'agent', principal.agentId))?.name ?? '';
}

const inOne = <T>(db: Db, act: (trx: Trx) => Promise<T>): Promise<T> => withRetry(() => db.transaction().execute(act));

async function lock(trx: Trx, code: string): Promise<{ id: Id; latest: number } | null> {
  const { rows } = await sql<{ id: Id; latest: number }>`
    SELECT id::text AS id, latest FROM script WHERE code = ${code} FOR UPDATE`.execute(trx);
  return rows[0] ?? null;
}

/**
 * Keeps a script as a new version. The words of the latest one again are that version, so that a repeat is the same save.
 * @throws CHANGED_MEANWHILE: there is a newer version than its author has seen.
 */
export function saveScript({ db, principal, now }: Author, { content, seen }: ScriptSave): Promise<ScriptSaved> {
  return inOne(db, async (trx) => {
    const { code } = content;
    await sql`INSERT INTO script (id, code, latest) VALUES (${newId()}, ${code}, 0) ON CONFLICT DO NOTHING`.execute(
      trx,
    );
    const row = await lock(trx, code);
    if (row === null) throw new CentralProblem('INTERNAL');
    const hash = hashOfScript(content);
    const latest = row.latest === 0 ? null : (await readVersion(trx, row.id, row.latest)).info;
    const faults = await faultsOf(trx, content);
    if (latest?.hash === hash) return { number: latest.number, head: await readHead(trx, code), faults };
    if (row.latest > (seen ?? 0)) {
      throw new CentralProblem('CHANGED_MEANWHILE', {
        detail: `version ${row.latest} is newer than ${seen ?? 'none'}`,
      });
    }
    const number = row.latest + 1;
    await sql`
      INSERT INTO script_version (script_id, number, hash, content, saved_at, saved_by)
      VALUES (${row.id}, ${number}, ${hash}, ${JSON.stringify(content)}::jsonb, ${now}, ${await nameOf(trx, principal)})`.execute(
      trx,
    );
    await sql`UPDATE script SET latest = ${number} WHERE id = ${row.id}`.execute(trx);
    return { number, head: await readHead(trx, code), faults };
  });
}

/**
 * From now on agents have this version; an older one too, which is how it is restored. Runs that are going on stay where they are.
 * @throws BAD_INPUT with its faults; CHANGED_MEANWHILE where somebody saved a version that the publisher has not seen.
 */
export function publishScript(
  { db, principal, now }: Author,
  code: string,
  { number, seen }: ScriptPublish,
): Promise<ScriptHead> {
  return inOne(db, async (trx) => {
    const row = await lock(trx, code);
    if (row === null) throw new CentralProblem('NOT_FOUND');
    if (row.latest > seen) {
      throw new CentralProblem('CHANGED_MEANWHILE', { detail: `version ${row.latest} is newer than ${seen}` });
    }
    const { info, content } = await readVersion(trx, row.id, number);
    const faults = await faultsOf(trx, content);
    if (faults.length > 0) throw new CentralProblem('BAD_INPUT', { detail: inWords(faults) });
    await sql`UPDATE script SET published = ${number}, withdrawn = false WHERE id = ${row.id}`.execute(trx);
    const publishedBy = await nameOf(trx, principal);
    const data = { id: row.id, number, hash: info.hash, publishedAt: now, publishedBy, content };
    await writeRecords(trx, [{ table: 'script', id: row.id, data }]);
    return readHead(trx, code);
  });
}

const inWords = (faults: readonly ScriptFault[]) =>
  faults.map(({ code, stepId, detail }) => [code, stepId, detail].filter(Boolean).join(' ')).join('; ');

/** Takes a script from every desk. Its versions stay; a run that is going on goes on to its end. */
export function withdrawScript({ db }: Author, code: string): Promise<ScriptHead> {
  return inOne(db, async (trx) => {
    const row = await lock(trx, code);
    if (row === null) throw new CentralProblem('NOT_FOUND');
    await sql`
      UPDATE script SET withdrawn = withdrawn OR published IS NOT NULL, published = NULL WHERE id = ${row.id}`.execute(
      trx,
    );
    if ((await readRecord(trx, 'script', row.id, 'update')) !== null) {
      await writeRecords(trx, [{ table: 'script', id: row.id, data: null }]);
    }
    return readHead(trx, code);
  });
}
