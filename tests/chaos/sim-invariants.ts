import { SYNC_TABLES, type SyncTable } from '../../src/shared/sync-wire.ts';
import type { OracleCentre } from '../fakes/oracle-centre.ts';
import type { Act } from './sim-acts.ts';
import type { SimDesk } from './sim-desk.ts';

export interface Seen {
  centre: OracleCentre;
  desks: readonly SimDesk[];
  acts: ReadonlyMap<string, Act>;
  seeded: ReadonlySet<string>;
  /** Customers that were erased at any time. */
  everErased: ReadonlySet<string>;
  wordOf: (customerId: string) => string;
  /** An operation may have been overtaken: the centre broke on it. */
  chokes: boolean;
  /** How often a desk got its folder of yesterday back. */
  rolledBack: number;
  /** Two desks hold the same operations: each sends what it has, and one may hear another word than the other. */
  cloned: boolean;
}

interface OutboxRow {
  op_id: string;
  status: string;
  payload: string;
  kind: string;
  reply_code: string | null;
}

const REFUSED = ['rejected', 'quarantined'];

/** While everything goes on: what an agent saved is always to be seen at that desk. */
export function nothingBlinks({ desks, acts, everErased }: Seen, at: string): string[] {
  const failures: string[] = [];
  for (const desk of desks) {
    const unconfirmed = desk.dbs.outbox.prepare(
      `SELECT 1 FROM operation WHERE op_id = ? AND status IN ('pending', 'rejected', 'quarantined')`,
    );
    const confirmed = desk.dbs.cache.prepare('SELECT 1 FROM note WHERE id = ?');
    for (const { payload, opId, forgotten, desk: origin } of acts.values()) {
      if (payload.kind !== 'note.save' || forgotten || origin !== desk.name) continue;
      if (payload.customerId !== null && everErased.has(payload.customerId)) continue;
      if (!unconfirmed.get(opId) && !confirmed.get(payload.noteId)) {
        failures.push(`${at}: note ${payload.noteId} of ${desk.name} is nowhere to be seen`);
      }
    }
  }
  return failures;
}

/** 30 s after the network healed. */
export function outboxesAreEmpty({ desks }: Seen): string[] {
  return desks.flatMap((desk) => {
    const rows = outboxOf(desk).filter((row) => row.status === 'pending');
    const unsent = desk.dbs.outbox.prepare('SELECT count(*) AS n FROM access_log WHERE op_id IS NULL').get() as {
      n: number;
    };
    const failures = rows.map((row) => `${desk.name}: ${row.kind} ${row.op_id} is still pending`);
    if (unsent.n > 0) failures.push(`${desk.name}: ${unsent.n} access entries were not sent`);
    return failures;
  });
}

/** At rest: everything of RELIABILITY section 1. */
export function everythingHolds(seen: Seen): string[] {
  return [
    ...desksEqualCentre(seen),
    ...actsHaveOneEffect(seen),
    ...nothingWithoutAnAct(seen),
    ...orderIsKept(seen),
    ...erasedIsNowhere(seen),
    ...fewAlarms(seen),
  ];
}

function desksEqualCentre({ centre, desks }: Seen): string[] {
  const failures: string[] = [];
  for (const table of Object.keys(SYNC_TABLES) as SyncTable[]) {
    const right = centre.liveRows().filter((row) => row.table === table);
    const expected = right.map((row) => `${row.id} v${row.version} ${JSON.stringify(row.data)}`).sort();
    for (const desk of desks) {
      const rows = desk.dbs.cache.prepare(`SELECT id, version, data FROM "${table}"`).all() as {
        id: string;
        version: number;
        data: string;
      }[];
      const found = rows.map((row) => `${row.id} v${row.version} ${row.data}`).sort();
      if (found.join('\n') === expected.join('\n')) continue;
      const extra = found.filter((row) => !expected.includes(row));
      const missing = expected.filter((row) => !found.includes(row));
      failures.push(`${desk.name}: ${table} differs; extra ${extra.join(' | ')}; missing ${missing.join(' | ')}`);
    }
  }
  for (const desk of desks) {
    const { n } = desk.dbs.cache
      .prepare(
        `SELECT count(*) AS n FROM customer c FULL JOIN customer_search s ON s.rowid = c.rowid
         WHERE s.rowid IS NULL OR c.rowid IS NULL`,
      )
      .get() as { n: number };
    if (n > 0) failures.push(`${desk.name}: ${n} customers and lines of customer_search do not match`);
  }
  return failures;
}

function actsHaveOneEffect({ centre, desks, acts, everErased, cloned }: Seen): string[] {
  const failures: string[] = [];
  const log = centre.log();
  if (new Set(log).size !== log.length) failures.push('an operation took effect twice');
  for (const desk of desks) {
    for (const row of outboxOf(desk)) {
      const reply = centre.replyTo(row.op_id);
      const status = reply?.status ?? 'unknown to the centre';
      if (row.status === 'acknowledged' && status !== 'applied')
        failures.push(`${desk.name}: ${row.kind} ${row.op_id} is acknowledged, but ${status}`);
      // A restored centre may have forgotten a refusal, or the erasure that it came from; it stays one here until an agent
      // decides.
      if (!cloned && row.reply_code !== 'ERASED' && row.status === 'rejected' && status === 'applied')
        failures.push(`${desk.name}: ${row.kind} ${row.op_id} is rejected (${row.reply_code}), but ${status}`);
    }
  }
  for (const desk of desks) {
    for (const { id } of desk.dbs.outbox.prepare('SELECT id FROM access_log').all() as { id: string }[]) {
      if (!centre.accessEntries().has(id)) failures.push(`${desk.name}: access entry ${id} never reached the centre`);
    }
  }
  const refused = new Set(
    desks.flatMap((desk) => outboxOf(desk).filter((row) => REFUSED.includes(row.status))).map((row) => row.op_id),
  );
  const gone = aboutErased(acts, everErased);
  for (const { opId, payload, forgotten } of acts.values()) {
    const reply = centre.replyTo(opId);
    if (forgotten || gone(payload)) continue;
    if (!reply && !refused.has(opId)) failures.push(`${payload.kind} ${opId} never reached the centre`);
    if (reply?.status !== 'applied' || payload.kind !== 'note.save') continue;
    const row = centre.liveRows().find((live) => live.table === 'note' && live.id === payload.noteId);
    if (row?.table !== 'note' || row.data?.text !== payload.text) failures.push(`note ${payload.noteId} has no effect`);
  }
  return failures;
}

/** Whether something was done for an erased customer, also on a call before they were known. */
function aboutErased(acts: Seen['acts'], customers: ReadonlySet<string>): (payload: Act['payload']) => boolean {
  const about = [...acts.values()].filter(({ payload }) => isAbout(payload, customers));
  const interactions = new Set(about.map(({ payload }) => interactionOf(payload)));
  interactions.delete(null);
  return (payload: Act['payload']) => isAbout(payload, customers) || interactions.has(interactionOf(payload));
}

function isAbout(payload: Act['payload'], customers: ReadonlySet<string>): boolean {
  return 'customerId' in payload && payload.customerId !== null && customers.has(payload.customerId);
}

function interactionOf(payload: Act['payload']): string | null {
  return 'interactionId' in payload ? payload.interactionId : null;
}

function nothingWithoutAnAct({ centre, acts, seeded }: Seen): string[] {
  const made = new Set<string>();
  for (const { payload } of acts.values()) {
    if (payload.kind === 'note.save') made.add(payload.noteId);
    if (payload.kind === 'interaction.record') made.add(payload.interactionId);
    if (payload.kind === 'customer.create') made.add(payload.customerId);
  }
  return centre
    .liveRows()
    .filter((row) => ['note', 'interaction', 'customer'].includes(row.table))
    .filter((row) => !made.has(row.id) && !seeded.has(row.id))
    .map((row) => `${row.table} ${row.id} is at the centre without an act`);
}

function orderIsKept({ centre, acts, chokes, cloned, everErased }: Seen): string[] {
  if (chokes || cloned) return [];
  const gone = aboutErased(acts, everErased);
  const last = new Map<string, number>();
  const failures: string[] = [];
  for (const opId of centre.log()) {
    const act = acts.get(opId);
    // What was done for an erased customer is forgotten at one desk and not at its copy, and a restore brings them back.
    // A refusal that a restored centre forgot is not sent again, except by a desk that has its folder of yesterday.
    if (!act || gone(act.payload) || centre.replyTo(opId)?.status !== 'applied') continue;
    if (act.index < (last.get(act.desk) ?? -1)) failures.push(`${opId} of ${act.desk} came out of order`);
    last.set(act.desk, act.index);
  }
  return failures;
}

/** Only a copy of a desk can make the centre believe that it was restored, and only once. */
function fewAlarms({ centre, cloned, rolledBack }: Seen): string[] {
  return centre.alarms > (cloned ? 1 : 0) + rolledBack ? [`${centre.alarms} needless epochs`] : [];
}

function erasedIsNowhere({ centre, desks, everErased, wordOf }: Seen): string[] {
  const live = new Set(centre.liveRows().map((row) => row.id));
  const failures: string[] = [];
  for (const customerId of everErased) {
    // A centre that was restored to a time before the erasure has the customer again.
    if (live.has(customerId)) continue;
    for (const desk of desks) {
      const knowsDeletion = desk.dbs.cache.prepare(
        `SELECT 1 FROM deleted_row WHERE table_name = 'customer' AND id = ?`,
      );
      for (const row of outboxOf(desk)) {
        // A desk that met the erasure as an absence (it had to bootstrap) keeps refused work until an agent decides.
        if (REFUSED.includes(row.status) && !knowsDeletion.get(customerId)) continue;
        if (row.payload.includes(wordOf(customerId)))
          failures.push(`${desk.name}: ${row.status} ${row.kind} still names ${customerId}`);
      }
      for (const table of Object.keys(SYNC_TABLES)) {
        const held = desk.dbs.cache
          .prepare(`SELECT 1 FROM "${table}" WHERE data LIKE ? LIMIT 1`)
          .get(`%${customerId}%`);
        if (held) failures.push(`${desk.name}: ${table} still has ${customerId}`);
      }
    }
  }
  return failures;
}

function outboxOf(desk: SimDesk): OutboxRow[] {
  return desk.dbs.outbox.prepare('SELECT op_id, status, payload, kind, reply_code FROM operation').all() as OutboxRow[];
}
