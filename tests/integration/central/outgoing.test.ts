import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../../src/central/db/migrate.ts';
import { openPglite, type Store } from '../../../src/central/db/store.ts';
import {
  claimNext,
  keepOutcome,
  markHanded,
  type Outgoing,
  queueMessage,
} from '../../../src/central/messages/outgoing.ts';
import { createSender } from '../../../src/central/messages/sender.ts';
import { readRecord, writeRecords } from '../../../src/central/records.ts';
import { newId } from '../../../src/shared/ids.ts';

const START = Date.parse('2026-11-23T09:00:00.000Z');
const LATER = START + 10 * 60_000;
const iso = (at: number) => new Date(at).toISOString();

let store: Store;
beforeEach(async () => {
  store = await openPglite(undefined);
  await migrate(store.db);
});
afterEach(() => store.close());

/** A mail in the queue, with its interaction. */
async function queued(): Promise<string> {
  const id = newId();
  const facts = { answeredAt: null, endedAt: null, result: null, phone: null, queue: null, dispositionCode: null };
  const sending = { state: 'queued' as const, at: iso(START), tries: 0, reason: null };
  const data = {
    ...{ id, customerId: null, channel: 'email' as const, direction: 'out' as const, startedAt: iso(START), ...facts },
    ...{ agentId: null, agentName: '상담사', subject: 's', message: { address: 'a@example.com', text: 't', sending } },
  };
  await writeRecords(store.db, [{ table: 'interaction', id, data }]);
  await queueMessage(store.db, {
    ...{ id, customerId: newId(), source: 'mail', address: 'a@example.com', subject: 's', text: 't', answers: null },
    now: iso(START),
  });
  return id;
}

async function claimed(at: number): Promise<Outgoing> {
  const one = await claimNext(store.db, at);
  if (one === null) throw new Error('nothing claimed');
  return one;
}

const stateOf = async (id: string) => (await readRecord(store.db, 'interaction', id))?.message?.sending;

describe('the queue of what is to be sent', () => {
  it('gives each message to one sender only', async () => {
    const ids = [await queued(), await queued()];
    const claimed = await Promise.all([1, 2, 3].map(() => claimNext(store.db, START)));
    expect(claimed.map((one) => one?.id ?? null).sort()).toEqual([...ids, null].sort());
  });

  it('gives a message on where its sender ended before the other side could have it', async () => {
    const id = await queued();
    await claimNext(store.db, START);
    expect(await claimNext(store.db, START + 1000)).toBe(null);
    expect(await claimNext(store.db, LATER)).toMatchObject({ id, tries: 2, wasHanded: false });
  });

  it('where its sender ended after that, nobody knows: it is not sent again, and the desk hears so', async () => {
    const id = await queued();
    expect(await markHanded(store.db, await claimed(START), iso(START))).toBe(true);
    let changes = 0;
    const sender = createSender({
      ...{ db: store.db, clock: () => LATER, random: () => 0.5, practice: false, warn: () => {} },
      ready: () => true,
      account: () => {
        throw new Error('nothing is to be sent');
      },
      toService: () => Promise.reject(new Error('nothing is to be sent')),
      changed: () => {
        changes += 1;
      },
    });
    sender.wake();
    await expect.poll(() => stateOf(id), { timeout: 40_000 }).toMatchObject({ state: 'failed', reason: 'uncertain' });
    await sender.close();
    expect(changes).toBe(1);
  });

  it('a practice centre without a mailbox says that nothing left; another one says that there is none', async () => {
    for (const practice of [true, false]) {
      const id = await queued();
      const sender = createSender({
        ...{ db: store.db, clock: () => START, random: () => 0.5, practice, warn: () => {} },
        ready: () => true,
        ...{ account: () => null, changed: () => {}, toService: () => Promise.reject(new Error('not asked')) },
      });
      sender.wake();
      const wanted = practice ? { state: 'sent', practice: true } : { state: 'failed', reason: 'no_mailbox' };
      await expect.poll(() => stateOf(id), { timeout: 40_000 }).toMatchObject(wanted);
      await sender.close();
    }
  });

  it('waits while it is not known whether there is a mailbox, or while its password cannot be read: nothing is given up', async () => {
    const id = await queued();
    let [known, asked] = [false, 0];
    const sender = createSender({
      ...{ db: store.db, clock: () => START, random: () => 0.5, practice: true, warn: () => {} },
      ready: () => {
        asked += 1;
        return known;
      },
      ...{ account: () => null, changed: () => {}, toService: () => Promise.reject(new Error('not asked')) },
    });
    sender.wake();
    await expect.poll(() => asked, { timeout: 40_000 }).toBeGreaterThan(0);
    expect(await stateOf(id)).toMatchObject({ state: 'queued' });
    known = true;
    sender.wake();
    await expect.poll(() => stateOf(id), { timeout: 40_000 }).toMatchObject({ state: 'sent', practice: true });
    await sender.close();
  });

  it('an outcome that comes after somebody else took it over changes nothing in the queue', async () => {
    const id = await queued();
    const first = await claimed(START);
    await keepOutcome(store.db, first, { state: 'sent' }, iso(START));
    expect(await claimNext(store.db, LATER)).toBe(null);
    expect(await stateOf(id)).toMatchObject({ state: 'sent', tries: 1 });
  });

  it('a sender that was slower than its claim hands nothing over and says nothing of it any more', async () => {
    const id = await queued();
    const slow = await claimed(START);
    const next = await claimed(LATER);
    expect(await markHanded(store.db, slow, iso(LATER))).toBe(false);
    await keepOutcome(store.db, slow, { state: 'failed', reason: 'refused' }, iso(LATER));
    expect(await stateOf(id)).toMatchObject({ state: 'queued' });
    expect(await markHanded(store.db, next, iso(LATER))).toBe(true);
    await keepOutcome(store.db, next, { state: 'sent' }, iso(LATER));
    expect(await stateOf(id)).toMatchObject({ state: 'sent', tries: 2 });
  });
});
