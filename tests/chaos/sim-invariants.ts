import { SYNC_TABLES, type SyncTable } from '../../src/shared/sync-wire.ts';
import type { Act } from './sim-acts.ts';
import type { CentrePicture, SimCentre } from './sim-centre.ts';
import type { SimDesk } from './sim-desk.ts';

export interface Seen {
  centre: SimCentre;
  desks: readonly SimDesk[];
  acts: ReadonlyMap<string, Act>;
  seeded: ReadonlySet<string>;
  /** Customers that were erased at any time. */
  everErased: Set<string>;
  wordOf: (customerId: string) => string;
  /** An operation may have been overtaken: the centre broke on it. */
  chokes: boolean;
  /** How often something came back as an older copy of itself without a new name: a desk, or the centre. */
  copies: number;
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

/** What everything is held against at rest. */
interface AtRest extends Seen {
  picture: CentrePicture;
}

/** At rest: everything that the rules promise. */
export async function everythingHolds(world: Seen): Promise<string[]> {
  const seen: AtRest = { ...world, picture: await world.centre.picture() };
  return [
    ...desksEqualCentre(seen),
    ...actsHaveOneEffect(seen),
    ...nothingWithoutAnAct(seen),
    ...orderIsKept(seen),
    ...erasedIsNowhere(seen),
    ...fewAlarms(seen),
  ];
}

function desksEqualCentre({ picture, desks }: AtRest): string[] {
  const failures: string[] = [];
  for (const table of Object.keys(SYNC_TABLES) as SyncTable[]) {
    const right = picture.rows.filter((row) => row.table === table);
    const expected = right.map((row) => lineOf(row.id, row.version, row.data)).sort();
    for (const desk of desks) {
      const rows = desk.dbs.ask('cache', `SELECT id, version, data FROM "${table}"`).all() as {
        id: string;
        version: number;
        data: string;
      }[];
      const found = rows.map((row) => lineOf(row.id, row.version, JSON.parse(row.data))).sort();
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

/** A row as text, whatever the order of its fields. */
function lineOf(id: string, version: number, data: object | null): string {
  return `${id} v${version} ${JSON.stringify(data, data === null ? null : [...new Set(keysOf(data))].sort())}`;
}

function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

function actsHaveOneEffect({ picture, desks, acts, everErased, cloned }: AtRest): string[] {
  const failures: string[] = [];
  const { log } = picture;
  if (new Set(log).size !== log.length) failures.push('an operation took effect twice');
  for (const desk of desks) {
    for (const row of outboxOf(desk)) {
      const reply = picture.replyTo(row.op_id);
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
      if (!picture.access.has(id)) failures.push(`${desk.name}: access entry ${id} never reached the centre`);
    }
  }
  const refused = new Set(
    desks.flatMap((desk) => outboxOf(desk).filter((row) => REFUSED.includes(row.status))).map((row) => row.op_id),
  );
  const gone = aboutErased(acts, everErased);
  const notes = new Map(picture.rows.flatMap((row) => (row.table === 'note' ? [[row.id, row.data] as const] : [])));
  for (const { opId, payload, forgotten, authorId } of acts.values()) {
    const reply = picture.replyTo(opId);
    if (forgotten || gone(payload)) continue;
    if (!reply && !refused.has(opId)) failures.push(`${payload.kind} ${opId} never reached the centre`);
    if (reply?.status !== 'applied' || payload.kind !== 'note.save') continue;
    const note = notes.get(payload.noteId);
    if (note?.text !== payload.text) failures.push(`note ${payload.noteId} has no effect`);
    else if (note.authorId !== authorId) failures.push(`note ${payload.noteId} is of another agent`);
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

function nothingWithoutAnAct({ picture, acts, seeded }: AtRest): string[] {
  const made = new Set<string>();
  for (const { payload } of acts.values()) {
    if (payload.kind === 'note.save') made.add(payload.noteId);
    if (payload.kind === 'interaction.record') made.add(payload.interactionId);
    if (payload.kind === 'customer.create') made.add(payload.customerId);
  }
  return picture.rows
    .filter((row) => ['note', 'interaction', 'customer'].includes(row.table))
    .filter((row) => !made.has(row.id) && !seeded.has(row.id))
    .map((row) => `${row.table} ${row.id} is at the centre without an act`);
}

function orderIsKept({ picture, acts, chokes, cloned, everErased }: AtRest): string[] {
  if (chokes || cloned) return [];
  const gone = aboutErased(acts, everErased);
  const last = new Map<string, number>();
  const failures: string[] = [];
  for (const opId of picture.log) {
    const act = acts.get(opId);
    // What was done for an erased customer is forgotten at one desk and not at its copy, and a restore brings them back.
    // A refusal that a restored centre forgot is not sent again, except by a desk that has its folder of yesterday.
    // What a folder of yesterday does not know may still arrive, late, from before.
    if (!act || act.forgotten || gone(act.payload) || picture.replyTo(opId)?.status !== 'applied') continue;
    if (act.index < (last.get(act.desk) ?? -1)) failures.push(`${opId} of ${act.desk} came out of order`);
    last.set(act.desk, act.index);
  }
  return failures;
}

/** Only an older copy of a desk or of the centre can make the centre believe that it was restored, each only once. */
function fewAlarms({ picture, copies }: AtRest): string[] {
  return picture.alarms > copies ? [`${picture.alarms} needless epochs`] : [];
}

function erasedIsNowhere({ picture, desks, everErased, wordOf }: AtRest): string[] {
  const live = new Set(picture.rows.map((row) => row.id));
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
        const held = desk.dbs.ask('cache', `SELECT 1 FROM "${table}" WHERE data LIKE ? LIMIT 1`).get(`%${customerId}%`);
        if (held) failures.push(`${desk.name}: ${table} still has ${customerId}`);
      }
    }
  }
  return failures;
}

function outboxOf(desk: SimDesk): OutboxRow[] {
  return desk.dbs.ask('outbox', 'SELECT op_id, status, payload, kind, reply_code FROM operation').all() as OutboxRow[];
}
