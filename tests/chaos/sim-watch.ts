import { keepDraft, readDrafts } from '../../src/main/notes.ts';
import type { Operation, PushRequest, SyncRow, SyncTable } from '../../src/shared/sync-wire.ts';
import { makeId } from '../../src/sync/ids.ts';
import { rowsNamedBy } from '../../src/sync/outbox.ts';
import { readSyncState } from '../../src/sync/sync-state.ts';
import { scopeIn } from '../fakes/oracle-scope.ts';
import type { Act } from './sim-acts.ts';
import { AGENTS, agentAt } from './sim-agents.ts';
import type { SimDesk } from './sim-desk.ts';
import type { Seen } from './sim-seen.ts';

/** By then the audit has repaired what was spoiled. */
export const AT_REST = 'at rest';

/** While everything goes on: what an agent saved is always to be seen at that desk. */
export function nothingBlinks({ desks, acts, everErased, everDeparted, spoils }: Seen, at: string): string[] {
  if (spoils) return [];
  const failures: string[] = [];
  const notes = [...acts.values()].filter((act) => act.payload.kind === 'note.save' && !act.forgotten);
  for (const desk of desks) {
    const unconfirmed = idsOf(
      desk,
      'outbox',
      `SELECT op_id FROM operation WHERE status IN ('pending', 'rejected', 'quarantined')`,
    );
    const confirmed = idsOf(desk, 'cache', 'SELECT id FROM note');
    for (const { payload, opId, desk: origin } of notes) {
      if (payload.kind !== 'note.save' || origin !== desk.name) continue;
      if (payload.customerId !== null && everErased.has(payload.customerId)) continue;
      // Who left this desk's scope is shown from the centre.
      if (payload.customerId !== null && everDeparted.has(payload.customerId) && !holdsAll(desk)) continue;
      if (!unconfirmed.has(opId) && !confirmed.has(payload.noteId)) {
        failures.push(`${at}: note ${payload.noteId} of ${desk.name} is nowhere to be seen`);
      }
    }
  }
  return failures;
}

/** Whose rows are in its cache; while it is filled for somebody else, nobody can say. */
function holdsAll({ dbs, scopes }: SimDesk): boolean {
  return scopes.every((scope) => scope === 'all') || scopeIn(readSyncState(dbs.cache).cursor ?? 'team') === 'all';
}

function idsOf({ dbs }: SimDesk, file: 'cache' | 'outbox', sql: string): Set<unknown> {
  return new Set(dbs.ask(file, sql).pluck().all());
}

/** A cursor never stands ahead of the rows that it covers, and customers and their search lines come and go together. */
export function noHalfTransaction({ desks, centre, spoils }: Seen, at: string): string[] {
  if (spoils && at !== AT_REST) return [];
  return desks.flatMap((desk) => {
    const { cache } = desk.dbs;
    const { cursor } = readSyncState(cache);
    const owed = cursor === null ? null : centre.rowsUpTo(cursor, scopeIn(cursor));
    const behind = (owed ?? []).filter((row) => isBehind(desk, row));
    const search = desk.dbs
      .ask(
        'cache',
        `SELECT (SELECT count(*) FROM customer) - (SELECT count(*) FROM customer_search_docsize) AS n,
           (SELECT count(*) FROM note n JOIN deleted_row d ON d.table_name = 'customer' AND d.id = n.customer_id) AS left`,
      )
      .get() as { n: number; left: number };
    return [
      ...behind.map(
        (row) => `${at}: ${desk.name} lacks ${row.table} ${row.id} v${row.version}, which its cursor covers`,
      ),
      ...(search.n === 0 || spoils
        ? []
        : [`${at}: ${desk.name} has customers without a search line, or lines without one`]),
      ...(search.left === 0 ? [] : [`${at}: ${desk.name} has notes of a deleted customer`]),
    ];
  });
}

const VERSIONED: readonly SyncTable[] = ['customer', 'interaction', 'note', 'consent', 'promise', 'case'];

function isBehind({ dbs }: SimDesk, row: SyncRow): boolean {
  if (!VERSIONED.includes(row.table)) return false;
  const held = dbs.ask('cache', `SELECT version FROM "${row.table}" WHERE id = ?`).pluck().get(row.id);
  if (row.deleted) return typeof held === 'number' && held <= row.version;
  return typeof held !== 'number' || held < row.version;
}

/**
 * What arrives at the centre is what was written at the desk, byte for byte, in the name of its author; nothing else but access
 * entries, each of which a desk sends in one operation.
 */
export function heard(acts: ReadonlyMap<string, Act>, seen: Seen, failures: Set<string>) {
  const sentIn = new Map<string, string>();
  const isElsewhere = (name: string, entryId: string, opId: string) => {
    const first = sentIn.get(`${name} ${entryId}`) ?? opId;
    sentIn.set(`${name} ${entryId}`, first);
    return first !== opId;
  };
  return ({ operations }: PushRequest, { name }: { name: string }): void => {
    const seqs = (operations as Operation[]).map(({ deviceSeq }) => deviceSeq);
    if (seqs.some((seq, i) => seq <= (seqs[i - 1] ?? 0))) failures.add(`${name} numbers its work against its order`);
    for (const operation of operations as Operation[]) {
      const act = acts.get(operation.opId);
      if (!act) {
        if (operation.payload.kind !== 'access.record') failures.add(`${operation.opId} of ${name} is nobody's act`);
        else if (
          seen.copies === 0 &&
          operation.payload.entries.some((entry) => isElsewhere(name, entry.id, operation.opId))
        )
          failures.add(`an access entry of ${name} goes out in two operations`);
        continue;
      }
      if (needsRefused(seen, name, operation)) failures.add(`${act.opId} goes out, though what it needs was refused`);
      if (JSON.stringify(operation.payload) !== JSON.stringify(act.payload))
        failures.add(`${act.opId} arrived changed`);
      if (operation.authorId !== act.authorId) failures.add(`${act.opId} arrived in another agent's name`);
    }
  };
}

/** The rows that acts make, and by which column others name them. */
const MAKERS = [
  ['customer.create', 'customer', 'customerId'],
  ['interaction.record', 'interaction', 'interactionId'],
  ['promise.make', 'promise', 'rowId'],
  ['case.open', '"case"', 'rowId'],
] as const;

/** S23: whether an operation needs a row that only refused operations of its desk would have made. */
function needsRefused({ desks }: Seen, name: string, { payload }: Operation): boolean {
  const dbs = desks.find((desk) => desk.name === name)?.dbs;
  if (!dbs) return false;
  const names = rowsNamedBy(payload);
  return MAKERS.some(([kind, table, by]) => {
    const id = names[by];
    if (id === null || payload.kind === kind) return false;
    const { refused, others } = dbs
      .ask(
        'outbox',
        `SELECT count(*) FILTER (WHERE status IN ('rejected', 'quarantined')) AS refused,
           count(*) FILTER (WHERE status IN ('pending', 'acknowledged')) AS others
         FROM operation WHERE row_id = ? AND kind = ?`,
      )
      .get(id, kind) as { refused: number; others: number };
    if (refused === 0 || others > 0) return false;
    return dbs.ask('cache', `SELECT 1 FROM ${table} WHERE id = ?`).get(id) === undefined;
  });
}

/** What agents type and did not save yet: kept over everything, and shown to its author alone. */
export interface DraftBook {
  type(desk: SimDesk): void;
  /** The desk has another folder: what it holds now is what counts. */
  reread(desk: SimDesk): void;
  faults(desks: readonly SimDesk[]): string[];
}

export function createDraftBook(random: () => number): DraftBook {
  const typed = new Map<string, Map<string, { authorId: string; text: string }>>();
  const of = (desk: SimDesk) => {
    const known = typed.get(desk.name) ?? new Map();
    typed.set(desk.name, known);
    return known;
  };
  return {
    type: (desk) => {
      if (!desk.run) return;
      const authorId = agentAt(desk);
      const mine = [...of(desk)].filter(([, draft]) => draft.authorId === authorId);
      const noteId = mine[0] && random() < 0.5 ? mine[0][0] : makeId(desk.run.clock, random);
      const draft = { noteId, callId: null, customerId: null, text: `typed ${Math.floor(random() * 1e9)}` };
      const seat = { author: () => ({ id: authorId }) };
      const context = { ...desk.run, cache: desk.dbs.cache, seat } as unknown as Parameters<typeof keepDraft>[0];
      try {
        keepDraft(context, { ...draft, revision: 1 + Number(mine.length > 0) * Math.floor(random() * 1e6) });
      } catch {
        // The power went, or the disk failed.
      }
      const row = desk.dbs.ask('outbox', 'SELECT text FROM draft WHERE note_id = ?').pluck().get(noteId);
      if (typeof row === 'string') of(desk).set(noteId, { authorId, text: row });
    },
    reread: (desk) => {
      const rows = desk.dbs.ask('outbox', 'SELECT note_id, author_id, text FROM draft').all() as {
        note_id: string;
        author_id: string;
        text: string;
      }[];
      typed.set(desk.name, new Map(rows.map((row) => [row.note_id, { authorId: row.author_id, text: row.text }])));
    },
    faults: (desks) =>
      desks.flatMap((desk) =>
        AGENTS.flatMap((agent) => {
          const shown = readDrafts(desk.dbs.outbox, agent).map((draft) => `${draft.noteId} ${draft.text}`);
          const right = [...of(desk)].flatMap(([id, { authorId, text }]) =>
            authorId === agent ? [`${id} ${text}`] : [],
          );
          return shown.sort().join() === right.sort().join()
            ? []
            : [`${desk.name}: drafts of ${agent} are not those typed`];
        }),
      ),
  };
}
