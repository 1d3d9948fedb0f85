import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../../src/central/db/migrate.ts';
import { openPglite, type Store } from '../../../src/central/db/store.ts';
import { writeRecords } from '../../../src/central/records.ts';
import { beginRun } from '../../../src/central/sync/epoch.ts';
import { push } from '../../../src/central/sync/push.ts';
import { newId } from '../../../src/shared/ids.ts';
import { type OperationPayload, PROTOCOL_VERSION, PushResponse } from '../../../src/shared/sync-wire.ts';
import { sampleCustomer } from '../../fakes/sample-rows.ts';
import { newCall } from './kit.ts';

const [ROOT, AGENT, KEPT, GONE] = [newId(), newId(), newId(), newId()];
const CONTACTS = 10_000;

let store: Store;
let seq = 0;
beforeAll(async () => {
  store = await openPglite(undefined);
  await migrate(store.db);
  await store.db.insertInto('centre').values({ epoch_id: crypto.randomUUID(), secret: 'secret' }).execute();
  await store.db.insertInto('device_author').values({ root_id: ROOT, agent_id: AGENT }).execute();
  const agent = { id: AGENT, login: 'kim', name: '김상담', role: 'agent' as const, teamId: null };
  await writeRecords(store.db, [
    { table: 'agent', id: AGENT, data: agent },
    { table: 'customer', id: KEPT, data: sampleCustomer(KEPT, '홍길동') },
    { table: 'customer', id: GONE, data: sampleCustomer(GONE, '홍 길동') },
  ]);
  const contacts = Array.from({ length: CONTACTS }, (_, n) => {
    const { kind: _kind, interactionId: id, ...facts } = newCall(GONE);
    const startedAt = new Date(Date.UTC(2026, 0, 1) + n * 3_600_000).toISOString();
    const own = { channel: 'phone' as const, agentId: AGENT, agentName: null, subject: null, dispositionCode: null };
    return { table: 'interaction' as const, id, data: { ...facts, ...own, id, startedAt } };
  });
  for (let at = 0; at < CONTACTS; at += 2000) await writeRecords(store.db, contacts.slice(at, at + 2000));
  await beginRun(store.db);
}, 120_000);
afterAll(() => store?.close());

async function act(payload: OperationPayload) {
  seq += 1;
  const at = { schemaVersion: 1, authorId: AGENT, baseVersion: null, claimedAt: '2026-11-22T09:00:00.000Z' };
  const operation = { opId: newId(), deviceId: ROOT, deviceSeq: seq, ...at, payload };
  const body = { protocol: PROTOCOL_VERSION, deviceId: ROOT, epoch: null, operations: [operation] };
  const answer = await push({ store, secret: 's', clock: Date.now, country: async () => 'KR' }, ROOT, body);
  return { bytes: answer.length, reply: PushResponse.parse(JSON.parse(answer)).replies[0] };
}

async function contactsOf(customerId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM record WHERE tbl = 'interaction' AND customer_id = ${customerId}`.execute(store.db);
  return rows[0]?.n ?? 0;
}

it('a history of ten thousand contacts goes over and comes back; the reply has the newest of it, the feed the rest', async () => {
  const merge = { mergeId: newId(), customerId: KEPT, goneId: GONE };
  const { reply, bytes } = await act({ kind: 'customer.merge', ...merge, fields: [] });
  expect(reply).toMatchObject({ status: 'applied' });
  expect(bytes).toBeLessThan(200_000);
  const contacts = (reply?.status === 'applied' ? reply.rows : []).filter(({ table }) => table === 'interaction');
  expect(contacts).toHaveLength(200);
  const newest = contacts.map(({ data }) => (data !== null && 'startedAt' in data ? data.startedAt : ''));
  expect(newest).toContain(new Date(Date.UTC(2026, 0, 1) + (CONTACTS - 1) * 3_600_000).toISOString());
  expect([await contactsOf(KEPT), await contactsOf(GONE)]).toEqual([CONTACTS, 0]);
  await act({ kind: 'customer.unmerge', ...merge });
  expect([await contactsOf(KEPT), await contactsOf(GONE)]).toEqual([0, CONTACTS]);
}, 120_000);
