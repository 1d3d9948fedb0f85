import { beforeEach, expect, test } from 'vitest';
import { writeAct } from '../../../src/main/write-act.ts';
import { newId } from '../../../src/shared/ids.ts';
import { accessLog, openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const { gold, husband } = SAMPLE;
let desk: TestContext;
let woken: number;
beforeEach(() => {
  desk = openTestContext();
  woken = 0;
  desk.wake = () => {
    woken += 1;
  };
});
const payload = { kind: 'customer.unmerge', mergeId: newId(), customerId: gold.id, goneId: husband.id } as const;
const access = [{ action: 'unmerge', customerId: gold.id, context: payload.mergeId }] as const;

test('S1 an act, its access entry and what goes before it are one commit; then windows and engine are told', () => {
  const seen: number[] = [];
  const before = () => seen.push(operations(desk).length, woken, desk.events.length);
  writeAct(desk, SAMPLE.agent, payload, { before, access, baseVersion: 7, changes: [gold.id, husband.id, gold.id] });
  expect(seen).toEqual([0, 0, 0]);
  expect(operations(desk)).toMatchObject([{ kind: 'customer.unmerge', payload }]);
  expect(desk.outbox.prepare('SELECT base_version, author_id FROM operation').get()).toEqual({
    base_version: 7,
    author_id: SAMPLE.agent.id,
  });
  expect(accessLog(desk)).toMatchObject([{ action: 'unmerge', customerId: gold.id }]);
  expect(woken).toBe(1);
  expect(desk.events).toEqual([{ type: 'customers_changed', customerIds: [gold.id, husband.id], all: false }]);
});

test('S1 where any of it fails nothing of it is here, and nobody is told', () => {
  desk.outbox.exec('DROP TABLE access_log');
  expect(() => writeAct(desk, SAMPLE.agent, payload, { access })).toThrow();
  expect(operations(desk)).toEqual([]);
  expect([woken, desk.events]).toEqual([0, []]);
});
