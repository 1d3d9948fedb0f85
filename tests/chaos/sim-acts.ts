import type { OperationPayload } from '../../src/shared/sync-wire.ts';
import { instantOf } from '../../src/sync/clock.ts';
import { makeId } from '../../src/sync/ids.ts';
import { appendOperation } from '../../src/sync/outbox.ts';
import type { WritableDb } from '../../src/sync/sql-db.ts';
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
}

/** No database takes this character in a text: refused for good, by the oracle as by the real centre. */
const POISON = 'poison\u0000 ';
/** Two agents take turns at each desk. */
export const AGENTS = ['00000000-0000-7000-8000-00000000a9e1', '00000000-0000-7000-8000-00000000a9e2'] as const;
export const agentAt = (desk: Pick<SimDesk, 'agent'>): string => AGENTS[desk.agent % AGENTS.length] ?? AGENTS[0];

/** The agent at a desk does something: one transaction, one to five operations. Cut before the commit, it never happened. */
export function act(world: ActWorld, desk: SimDesk): void {
  if (!desk.run) return;
  const { outbox, clock, engine } = desk.run;
  const payloads = choose(world, desk, () => makeId(clock, world.random));
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
    engine.wake();
  } catch {
    // The power went, or the disk failed; what counts is what is on the disk.
  }
  const committed = desk.dbs.ask('outbox', 'SELECT 1 FROM operation WHERE op_id = ?');
  for (const [i, payload] of payloads.entries()) {
    const opId = opIds[i] ?? '';
    if (!committed.get(opId)) continue;
    const index = world.acts.size;
    world.acts.set(opId, { opId, desk: desk.name, index, authorId, payload, forgotten: false });
  }
}

function choose(world: ActWorld, desk: SimDesk, id: () => string): OperationPayload[] {
  const { random } = world;
  const customerId = world.customers[Math.floor(random() * world.customers.length)] ?? '';
  const word = world.wordOf(customerId);
  const dice = random();
  if (dice < 0.35) {
    const interactionId = id();
    return [
      record(interactionId, random() < 0.5 ? customerId : null, null),
      record(interactionId, customerId, 'answered'),
      note(id(), interactionId, customerId, `${random() < 0.1 ? POISON : ''}spoke with ${word}`),
      wrapUp(interactionId, customerId, random() < 0.1 ? 'unknown' : 'done'),
    ];
  }
  if (dice < 0.5) {
    const text = world.chokes && random() < 0.2 ? `choke ${word}` : `note about ${word}`;
    return [note(id(), null, customerId, text)];
  }
  if (dice < 0.65) {
    const created = id();
    const interactionId = id();
    const name = random() < 0.3 ? `${POISON}${created}` : `new ${created}`;
    return [
      create(created, name, id()),
      record(interactionId, created, 'answered'),
      note(id(), interactionId, created, `note about ${world.wordOf(created)}`),
    ];
  }
  if (dice < 0.8) {
    const status = random() < 0.5 ? 'granted' : 'refused';
    // One consent of a customer for all desks: the editable row that two desks edit.
    const consentId = `${customerId.slice(0, 24)}c0de${customerId.slice(28)}`;
    return [
      { kind: 'consent.set', consentId, customerId, channel: 'phone', purpose: 'marketing', status, source: desk.name },
    ];
  }
  if (dice < 0.9) {
    const what = `call back ${word}`;
    const dueAt = '2026-12-01T00:00:00.000Z';
    return [{ kind: 'promise.make', promiseId: id(), customerId, interactionId: null, what, dueAt }];
  }
  return [{ kind: 'phone.pick', pickId: id(), e164: '+821000001234', customerId }];
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

function wrapUp(interactionId: string, customerId: string, dispositionCode: string): OperationPayload {
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
