import { beforeEach, describe, expect, test } from 'vitest';
import { PUSH_MAX_OPERATIONS } from '../../../src/shared/sync-wire.ts';
import { collectAccessEntries } from '../../../src/sync/access-batch.ts';
import { appendOperation, type OperationRow, readOperation, toOperation } from '../../../src/sync/outbox.ts';
import { nextBatch } from '../../../src/sync/outbox-batch.ts';
import {
  findPendingCustomersByPhone,
  overlayInteraction,
  readPendingCustomers,
  readPendingMark,
  readPendingOfCustomer,
  readPendingPicks,
} from '../../../src/sync/outbox-reads.ts';
import {
  adoptEpoch,
  purgeDecided,
  readAcknowledged,
  storeReplies,
  takeNewDevice,
} from '../../../src/sync/outbox-replies.ts';
import { type DeskDbs, openDeskDbs } from '../../fakes/desk-db.ts';
import { createSimClock, seededRandom } from '../../fakes/sim-clock.ts';
import { AGENT_B, AT, callOf, createOf, idOf, noteOf, operation } from '../../fakes/sync-rows.ts';

let dbs: DeskDbs;
beforeEach(() => {
  dbs = openDeskDbs();
});
const append = (...args: Parameters<typeof operation>) => appendOperation(dbs.outbox, operation(...args));
const statusOf = (opId: string) => readOperation(dbs.outbox, opId)?.status;

describe('writing', () => {
  test('S1 numbers go up by one, and an act that is rolled back leaves neither an operation nor a hole', () => {
    expect(append(noteOf(idOf(1), null)).deviceSeq).toBe(1);
    const act = dbs.outbox.transaction(() => {
      append(noteOf(idOf(2), null));
      throw new Error('the act failed');
    });
    expect(() => act.immediate()).toThrow('the act failed');
    const next = append(noteOf(idOf(3), null), { authorId: AGENT_B });
    expect([next.deviceSeq, next.authorId]).toEqual([2, AGENT_B]);
    expect(dbs.outbox.prepare('SELECT count(*) FROM operation').pluck().get()).toBe(2);
  });

  test('S2 the same opId again is the same operation', () => {
    const first = append(noteOf(idOf(1), null, 'once'), { opId: idOf(100) });
    expect(append(noteOf(idOf(1), null, 'twice'), { opId: idOf(100) })).toEqual(first);
    expect(append(noteOf(idOf(2), null)).deviceSeq).toBe(2);
  });

  test('S2 a payload that fits no schema is refused with a code', () => {
    expect(() => append(noteOf(idOf(1), null, ''))).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    expect(dbs.outbox.prepare('SELECT count(*) FROM operation').pluck().get()).toBe(0);
  });

  test('S3 what is sent is byte for byte what was written', () => {
    const text = '전화 주심 😀 \u2028 "quoted" \\ \u0007';
    const { opId } = append(noteOf(idOf(1), idOf(2), text), { baseVersion: 4 });
    const written = readOperation(dbs.outbox, opId) as OperationRow;
    const sent = toOperation(written);
    expect(JSON.stringify(sent.payload)).toBe(written.payload);
    expect(sent).toMatchObject({ opId, deviceSeq: 1, schemaVersion: 1, baseVersion: 4, claimedAt: AT });
    expect(JSON.stringify(toOperation(readOperation(dbs.outbox, opId) as OperationRow))).toBe(JSON.stringify(sent));
  });
});

describe('pending rows', () => {
  test('S4 a note on a call whose caller became known later is read with that customer', () => {
    append(callOf(idOf(1), null));
    append(noteOf(idOf(2), null, 'before we knew', idOf(1)));
    append({
      kind: 'interaction.wrap_up',
      interactionId: idOf(1),
      customerId: idOf(9),
      dispositionCode: 'done',
      wrapUpSeconds: 3,
    });
    append(noteOf(idOf(3), idOf(8), 'somebody else'));
    const pending = readPendingOfCustomer(dbs.outbox, idOf(9));
    expect(pending.notes.map(({ row, mark }) => [row.text, mark])).toEqual([['before we knew', 'here']]);
    const edit = pending.interactions[0];
    expect(edit && overlayInteraction(null, edit)).toMatchObject({
      customerId: idOf(9),
      dispositionCode: 'done',
      queue: 'main',
    });
  });

  test('S4 S5 a customer created here is found by name list and number until confirmed', () => {
    const { opId } = append(createOf(idOf(1), '홍길동'));
    append({ kind: 'phone.pick', pickId: idOf(5), e164: '+821000009876', customerId: idOf(1) });
    append({
      kind: 'promise.make',
      promiseId: idOf(6),
      customerId: idOf(1),
      interactionId: null,
      what: 'call',
      dueAt: AT,
    });
    append({
      kind: 'consent.set',
      consentId: idOf(7),
      customerId: idOf(1),
      channel: 'phone',
      purpose: 'marketing',
      status: 'granted',
      source: 'call',
    });
    const phone = { last8: '00009876', e164: '+821000009876' };
    expect(findPendingCustomersByPhone(dbs.outbox, phone)).toEqual([idOf(1)]);
    expect(findPendingCustomersByPhone(dbs.outbox, { ...phone, e164: '+821100009876' })).toEqual([]);
    expect(readPendingCustomers(dbs.outbox).customers.map(({ row }) => row.name)).toEqual(['홍길동']);
    const { contactPoints, promises, consents, picks } = readPendingOfCustomer(dbs.outbox, idOf(1));
    expect(contactPoints[0]?.row).toMatchObject({ e164: '+821000009876', last8: '00009876', primary: true });
    expect([promises.length, consents[0]?.row.status, picks.length]).toEqual([1, 'granted', 1]);
    expect(readPendingPicks(dbs.outbox, '+821000009876')[0]?.row.customerId).toBe(idOf(1));

    const row = readOperation(dbs.outbox, opId) as OperationRow;
    storeReplies(dbs.outbox, dbs.cache, [row], {
      replies: [{ opId, status: 'applied', rows: [] }],
      serverTime: AT,
      epoch: 'e',
    });
    expect(findPendingCustomersByPhone(dbs.outbox, phone)).toEqual([]);
    expect(readPendingCustomers(dbs.outbox).customers).toEqual([]);
  });

  test('S4 a refused note is still shown, and marked', () => {
    const { opId } = append(noteOf(idOf(1), idOf(2)));
    const row = readOperation(dbs.outbox, opId) as OperationRow;
    storeReplies(dbs.outbox, dbs.cache, [row], {
      replies: [{ opId, status: 'rejected', code: 'INVALID', detail: '' }],
      serverTime: AT,
      epoch: 'e',
    });
    expect(readPendingOfCustomer(dbs.outbox, idOf(2)).notes.map(({ mark }) => mark)).toEqual(['attention']);
    expect(readPendingMark(dbs.outbox, idOf(1))).toBe('attention');
  });
});

describe('batches', () => {
  test('S7 what is not confirmed changes no confirmed row: it stands in outbox.db alone', () => {
    const tables = ['customer', 'interaction', 'note', 'contact_point'];
    const rows = () => tables.map((table) => dbs.cache.prepare(`SELECT * FROM ${table}`).all());
    const before = rows();
    append(noteOf(idOf(1), null));
    append(noteOf(idOf(2), idOf(9)));
    expect(rows()).toEqual(before);
    expect(dbs.outbox.prepare('SELECT count(*) FROM operation').pluck().get()).toBe(2);
  });

  test('S20 oldest first, at most a hundred', () => {
    for (let n = 1; n <= PUSH_MAX_OPERATIONS + 5; n++) append(noteOf(idOf(n), null));
    const batch = nextBatch(dbs.outbox, PUSH_MAX_OPERATIONS, []);
    expect(batch.map((row) => row.device_seq)).toEqual(Array.from({ length: PUSH_MAX_OPERATIONS }, (_, i) => i + 1));
  });

  test('S20 long Korean notes stay below the megabyte that the centre takes', () => {
    for (let n = 1; n <= 30; n++) append(noteOf(idOf(n), null, '가'.repeat(20_000)));
    const batch = nextBatch(dbs.outbox, PUSH_MAX_OPERATIONS, []);
    expect(batch.length).toBeGreaterThan(5);
    expect(new TextEncoder().encode(JSON.stringify(batch.map(toOperation))).length).toBeLessThan(1_000_000);
  });

  test('S6 access entries become one operation each batch, and a broken one holds up nothing', () => {
    const hash = '0'.repeat(64);
    const put = dbs.outbox.prepare('INSERT INTO access_log (seq, id, entry, hash) VALUES (?, ?, ?, ?)');
    for (let seq = 1; seq <= 250; seq++) {
      const entry = {
        id: idOf(seq),
        deviceId: idOf(0),
        seq,
        at: AT,
        agentId: AGENT_B,
        action: 'view',
        customerId: null,
        context: '',
      };
      put.run(seq, idOf(seq), seq === 7 ? '{broken' : JSON.stringify({ ...entry, previousHash: hash, hash }), hash);
    }
    const clock = createSimClock();
    const random = seededRandom(1);
    for (const force of [false, false, true]) collectAccessEntries(dbs.outbox, { clock, random, force });
    const sent = dbs.outbox.prepare('SELECT payload FROM operation ORDER BY rowid').pluck().all() as string[];
    const seqs = sent.map((text) => (JSON.parse(text) as { entries: { seq: number }[] }).entries.map((e) => e.seq));
    expect(seqs.map((list) => list.length)).toEqual([199, 50]);
    expect(new Set(seqs.flat()).size).toBe(249);
    expect(dbs.outbox.prepare('SELECT count(*) FROM access_log WHERE op_id IS NULL').pluck().get()).toBe(0);
  });

  test('S35 what the centre acknowledged last is told it again, in its own epoch only', () => {
    const acknowledge = (n: number) => {
      const { opId } = append(noteOf(idOf(n), null));
      const row = readOperation(dbs.outbox, opId) as OperationRow;
      storeReplies(dbs.outbox, dbs.cache, [row], {
        replies: [{ opId, status: 'applied', rows: [] }],
        serverTime: AT,
        epoch: 'e',
      });
      return opId;
    };
    adoptEpoch(dbs.outbox, 'one');
    expect(readAcknowledged(dbs.outbox)).toBeUndefined();
    acknowledge(1);
    const second = acknowledge(2);
    takeNewDevice(dbs.outbox, idOf(77));
    expect(readAcknowledged(dbs.outbox)).toBe(second);
    adoptEpoch(dbs.outbox, 'two');
    expect(readAcknowledged(dbs.outbox)).toBeUndefined();
  });

  test("S28 what was acknowledged is kept seven days by the centre's clock", () => {
    const { opId } = append(noteOf(idOf(1), null));
    const row = readOperation(dbs.outbox, opId) as OperationRow;
    storeReplies(dbs.outbox, dbs.cache, [row], {
      replies: [{ opId, status: 'applied', rows: [] }],
      serverTime: '2026-11-01T00:00:00.000Z',
      epoch: 'e',
    });
    purgeDecided(dbs.outbox, '2026-11-07T23:59:59.000Z');
    expect(statusOf(opId)).toBe('acknowledged');
    purgeDecided(dbs.outbox, '2026-11-08T00:00:01.000Z');
    expect(statusOf(opId)).toBeUndefined();
  });
});
