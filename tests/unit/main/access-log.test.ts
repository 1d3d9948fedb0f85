import { expect, test } from 'vitest';
import { findBrokenLink, recordAccess } from '../../../src/main/access-log.ts';
import { AccessLogEntry } from '../../../src/shared/access-log.ts';
import { newId } from '../../../src/shared/ids.ts';
import { openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

function entries(desk: TestContext): AccessLogEntry[] {
  const rows = desk.outbox.prepare('SELECT entry FROM access_log ORDER BY seq').all() as { entry: string }[];
  return rows.map((row) => AccessLogEntry.parse(JSON.parse(row.entry)));
}

function lookThrice(desk: TestContext): AccessLogEntry[] {
  for (const context of ['a', 'b', 'c']) {
    recordAccess(desk, SAMPLE.agent.id, [{ action: 'view', customerId: SAMPLE.gold.id, context }]);
  }
  return entries(desk);
}

test('each entry seals the one before it', () => {
  const log = lookThrice(openTestContext());
  expect(log.map((entry) => entry.seq)).toEqual([1, 2, 3]);
  expect(log[0]?.previousHash).toBe('0'.repeat(64));
  expect(log[2]?.previousHash).toBe(log[1]?.hash);
  expect(findBrokenLink(log)).toBeNull();
});

test('a changed, a removed and a moved entry are found', () => {
  const [a, b, c] = lookThrice(openTestContext());
  if (!a || !b || !c) throw new Error('three entries');
  expect(findBrokenLink([a, { ...b, customerId: null }, c])?.seq).toBe(2);
  expect(findBrokenLink([a, c])?.seq).toBe(3);
  expect(findBrokenLink([a, c, b])?.seq).toBe(3);
});

test('a desk that got a new name begins a new chain', () => {
  const desk = openTestContext();
  lookThrice(desk);
  const deviceId = newId();
  desk.outbox.prepare('UPDATE device SET device_id = ?').run(deviceId);
  recordAccess(desk, SAMPLE.agent.id, [{ action: 'view', customerId: null, context: 'd' }]);
  expect(entries(desk).at(-1)).toMatchObject({ deviceId, seq: 1, previousHash: '0'.repeat(64) });
});

test('a reason longer than an entry holds is cut, not refused', () => {
  const desk = openTestContext();
  recordAccess(desk, SAMPLE.agent.id, [{ action: 'peek', customerId: null, context: '가'.repeat(400) }]);
  expect(entries(desk)[0]?.context).toHaveLength(300);
});
