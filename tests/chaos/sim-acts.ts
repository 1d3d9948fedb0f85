import type { OperationPayload } from '../../src/shared/sync-wire.ts';
import { instantOf } from '../../src/sync/clock.ts';
import { makeId } from '../../src/sync/ids.ts';
import { appendOperation } from '../../src/sync/outbox.ts';
import type { WritableDb } from '../../src/sync/sql-db.ts';
import { agentAt } from './sim-agents.ts';
import type { SimDesk } from './sim-desk.ts';

/** One thing that an agent did and that was committed. */
export interface Act {
  opId: string;
  /** The desk where it was done, and its place in what was done there. */
  desk: string;
  index: number;
  authorId: string;
  payload: OperationPayload;
  /** The folder that it was in is gone, and the centre may not have had it. */
  forgotten: boolean;
}

export interface ActWorld {
  random: () => number;
  acts: Map<string, Act>;
  /** Customers that exist from the beginning. */
  customers: readonly string[];
  /** A word that stands in everything that is written about a customer. */
  wordOf: (customerId: string) => string;
  chokes: boolean;
  /** Whom an agent makes who is not of the team, the team does not hold. */
  madeElsewhere: (customerId: string) => void;
}

/** No database takes this character in a text: refused for good, by the oracle as by the real centre. */
const POISON = 'poison\u0000 ';
/** The agent at a desk does something: one transaction, one to five operations. Cut before the commit, it never happened. */
export function act(world: ActWorld, desk: SimDesk): void {
  const { run } = desk;
  if (run)
    commit(
      world,
      desk,
      run,
      choose(world, desk, () => makeId(run.clock, world.random)),
    );
}

/** The agent at a desk corrects who this customer is. */
export function correct(world: ActWorld, desk: SimDesk, customerId: string): void {
  if (desk.run) commit(world, desk, desk.run, [corrected(world, customerId)]);
}

/** The agent at a desk writes a note about this customer. */
export function writeNote(world: ActWorld, desk: SimDesk, customerId: string): void {
  if (!desk.run) return;
  const noteId = makeId(desk.run.clock, world.random);
  commit(world, desk, desk.run, [note(noteId, null, customerId, `note about ${world.wordOf(customerId)}`)]);
}

/** A call of somebody whom nobody knows; its id. */
export function meet(world: ActWorld, desk: SimDesk): string | null {
  if (!desk.run) return null;
  const interactionId = makeId(desk.run.clock, world.random);
  commit(world, desk, desk.run, [record(interactionId, null, 'answered')]);
  return interactionId;
}

/** It was this customer. */
export function tie(world: ActWorld, desk: SimDesk, interactionId: string, customerId: string): void {
  if (desk.run) commit(world, desk, desk.run, [record(interactionId, customerId, 'answered')]);
}

/** A new customer; their id. */
export function welcomeSomebody(world: ActWorld, desk: SimDesk): string | null {
  if (!desk.run) return null;
  const customerId = makeId(desk.run.clock, world.random);
  commit(world, desk, desk.run, [create(customerId, `new ${customerId}`, makeId(desk.run.clock, world.random))]);
  return customerId;
}

function commit(
  world: ActWorld,
  desk: SimDesk,
  { outbox, clock, engine }: NonNullable<SimDesk['run']>,
  payloads: OperationPayload[],
): void {
  const opIds = payloads.map(() => makeId(clock, world.random));
  const authorId = agentAt(desk);
  const write = () => {
    for (const [i, payload] of payloads.entries()) {
      const opId = opIds[i] ?? '';
      appendOperation(outbox, {
        opId,
        authorId,
        authorName: 'Agent',
        claimedAt: instantOf(clock.now()),
        payload,
      });
    }
    if (world.random() < 0.3) addAccessEntry(outbox, makeId(clock, world.random), authorId);
  };
  try {
    outbox.transaction(write).immediate();
  } catch {
    // The power went, or the disk failed; what counts is what is on the disk.
  }
  const committed = desk.dbs.ask('outbox', 'SELECT 1 FROM operation WHERE op_id = ?');
  for (const [i, payload] of payloads.entries()) {
    const opId = opIds[i] ?? '';
    if (!committed.get(opId)) continue;
    const index = world.acts.size;
    world.acts.set(opId, { opId, desk: desk.name, index, authorId, payload, forgotten: false });
    if (payload.kind === 'note.save') desk.screen.saved(payload.noteId);
    if (payload.kind === 'customer.create' && desk.scope === 'all') world.madeElsewhere(payload.customerId);
  }
  if (desk.run?.engine === engine) engine.wake();
}

function choose(world: ActWorld, desk: SimDesk, id: () => string): OperationPayload[] {
  const { random } = world;
  // Few where one operation may hold up others.
  const many = world.chokes ? 3 : world.customers.length;
  const customerId = world.customers[Math.floor(random() * many)] ?? '';
  const word = world.wordOf(customerId);
  const dice = random();
  if (dice < 0.35) {
    const interactionId = id();
    return [
      record(interactionId, random() < 0.5 ? customerId : null, null),
      record(interactionId, customerId, 'answered'),
      note(id(), interactionId, customerId, `${random() < 0.1 ? POISON : ''}spoke with ${word}`),
      // Without the customer it is held only by what it follows on.
      wrapUp(interactionId, random() < 0.5 ? customerId : null, random() < 0.1 ? 'unknown' : 'done'),
    ];
  }
  if (dice < 0.5) {
    const text = world.chokes && random() < 0.2 ? `choke ${word}` : `note about ${word}`;
    return [note(id(), null, customerId, text)];
  }
  if (dice < 0.6) {
    const created = id();
    const interactionId = id();
    const name = random() < 0.3 ? `${POISON}${created}` : `new ${created}`;
    return [
      create(created, name, id()),
      record(interactionId, created, 'answered'),
      note(id(), interactionId, created, `note about ${world.wordOf(created)}`),
    ];
  }
  // Three customers only: the editable rows that two desks edit within a second.
  const contested = world.customers[Math.floor(random() * 3)] ?? customerId;
  if (dice < 0.7) return [corrected(world, random() < 0.8 ? contested : customerId)];
  if (dice < 0.8) {
    const status = random() < 0.5 ? 'granted' : 'refused';
    // One consent of a customer for all desks.
    const consentId = `${contested.slice(0, 24)}c0de${contested.slice(28)}`;
    return [
      {
        kind: 'consent.set',
        consentId,
        customerId: contested,
        channel: 'phone',
        purpose: 'marketing',
        status,
        source: desk.name,
      },
    ];
  }
  if (dice < 0.9) {
    const what = `call back ${word}`;
    const dueAt = '2026-12-01T00:00:00.000Z';
    const promiseId = id();
    const made: OperationPayload = { kind: 'promise.make', promiseId, customerId, interactionId: null, what, dueAt };
    if (random() < 0.5) return [made];
    return [made, promiseChange(promiseId, customerId, `settled with ${word}`)];
  }
  if (dice < 0.95) return caseActs(id(), customerId, word, random() < 0.2);
  if (dice < 0.975) return [{ kind: 'phone.pick', pickId: id(), e164: '+821000001234', customerId }];
  return random() < 0.75 ? mergeActs(world, id()) : splitActs(world, id(), id());
}

/** Another name, birthday or both; what the agent saw before is another question. */
function corrected({ random, wordOf }: ActWorld, customerId: string): OperationPayload {
  const name = `Customer ${wordOf(customerId)} ${Math.floor(random() * 100)}`;
  const birthday = `19${10 + Math.floor(random() * 90)}-01-01`;
  const changes = [
    { field: 'name' as const, value: name, was: null },
    { field: 'birthday' as const, value: birthday, was: null },
  ];
  return { kind: 'customer.update', customerId, changes: changes.slice(random() < 0.3 ? 1 : 0) };
}

/** Whoever may be merged: two agents merge them crosswise, in chains, and part them again. */
const mergeable = (customers: readonly string[]): readonly string[] => customers.slice(4);

/** Two customers are one; or they are not: right away, or after others have written about both. */
function mergeActs({ random, acts, customers }: ActWorld, mergeId: string): OperationPayload[] {
  const some = mergeable(customers);
  const goneId = some[Math.floor(random() * some.length)] ?? '';
  const customerId = some[(some.indexOf(goneId) + 1 + Math.floor(random() * (some.length - 1))) % some.length] ?? '';
  const made: OperationPayload = { kind: 'customer.merge', mergeId, customerId, goneId, fields: [] };
  const earlier = [...acts.values()].findLast(({ payload }) => payload.kind === 'customer.merge')?.payload;
  if (earlier?.kind === 'customer.merge' && random() < 0.4) return [parted(earlier)];
  if (random() < 0.3) return [made, parted(made)];
  return [made];
}

/** Somebody is parted from a customer with a call of theirs, and written about. */
function splitActs(
  { random, acts, customers, wordOf }: ActWorld,
  customerId: string,
  noteId: string,
): OperationPayload[] {
  const some = mergeable(customers);
  const fromId = some[Math.floor(random() * some.length)] ?? '';
  const call = [...acts.values()].findLast(
    ({ payload }) => payload.kind === 'interaction.record' && payload.customerId === fromId,
  )?.payload;
  const interactionIds = call?.kind === 'interaction.record' ? [call.interactionId] : [];
  return [
    { kind: 'customer.split', customerId, fromId, name: `parted ${customerId}`, contactPointIds: [], interactionIds },
    note(noteId, null, customerId, `note about ${wordOf(customerId)}`),
  ];
}

function parted({
  mergeId,
  customerId,
  goneId,
}: Extract<OperationPayload, { kind: 'customer.merge' }>): OperationPayload {
  return { kind: 'customer.unmerge', mergeId, customerId, goneId };
}

/** Customers whom somebody made at a desk. */
export function createdIn(acts: ReadonlyMap<string, Act>): string[] {
  return [...acts.values()].flatMap(({ payload }) => (payload.kind === 'customer.create' ? [payload.customerId] : []));
}

/** Whoever was merged with this customer or parted from them at any desk: one person, as far as anybody said. */
export function linkedWith(acts: ReadonlyMap<string, Act>, customerId: string): string[] {
  const linked = [customerId];
  const pairs = [...acts.values()].flatMap(({ payload }) =>
    payload.kind === 'customer.merge'
      ? [[payload.customerId, payload.goneId] as const]
      : payload.kind === 'customer.split'
        ? [[payload.customerId, payload.fromId] as const]
        : [],
  );
  for (const id of linked) {
    for (const pair of pairs.filter(([a, b]) => a === id || b === id)) {
      linked.push(...pair.filter((other) => !linked.includes(other)));
    }
  }
  return linked;
}

/** A promise that was kept, and put off before. */
function promiseChange(promiseId: string, customerId: string, why: string): OperationPayload {
  const change = { status: 'kept', dueAt: '2026-12-02T00:00:00.000Z' } as const;
  return { kind: 'promise.change', promiseId, customerId, interactionId: null, change, why };
}

/** A case that is opened, handed up and closed; what follows on a refused one waits with it. */
function caseActs(caseId: string, customerId: string, word: string, refused: boolean): OperationPayload[] {
  const of = { caseId, customerId, interactionId: null };
  const subject = `${refused ? POISON : ''}case of ${word}`;
  return [
    { kind: 'case.open', ...of, subject, priority: 'normal', dueAt: null },
    { kind: 'case.change', ...of, change: { escalate: true }, why: `asked by ${word}` },
    { kind: 'case.change', ...of, change: { status: 'closed' }, why: null },
  ];
}

function record(interactionId: string, customerId: string | null, result: 'answered' | null): OperationPayload {
  const at = '2026-11-23T00:00:00.000Z';
  return {
    kind: 'interaction.record',
    interactionId,
    customerId,
    direction: 'in',
    phone: '010-0000-1234',
    queue: 'main',
    startedAt: at,
    answeredAt: result ? at : null,
    endedAt: result ? at : null,
    result,
  };
}

function wrapUp(interactionId: string, customerId: string | null, dispositionCode: string): OperationPayload {
  return { kind: 'interaction.wrap_up', interactionId, customerId, dispositionCode, wrapUpSeconds: 5 };
}

function note(noteId: string, interactionId: string | null, customerId: string, text: string): OperationPayload {
  return { kind: 'note.save', noteId, interactionId, customerId, text };
}

function create(customerId: string, name: string, pointId: string): OperationPayload {
  const contactPoints = [{ id: pointId, kind: 'phone' as const, value: '010-0000-9876', label: null }];
  return {
    kind: 'customer.create',
    customerId,
    customerKind: 'person',
    name,
    language: 'ko',
    contactPoints,
    custom: {},
  };
}

function addAccessEntry(outbox: WritableDb, id: string, agentId: string): void {
  const { seq } = outbox.prepare('SELECT coalesce(max(seq), 0) + 1 AS seq FROM access_log').get() as { seq: number };
  const { device_id: deviceId } = outbox.prepare('SELECT device_id FROM device').get() as { device_id: string };
  const hash = '0'.repeat(64);
  const entry = {
    id,
    deviceId,
    seq,
    at: '2026-11-23T00:00:00.000Z',
    agentId,
    action: 'view',
    customerId: null,
    context: 'sim',
    previousHash: hash,
    hash,
  };
  outbox
    .prepare('INSERT INTO access_log (seq, id, entry, hash) VALUES (?, ?, ?, ?)')
    .run(seq, id, JSON.stringify(entry), hash);
}
