import { beforeEach, describe, expect, test } from 'vitest';
import { recordCall } from '../../../src/main/calls.ts';
import type { CentralClient } from '../../../src/main/central-client.ts';
import { type CustomerDoor, createCustomerDoor } from '../../../src/main/customer-360.ts';
import { askCentre } from '../../../src/main/customer-acts.ts';
import { updateCustomer } from '../../../src/main/customer-edit.ts';
import { checkDial, type DialRequest } from '../../../src/main/gate.ts';
import { saveNote } from '../../../src/main/notes.ts';
import type { ContactPoint } from '../../../src/shared/contact-point.ts';
import type { Customer } from '../../../src/shared/customer.ts';
import { Customer360 } from '../../../src/shared/customer-360.ts';
import { newId } from '../../../src/shared/ids.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { appendOperation } from '../../../src/sync/outbox.ts';
import { NOON, openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const PHONE = '010-0000-5666';
const E164 = '+821000005666';
const callId = newId();
const at = new Date(NOON).toISOString();
let desk: TestContext;
let door: CustomerDoor;
let guest: Customer;
let point: ContactPoint;

/** Somebody whom this desk does not hold: the centre gives the name and the numbers and nothing else. */
beforeEach(async () => {
  desk = openTestContext();
  // Whether something may be overridden at all is asked here, not by whom.
  if (desk.rules) desk.rules = { ...desk.rules, dialOverride: 'everybody' };
  door = createCustomerDoor(desk);
  const row = desk.cache.prepare('SELECT data FROM customer WHERE id = ?').get(SAMPLE.gold.id) as { data: string };
  guest = { ...(JSON.parse(row.data) as Customer), id: newId(), customerNumber: 'C-9', name: '먼데님' };
  point = {
    id: newId(),
    customerId: guest.id,
    kind: 'phone',
    value: PHONE,
    e164: E164,
    last8: '00005666',
    label: null,
    primary: true,
  };
  const page = { customers: [{ customer: guest, contactPoints: [point] }], next: null };
  const central: CentralClient = { ask: async ({ answer }) => answer.parse(page) };
  await askCentre(desk, door, { central, accessToken: async () => 'token' }, { phone: PHONE, callId });
});

const view = () => door.readCustomer({ customerId: guest.id, callId: null, unmasked: false }, null);
const dial = (more: Partial<DialRequest>) =>
  checkDial(desk, { number: '', customerId: null, purpose: 'service', overrideReason: null, ...more }, door.guests);
const rulesOf = (more: Partial<DialRequest>) => {
  const verdict = dial({ purpose: 'marketing', overrideReason: '고객 요청', ...more });
  return verdict.allowed ? [] : verdict.refusals.map(({ rule, overridable }) => ({ rule, overridable }));
};

describe('a customer whom only the centre knows', () => {
  test('is shown as somebody of whom this desk has name and numbers only', () => {
    expect(Customer360.parse(view())).toMatchObject({
      partial: true,
      mark: 'centre',
      contactPoints: [{ id: point.id }],
    });
    const whole = door.readCustomer({ customerId: SAMPLE.gold.id, callId: null, unmasked: false }, null);
    expect(whole.partial).toBeUndefined();
  });

  test('has the call and the note at once that were saved here', () => {
    recordCall(desk, {
      callId,
      direction: 'in',
      caller: { number: PHONE, e164: E164, displayName: null, withheld: false, source: 'from' },
      queue: null,
      customerRef: null,
      customerId: guest.id,
      phase: 'talking',
      startedAt: at,
      answeredAt: at,
      endedAt: null,
      result: null,
    });
    saveNote(desk, { noteId: newId(), callId, customerId: guest.id, text: '환불 약속' });
    saveNote(desk, { noteId: newId(), callId: null, customerId: guest.id, text: '문자로 안내' });
    expect(view()).toMatchObject({
      timeline: [{ mark: 'here', notes: [{ text: '환불 약속', mark: 'here' }] }],
      looseNotes: [{ text: '문자로 안내' }],
      interactionCount: 1,
    });
  });

  test('can be corrected', () => {
    updateCustomer(desk, door, { customerId: guest.id, changes: [{ field: 'language', value: 'en' }] });
    expect(view()).toMatchObject({ customer: { language: 'en' }, mark: 'here' });
  });

  test('is called by their number on the screen', () => {
    expect(dial({ contactPointId: point.id, customerId: guest.id })).toMatchObject({ allowed: true, target: E164 });
  });

  test('is not called for marketing, whatever reason is given: the centre may hold a refusal', () => {
    const never = [{ rule: 'consent_unknown', overridable: false }];
    expect(rulesOf({ contactPointId: point.id })).toEqual(never);
    expect(rulesOf({ number: PHONE, customerId: guest.id })).toEqual(never);
    expect(rulesOf({ number: PHONE })).toEqual(never);
    expect(rulesOf({ number: SAMPLE.unknownPhone })).toEqual([]);
  });

  test('what they said here counts', () => {
    const act = { authorId: SAMPLE.agent.id, authorName: '', claimedAt: at };
    const said = (status: 'granted' | 'refused') => {
      const word = { channel: 'phone', purpose: 'marketing', status, source: 'call' } as const;
      const payload = { kind: 'consent.set', consentId: newId(), customerId: guest.id, ...word } as const;
      desk.outbox.transaction(() => appendOperation(desk.outbox, { ...act, payload })).immediate();
    };
    said('granted');
    expect(rulesOf({ contactPointId: point.id })).toEqual([]);
    said('refused');
    expect(rulesOf({ contactPointId: point.id })).toEqual([{ rule: 'no_consent', overridable: false }]);
  });

  test('is whole as soon as the desk holds them', () => {
    const row = { table: 'customer', id: guest.id, version: 1, deleted: false, data: guest } as const;
    desk.cache.transaction(() => applyRows(desk.cache, [row])).immediate();
    expect(view().partial).toBeUndefined();
    expect(rulesOf({ number: PHONE, customerId: guest.id })).toEqual([]);
  });

  test('is nobody here once they were erased', () => {
    door.forget([guest.id]);
    expect(() => view()).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(() => dial({ contactPointId: point.id })).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
