import { beforeEach, describe, expect, test } from 'vitest';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { changeCase, changePromise, makePromise, openCase, type PromiseToMake } from '../../../src/main/follow-ups.ts';
import { createLedger, LEDGER, type Ledger } from '../../../src/main/ledger.ts';
import type { Agent } from '../../../src/shared/agent.ts';
import type { LedgerItem } from '../../../src/shared/contract-follow-up.ts';
import { newId } from '../../../src/shared/ids.ts';
import { NOON, openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const HOUR = 3_600_000;
const customerId = SAMPLE.gold.id;
const at = (hours: number) => new Date(NOON + hours * HOUR).toISOString();

let desk: TestContext;
let ledger: Ledger;
beforeEach(() => {
  desk = openTestContext();
  desk.cache.exec(`DELETE FROM promise; DELETE FROM "case"`);
  ledger = createLedger(desk);
});

function promised(what: string, dueAt: string, more: Partial<PromiseToMake> = {}): string {
  const promiseId = newId();
  const act = { promiseId, customerId, callId: null, kind: 'promise', what, dueAt, owner: null, contactPointId: null };
  makePromise(desk, { ...act, ...more } as PromiseToMake);
  return promiseId;
}
function opened(subject: string, dueAt: string | null): string {
  const caseId = newId();
  openCase(desk, { caseId, customerId, callId: null, subject, priority: 'normal', dueAt, owner: null });
  return caseId;
}
const textOf = (item: LedgerItem) => (item.type === 'promise' ? item.promise.what : item.case.subject);
const mine = () => ledger.read('mine').items.map(textOf);
const view = () => createCustomerDoor(desk).readCustomer({ customerId, callId: null, unmasked: false }, null);

describe('what was promised', () => {
  test('is on the customer and in the ledger at once, masked, and one operation; the same id again is the same promise', () => {
    const promiseId = promised('010-0000-1234로 환불 안내', at(1), { kind: 'callback' });
    promised('010-0000-1234로 환불 안내', at(1), { kind: 'callback', promiseId });
    expect(operations(desk).map(({ payload }) => [payload.kind, payload.promiseKind])).toEqual([
      ['promise.make', 'callback'],
    ]);
    expect(view().promises).toMatchObject([{ id: promiseId, kind: 'callback', mark: 'here', status: 'open' }]);
    expect(ledger.read('mine').items).toMatchObject([
      { type: 'promise', promise: { id: promiseId, mark: 'here' }, customer: { id: customerId, name: '김*수' } },
    ]);
    expect(mine()[0]).toBe('010-****-1234로 환불 안내');
  });

  test("that was kept leaves both at once; put off it moves; handed on it is another agent's", () => {
    const kept = promised('첫째', at(1));
    const late = promised('둘째', at(2));
    const handed = promised('셋째', at(3));
    const change = (promiseId: string, what: object) =>
      changePromise(desk, { promiseId, customerId, callId: null, change: what, why: null });
    change(kept, { status: 'kept' });
    change(late, { dueAt: at(9) });
    change(handed, { owner: { id: newId(), name: '김하늘' } });
    expect(mine()).toEqual(['둘째']);
    expect(ledger.read('all').items.map(textOf)).toEqual(['셋째', '둘째']);
    expect(view().promises.map(({ what, dueAt }) => [what, dueAt])).toEqual([
      ['셋째', at(3)],
      ['둘째', at(9)],
    ]);
  });

  test('a change that the centre refused changes nothing here: what the centre says stands, marked', () => {
    const id = promised('약속', at(1));
    desk.outbox.exec(`UPDATE operation SET status = 'acknowledged'`);
    changePromise(desk, { promiseId: id, customerId, callId: null, change: { status: 'kept' }, why: null });
    desk.outbox.exec(`UPDATE operation SET status = 'rejected' WHERE kind = 'promise.change'`);
    const row = JSON.stringify({
      ...{ id, customerId, interactionId: null, what: '약속', dueAt: at(1) },
      byAgentId: SAMPLE.agent.id,
      byAgentName: '',
      status: 'open',
    });
    desk.cache.prepare(`INSERT INTO promise VALUES (?, 1, ?, 'open', ?, ?)`).run(id, customerId, at(1), row);
    expect(ledger.read('mine').items).toMatchObject([{ promise: { status: 'open', mark: 'attention' } }]);
    expect(view().promises).toMatchObject([{ status: 'open', mark: 'attention' }]);
  });
});

describe('cases', () => {
  test('stand beside the promises by due time, without one last; a closed one leaves', () => {
    opened('기한 없음', null);
    const closed = opened('닫힘', at(1));
    opened('내일', at(24));
    promised('오늘', at(3));
    changeCase(desk, { caseId: closed, customerId, callId: null, change: { status: 'closed' }, why: '해결' });
    expect(mine()).toEqual(['오늘', '내일', '기한 없음']);
    expect(view().cases.map(({ subject, number, mark }) => [subject, number, mark])).toEqual([
      ['기한 없음', '', 'here'],
      ['내일', '', 'here'],
    ]);
  });

  test('handed up are urgent at once, whoever they will be of', () => {
    const caseId = opened('세 번째 문의', null);
    changeCase(desk, { caseId, customerId, callId: null, change: { escalate: true }, why: '책임자 통화 요청' });
    expect(view().cases).toMatchObject([{ priority: 'high', escalated: { why: '책임자 통화 요청' } }]);
  });
});

test('overdue comes first, and nobody sees more than the list: a look at each customer is logged once a sitting', () => {
  promised('나중', at(5));
  promised('지남', at(-5));
  expect(mine()).toEqual(['지남', '나중']);
  ledger.read('all');
  const looks = () =>
    (desk.outbox.prepare('SELECT entry FROM access_log').all() as { entry: string }[])
      .map(({ entry }) => JSON.parse(entry) as { context: string; customerId: string })
      .filter(({ context }) => context === 'ledger');
  expect(looks()).toMatchObject([{ customerId }]);
  desk.sitting = { ...SAMPLE.agent, id: newId() } satisfies Agent;
  expect(mine()).toEqual([]);
  ledger.read('all');
  expect(looks()).toHaveLength(2);
});

test.each(Object.entries(LEDGER))('%s is read by an index, in its order', (_name, sql) => {
  const marks = sql.split('?').length - 1;
  const plan = desk.cache.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array(marks).fill('x')) as { detail: string }[];
  const text = plan.map(({ detail }) => detail).join(' | ');
  expect(text).toMatch(/USING INDEX (promise|case)_(open|of_owner)/);
  expect(text).not.toContain('TEMP B-TREE');
});
