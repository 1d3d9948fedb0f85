import { beforeEach, expect, test } from 'vitest';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { readScreenShared, shareScreen } from '../../../src/main/screen-share.ts';
import { DangolError } from '../../../src/shared/errors.ts';
import { accessLog, openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

let desk: TestContext;
beforeEach(() => {
  desk = openTestContext();
});

const customerId = SAMPLE.gold.id;
const peek = () =>
  createCustomerDoor(desk).readCustomer(
    { customerId, callId: null, unmasked: true },
    { action: 'peek', context: '본인 확인' },
  );

test('while others see the screen nothing is unmasked, whatever a page asks; after it it is again', () => {
  shareScreen(desk, true);
  expect(peek).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  expect(accessLog(desk).map(({ action }) => action)).toEqual(['screen_share']);
  shareScreen(desk, false);
  expect(peek().customer.name).toBe(SAMPLE.gold.name);
});

test('it is kept, logged once each time with who said it, and told to every window', () => {
  shareScreen(desk, true);
  shareScreen(desk, true);
  expect(readScreenShared(desk.outbox)).toBe(true);
  shareScreen(desk, false);
  expect(readScreenShared(desk.outbox)).toBe(false);
  expect(accessLog(desk)).toMatchObject([
    { action: 'screen_share', customerId: null, context: 'begins', agentId: SAMPLE.agent.id },
    { action: 'screen_share', customerId: null, context: 'ends', agentId: SAMPLE.agent.id },
  ]);
  const told = desk.events.filter(({ type }) => type === 'screen');
  expect(told).toEqual([
    { type: 'screen', shared: true },
    { type: 'screen', shared: false },
  ]);
});

test('also where nobody is signed in: it hides, and the log names nobody', () => {
  desk.seat.author = () => {
    throw new DangolError('SIGNED_OUT', 'sign-in');
  };
  shareScreen(desk, true);
  expect(readScreenShared(desk.outbox)).toBe(true);
  expect(accessLog(desk)).toEqual([]);
});
