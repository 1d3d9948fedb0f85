import { expect, test } from 'vitest';
import { jsonbText } from '../../../src/shared/sync-audit.ts';
import { readAuditState } from '../../../src/sync/audit.ts';
import type { SimDesk } from '../../chaos/sim-desk.ts';
import { sampleCustomer } from '../../fakes/sample-rows.ts';
import { idOf, noteOf } from '../../fakes/sync-rows.ts';
import { CUSTOMER, createRig, eventsOf, namesOf, notesOf, operationsOf, type Rig } from './rig.ts';

/** Longer than from one audit to the next. */
const UNTIL_AUDITED = 60;

/** Rows that audits repaired at this desk, by table. */
const repairs = (desk: SimDesk) =>
  eventsOf(desk, 'audit').flatMap(({ table, repaired }) => (table === null ? [] : [`${table} ${repaired}`]));

async function filledDesk(rig: Rig): Promise<SimDesk> {
  for (let n = 1; n <= 40; n += 1) {
    rig.centre.write((rows) => rows.put('customer', idOf(n), sampleCustomer(idOf(n), `손님 ${n}`)));
  }
  const desk = rig.desk();
  await rig.seconds(5);
  rig.act(desk, [noteOf(idOf(0x501), CUSTOMER)]);
  await rig.seconds(UNTIL_AUDITED);
  expect(eventsOf(desk, 'audit').filter(({ table }) => table === null).length).toBeGreaterThan(0);
  expect(repairs(desk)).toEqual([]);
  return desk;
}

test('S36 an audit says when it ended and finds nothing where nothing is wrong, also while others write', async () => {
  const rig = createRig();
  const desk = await filledDesk(rig);
  const before = readAuditState(desk.dbs.outbox).checkedAt ?? '';
  for (let n = 0; n < 300; n += 1) {
    const id = idOf(1 + (n % 60));
    rig.centre.write((rows) => rows.put('customer', id, sampleCustomer(id, `손님 ${n}`)));
    await rig.clock.advance(200);
  }
  expect(repairs(desk)).toEqual([]);
  const after = readAuditState(desk.dbs.outbox);
  expect(after.lastRepaired).toBe(0);
  expect((after.checkedAt ?? '') > before).toBe(true);
});

test.each<[string, string, string[]]>([
  ['was lost', `DELETE FROM customer WHERE id = '${idOf(7)}'`, ['customer 1']],
  [
    'was lost with its search line',
    `DELETE FROM customer_search WHERE rowid = 7; DELETE FROM customer WHERE rowid = 7`,
    ['customer 1'],
  ],
  ['lost its search line', `DELETE FROM customer_search WHERE rowid IN (3, 4, 5)`, ['customer 3']],
  ['has another name', `UPDATE customer SET name = '아무개' WHERE id = '${idOf(7)}'`, ['customer 1']],
  [
    'says something else',
    `UPDATE customer SET data = json_set(data, '$.tier', 'vip') WHERE id = '${idOf(7)}'`,
    ['customer 1'],
  ],
  [
    'is no JSON any more',
    // A bad sector asks no index whether it may.
    `DROP INDEX customer_birthday; DROP INDEX customer_merged_into; UPDATE customer SET data = '{' WHERE id = '${idOf(7)}'`,
    ['customer 1'],
  ],
  ['missed a change', `UPDATE customer SET version = 0 WHERE id = '${idOf(7)}'`, ['customer 1']],
  ['claims to be newer', `UPDATE customer SET version = 99 WHERE id = '${idOf(7)}'`, ['customer 1']],
  [
    'is taken for deleted',
    `DELETE FROM customer WHERE id = '${idOf(7)}'; INSERT INTO deleted_row (table_name, id, version) VALUES ('customer', '${idOf(7)}', 9)`,
    ['customer 1'],
  ],
  ['lost many', `DELETE FROM customer WHERE rowid > 20`, ['customer']],
  ['lost all', `DELETE FROM customer; DELETE FROM customer_search`, ['customer']],
])('S36 a row that %s is put right by the next audit, and counted', async (_, spoil, expected) => {
  const rig = createRig();
  const desk = await filledDesk(rig);
  const rows = () => desk.dbs.cache.prepare('SELECT id, version, name, data FROM customer ORDER BY id').all();
  const lines = () =>
    desk.dbs.cache
      .prepare('SELECT c.id, s.grams FROM customer c FULL JOIN customer_search s ON s.rowid = c.rowid ORDER BY c.id')
      .all();
  const [right, rightLines, names] = [rows(), lines(), namesOf(desk)];
  desk.dbs.cache.exec(spoil);
  await rig.seconds(UNTIL_AUDITED);
  expect(rows()).toEqual(right);
  expect(lines()).toEqual(rightLines);
  expect(namesOf(desk)).toEqual(names);
  for (const one of expected) expect(repairs(desk).join()).toContain(one);
  expect(eventsOf(desk, 'rows_changed').length).toBeGreaterThan(0);
  // Also for the screen: the last whole audit that found something, and the one after it that did not.
  const ended = eventsOf(desk, 'audit').filter(({ table }) => table === null);
  expect(ended.some(({ repaired }) => repaired > 0)).toBe(true);
});

test('S12 a search line that a lost customer left behind stops nobody: the next customer takes its place', async () => {
  const rig = createRig();
  const desk = await filledDesk(rig);
  const last = desk.dbs.cache.prepare('SELECT max(rowid) FROM customer').pluck().get();
  desk.dbs.cache.prepare('DELETE FROM customer WHERE rowid = ?').run(last);
  rig.centre.write((rows) => rows.put('customer', idOf(0x77), sampleCustomer(idOf(0x77), '다음 손님')));
  await rig.seconds(5);
  expect(namesOf(desk)).toContain('다음 손님');
  expect(desk.run?.engine.status().problem).toBeNull();
});

test('S36 a row that the centre does not have goes, with what hangs on it, and unsaved work about it stays', async () => {
  const rig = createRig();
  const desk = await filledDesk(rig);
  const ghost = idOf(0x99);
  desk.dbs.cache.exec(`
    INSERT INTO customer (id, version, customer_number, name, data)
      SELECT '${ghost}', 3, 'C-0', '유령', data FROM customer WHERE id = '${CUSTOMER}';
    INSERT INTO note (id, version, customer_id, interaction_id, at, data)
      SELECT '${ghost}', 1, '${ghost}', NULL, at, data FROM note`);
  await rig.seconds(UNTIL_AUDITED);
  expect(namesOf(desk)).not.toContain('유령');
  expect(notesOf(desk)).toHaveLength(1);
  expect(eventsOf(desk, 'customers_deleted')).toMatchObject([{ customerIds: [ghost], left: true }]);
  expect(operationsOf(desk)).toHaveLength(1);
});

test('S36 a customer whose erasure this desk missed goes as an erased one', async () => {
  const rig = createRig();
  const desk = await filledDesk(rig);
  const kept = desk.dbs.cache
    .prepare('SELECT id, version, customer_number, name, data FROM customer WHERE id = ?')
    .raw()
    .get(idOf(7)) as unknown[];
  rig.centre.erase(idOf(7));
  await rig.seconds(5);
  desk.dbs.cache.exec(`DELETE FROM deleted_row`);
  desk.dbs.cache
    .prepare('INSERT INTO customer (id, version, customer_number, name, data) VALUES (?, ?, ?, ?, ?)')
    .run(...kept);
  desk.events.length = 0;
  await rig.seconds(UNTIL_AUDITED);
  expect(namesOf(desk)).not.toContain('손님 7');
  expect(eventsOf(desk, 'customers_deleted')).toMatchObject([{ customerIds: [idOf(7)], left: false }]);
});

test('S36 an audit that the network breaks goes on where it was, and never holds up a pull', async () => {
  const rig = createRig();
  const desk = await filledDesk(rig);
  desk.dbs.cache.exec('DELETE FROM customer WHERE rowid % 3 = 0');
  const answer = rig.centre.audit.bind(rig.centre);
  let refused = 0;
  rig.centre.audit = (query) => {
    refused += 1;
    if (refused <= 5) throw new Error('not now');
    return answer(query);
  };
  rig.centre.write((rows) => rows.put('customer', CUSTOMER, sampleCustomer(CUSTOMER, '새 이름')));
  await rig.seconds(UNTIL_AUDITED);
  expect(namesOf(desk)).toContain('새 이름');
  expect(desk.run?.engine.status().problem).toBeNull();
  desk.kill();
  desk.boot();
  await rig.seconds(3 * UNTIL_AUDITED);
  expect(namesOf(desk)).toHaveLength(41);
});

test('S36 both sides write a row as the same text', () => {
  expect(jsonbText({ bb: 1, a: [true, null, 'a"\n'], 가: { z: 0, y: -1.5 } })).toBe(
    '{"a": [true, null, "a\\"\\n"], "bb": 1, "가": {"y": -1.5, "z": 0}}',
  );
  expect([1e-7, 1.5e-9, 1e21, 1.25e22, -3e-8].map(jsonbText)).toEqual([
    ...['0.0000001', '0.0000000015', '1000000000000000000000', '12500000000000000000000', '-0.00000003'],
  ]);
});
