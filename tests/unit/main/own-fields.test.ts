import { beforeEach, expect, test } from 'vitest';
import { resolveAttention } from '../../../src/main/attention.ts';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { changeCase, openCase } from '../../../src/main/follow-ups.ts';
import { createLedger } from '../../../src/main/ledger.ts';
import type { CustomField, CustomValues } from '../../../src/shared/customer.ts';
import { newId } from '../../../src/shared/ids.ts';
import { MASKED } from '../../../src/shared/masking.ts';
import { OperationPayload } from '../../../src/shared/sync-wire.ts';
import { forgetCustomers } from '../../../src/sync/forget.ts';
import { openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const customerId = SAMPLE.gold.id;

let desk: TestContext;
beforeEach(() => {
  desk = openTestContext();
  desk.cache.exec(`DELETE FROM "case"`);
  define({ entity: 'case', key: 'area', type: 'choice', choices: ['요금', '장애'] });
  define({ entity: 'case', key: 'memo', type: 'text' });
  // The same key of another kind of thing, which is no secret there.
  define({ entity: 'customer', key: 'memo', type: 'text', sensitive: false });
});

function define(field: Partial<CustomField>): void {
  const whole = { id: newId(), label: { ko: '항목', en: 'Field' }, choices: [], order: 1, ...field };
  desk.cache
    .prepare('INSERT INTO custom_field (id, version, data) VALUES (?, 1, ?)')
    .run(whole.id, JSON.stringify(whole));
}
function open(custom: CustomValues): string {
  const caseId = newId();
  const of = {
    caseId,
    customerId,
    callId: null,
    subject: '끊김',
    priority: 'normal',
    dueAt: null,
    owner: null,
  } as const;
  openCase(desk, { ...of, custom });
  return caseId;
}
const casesSeen = (unmasked = false) =>
  createCustomerDoor(desk).readCustomer(
    { customerId, callId: null, unmasked },
    unmasked ? { action: 'peek', context: 'verify' } : null,
  ).cases;

test('a case that was opened here shows its values at once, and each changes alone', () => {
  const caseId = open({ area: '요금' });
  expect(casesSeen()).toMatchObject([{ id: caseId, mark: 'here', custom: { area: '요금' } }]);
  changeCase(desk, { caseId, customerId, callId: null, change: { custom: { area: '장애' } }, why: null });
  expect(casesSeen()).toMatchObject([{ custom: { area: '장애' } }]);
});

test('free text is masked until somebody looks behind the mask, by the field of cases and no other; the ledger has none of it', () => {
  open({ area: '요금', memo: '010-0000-1234로 회신' });
  expect(casesSeen()[0]?.custom).toEqual({ area: '요금', memo: MASKED });
  expect(casesSeen(true)[0]?.custom).toEqual({ area: '요금', memo: '010-0000-1234로 회신' });
  expect(JSON.stringify(createLedger(desk).read('all'))).not.toContain('010-0000-1234로 회신');
});

test('several choices of a case: of masked ones what is ticked is added, of seen ones what came in meanwhile stays', () => {
  define({ entity: 'case', key: 'tags', type: 'choices', choices: ['재발', '현장', '전화'], sensitive: true });
  const caseId = open({ tags: ['재발', '현장'] });
  const change = (tags: string[], seen: string[]) =>
    changeCase(desk, {
      ...{ caseId, customerId, callId: null, why: null },
      ...{ change: { custom: { tags } }, seen: { tags: seen } },
    });
  expect(casesSeen()[0]?.custom).toEqual({ tags: MASKED });
  change(['전화'], []);
  expect(casesSeen(true)[0]?.custom).toEqual({ tags: ['재발', '현장', '전화'] });
  // This form showed two when one was taken away: the third is not its business.
  change(['현장'], ['재발', '현장']);
  expect(casesSeen(true)[0]?.custom).toEqual({ tags: ['현장', '전화'] });
});

test('a value that its field cannot have is refused before anything is written', () => {
  expect(() => open({ area: '서울' })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  expect(() => open({ colour: 'red' })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  expect(operations(desk)).toEqual([]);
});

test('a case that the centre refused for a choice that is gone is sent again with what still fits', () => {
  const caseId = open({ area: '요금', memo: '회신' });
  desk.outbox.exec(`UPDATE operation SET status = 'rejected', reply_code = 'INVALID'`);
  desk.cache.exec(
    `UPDATE custom_field SET data = json_set(data, '$.choices', json('["장애"]')) WHERE data LIKE '%"area"%'`,
  );
  const refused = desk.outbox.prepare('SELECT op_id AS id FROM operation').get() as { id: string };
  resolveAttention(desk, { opId: refused.id, decision: 'retry', text: null });
  expect(operations(desk).at(-1)?.payload).toMatchObject({ kind: 'case.open', caseId, custom: { memo: '회신' } });
  expect(operations(desk).at(-1)?.payload).not.toHaveProperty('custom.area');
});

test('S50 of a customer who is erased no word stays in what the centre refused, own fields included', () => {
  const caseId = open({ memo: '홍길동 님께 회신' });
  changeCase(desk, { caseId, customerId, callId: null, change: { custom: { memo: '홍길동 님 자택' } }, why: null });
  desk.outbox.exec(`UPDATE operation SET status = 'rejected', reply_code = 'INVALID'`);
  forgetCustomers(desk.outbox, [customerId]);
  expect(operations(desk)).toHaveLength(2);
  expect(JSON.stringify(operations(desk))).not.toContain('홍길동');
  for (const { payload } of operations(desk)) expect(OperationPayload.safeParse(payload).success).toBe(true);
});
