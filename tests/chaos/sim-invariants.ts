import { searchText } from '../../src/shared/search-text.ts';
import { SYNC_TABLES, type SyncRow, type SyncTable } from '../../src/shared/sync-wire.ts';
import type { Act } from './sim-acts.ts';
import type { CentrePicture } from './sim-centre.ts';
import type { SimDesk } from './sim-desk.ts';
import { orderIsKept } from './sim-order.ts';
import { type AtRest, aboutErased, outboxOf, type Seen } from './sim-seen.ts';

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

/** At rest: everything that the rules promise. */
export async function everythingHolds(world: Seen): Promise<string[]> {
  const seen: AtRest = { ...world, picture: await world.centre.picture() };
  return [
    ...desksEqualCentre(seen),
    ...searchLinesFit(seen),
    ...actsHaveOneEffect(seen),
    ...nothingWithoutAnAct(seen),
    ...orderIsKept(seen),
    ...erasedIsNowhere(seen),
    ...fewAlarms(seen),
    ...auditsFindOnlyWhatWasSpoiled(seen),
  ];
}

/** One desk against the centre of this moment. */
export async function deskEqualsCentre(seen: Seen, desk: SimDesk): Promise<string[]> {
  return desksEqualCentre({ ...seen, desks: [desk], picture: await seen.centre.picture() });
}

function desksEqualCentre({ picture, desks }: AtRest): string[] {
  const failures: string[] = [];
  for (const scope of new Set(desks.map((desk) => desk.scope))) {
    const theirs = desks.filter((desk) => desk.scope === scope);
    failures.push(...equal(theirs, picture.rowsFor(scope)));
  }
  return failures;
}

function equal(desks: readonly SimDesk[], all: readonly SyncRow[]): string[] {
  const failures: string[] = [];
  for (const table of Object.keys(SYNC_TABLES) as SyncTable[]) {
    const right = all.filter((row) => row.table === table);
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
  return failures;
}

/** @param spoils the line of a customer whom a bug lost lies there until the audit puts something right among the customers. */
function searchLinesFit({ desks, spoils }: AtRest): string[] {
  return desks.flatMap((desk) => {
    const lines = desk.dbs.cache
      .prepare('SELECT c.id, c.name, s.grams, s.initials FROM customer c JOIN customer_search s ON s.rowid = c.rowid')
      .all() as { id: string; name: string; grams: string; initials: string }[];
    const wrong = lines.filter(({ name, grams, initials }) => {
      const right = searchText(name);
      return right.grams !== grams || right.initials !== initials;
    });
    if (wrong.length > 0) return wrong.map(({ id }) => `${desk.name}: ${id} is found by another name`);
    const { n } = desk.dbs.cache
      .prepare(
        `SELECT count(*) AS n FROM customer c ${spoils ? 'LEFT' : 'FULL'} JOIN customer_search s ON s.rowid = c.rowid
         WHERE s.rowid IS NULL OR c.rowid IS NULL`,
      )
      .get() as { n: number };
    return n > 0 ? [`${desk.name}: ${n} customers and lines of customer_search do not match`] : [];
  });
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
      if (cloned === null && row.reply_code !== 'ERASED' && row.status === 'rejected' && status === 'applied')
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
    if (reply?.status === 'applied') failures.push(...changeHasEffect(picture, payload));
    if (reply?.status !== 'applied' || payload.kind !== 'note.save') continue;
    const note = notes.get(payload.noteId);
    if (note?.text !== payload.text) failures.push(`note ${payload.noteId} has no effect`);
    else if (note.authorId !== authorId) failures.push(`note ${payload.noteId} is of another agent`);
  }
  return failures;
}

/** A promise that was kept is kept, a case that was closed is closed: nothing said about them before comes after. */
function changeHasEffect({ rows }: CentrePicture, payload: Act['payload']): string[] {
  if (payload.kind !== 'promise.change' && payload.kind !== 'case.change') return [];
  const { status } = payload.change;
  const id = payload.kind === 'promise.change' ? payload.promiseId : payload.caseId;
  const row = rows.find((one) => one.id === id);
  const found = row?.table === 'promise' || row?.table === 'case' ? row.data?.status : undefined;
  return status === undefined || found === status ? [] : [`${payload.kind} of ${id} has no effect: ${found}`];
}

function nothingWithoutAnAct({ picture, acts, seeded }: AtRest): string[] {
  const made = new Set<string>();
  for (const { payload } of acts.values()) {
    if (payload.kind === 'note.save') made.add(payload.noteId);
    if (payload.kind === 'interaction.record') made.add(payload.interactionId);
    if (payload.kind === 'customer.create' || payload.kind === 'customer.split') made.add(payload.customerId);
  }
  return picture.rows
    .filter((row) => ['note', 'interaction', 'customer'].includes(row.table))
    .filter((row) => !made.has(row.id) && !seeded.has(row.id))
    .map((row) => `${row.table} ${row.id} is at the centre without an act`);
}

/** What the windows show is what the files say, though nobody opened them anew. */
export function screensAreRight({ desks, acts, everErased, everDeparted, spoils }: Seen): string[] {
  if (spoils) return [];
  const gone = new Set([...everErased, ...everDeparted]);
  const about = new Map<string, string | null>();
  for (const { payload } of acts.values())
    if (payload.kind === 'note.save') about.set(payload.noteId, payload.customerId);
  const aboutNobody = (noteId: string) => gone.has(about.get(noteId) ?? '');
  return desks.flatMap((desk) => desk.screen.faults(aboutNobody).map((fault) => `${desk.name}: ${fault}`));
}

/** Only an older copy of a desk or of the centre can make the centre believe that it was restored, each only once. */
function fewAlarms({ picture, copies }: AtRest): string[] {
  return picture.alarms > copies ? [`${picture.alarms} needless epochs`] : [];
}

/** The audit would hide what the engine forgets: in a run without such a bug it finds nothing. And it comes by everywhere. */
function auditsFindOnlyWhatWasSpoiled({ desks, spoils, doubled }: AtRest): string[] {
  return desks.flatMap(({ name, events }) => {
    const news = events.filter((event) => event.type === 'audit');
    const found = news.filter(({ table }) => table !== null);
    const failures = news.some(({ table }) => table === null) ? [] : [`${name} was never compared with the centre`];
    // A desk that no longer knows what it was told by a copy of the centre may hold a row of it until then.
    if (spoils || doubled) return failures;
    return [...failures, ...found.map((one) => `${name}: the audit repaired ${one.repaired} of ${one.table}`)];
  });
}

function erasedIsNowhere({ picture, desks, everErased, wordOf }: AtRest): string[] {
  const live = new Set(picture.rows.map((row) => row.id));
  const failures: string[] = [];
  for (const customerId of everErased) {
    // A centre that was restored to a time before the erasure has the customer again.
    if (live.has(customerId)) continue;
    for (const desk of desks) {
      const knowsDeletion = desk.dbs.cache.prepare(
        `SELECT 1 FROM deleted_row WHERE table_name = 'customer' AND id = ? AND has_left = 0`,
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
