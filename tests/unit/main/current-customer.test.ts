import { expect, test } from 'vitest';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { openTestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const asked = { customerId: SAMPLE.gold.id, callId: null, unmasked: false };

test('whether somebody is a customer now is said from what this desk has, also masked; nothing where the business does not say what it means', () => {
  const desk = openTestContext();
  const read = () => createCustomerDoor(desk).readCustomer(asked, null).current;
  expect(read()).toBeUndefined();
  desk.currentRule = { any: [{ kind: 'contract' }, { kind: 'bought', withinDays: 1 }] };
  expect(read()).toMatchObject({
    current: true,
    because: [{ code: 'contract', data: { productKo: '플러스 요금제' } }],
  });
  desk.cache.exec(`UPDATE holding SET data = json_set(data, '$.status', 'ended')`);
  expect(read()).toMatchObject({ current: false, because: [{ code: 'contract', holds: false }, { code: 'bought' }] });
});
