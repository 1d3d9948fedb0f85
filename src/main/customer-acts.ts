import { CustomerPage } from '../shared/central-api.ts';
import type { Customer360, CustomerOpenResult } from '../shared/customer-360.ts';
import { DangolError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import type { Language } from '../shared/text.ts';
import { findOperation } from '../sync/outbox.ts';
import { appendAccess } from './access-log.ts';
import type { CentralClient } from './central-client.ts';
import type { CustomerDoor } from './customer-360.ts';
import { pickKey } from './customer-match.ts';
import { type HostContext, nowInstant } from './host-context.ts';
import { shownName } from './mask-view.ts';
import { writeAct } from './write-act.ts';

const ASK_TIMEOUT_MS = 5000;

export interface Pick {
  phone: string;
  customerId: string;
  callId: string | null;
  remember: boolean;
}

/** The agent said who of several it is. Remembered as an operation, so that every desk knows it next time. */
export function pickCustomer(context: HostContext, door: CustomerDoor, pick: Pick): Customer360 {
  const author = context.seat.reader();
  const log = { action: 'view', context: `picked ${pick.callId ?? ''}` } as const;
  const view = door.readCustomer({ customerId: pick.customerId, callId: pick.callId, unmasked: false }, log);
  const e164 = pickKey(readPhoneNumber(pick.phone, context.seat.country()));
  if (!pick.remember || e164 === '') return view;
  writeAct(context, author, { kind: 'phone.pick', pickId: newId(), e164, customerId: pick.customerId });
  return view;
}

export interface QuickCreate {
  customerId: string;
  name: string;
  kind: 'person' | 'company';
  language: Language;
  phone: string | null;
  callId: string | null;
}

/** Creates a customer from a call; the page made the id, so a repeat is the same customer. Pops at the next call at once. */
export function createCustomer(context: HostContext, door: CustomerDoor, act: QuickCreate): Customer360 {
  const author = context.seat.reader();
  if (!findOperation(context.outbox, 'customer.create', act.customerId)) {
    const { customerId, kind: customerKind, name, language } = act;
    const value = act.phone === null ? null : contactValue(act.phone, context.seat.country());
    const contactPoints = value === null ? [] : [{ id: newId(), kind: 'phone' as const, value, label: null }];
    const access = [{ action: 'create', customerId, context: `call ${act.callId ?? ''}` }] as const;
    const person = { customerId, customerKind, name, language, contactPoints, custom: {} };
    writeAct(context, author, { kind: 'customer.create', ...person }, { access });
  }
  door.opened([act.customerId]);
  return door.readCustomer({ customerId: act.customerId, callId: act.callId, unmasked: false }, null);
}

function contactValue(phone: string, country: string): string | null {
  const trimmed = phone.trim();
  return readPhoneNumber(trimmed, country).e164 ?? (trimmed === '' ? null : trimmed);
}

export interface AskDeps {
  central: CentralClient;
  accessToken: () => Promise<string | null>;
}

/**
 * Asks the centre for a caller who is not on this desk. Whoever it names is shown and kept in memory only: a desk stores no
 * row outside its scope.
 */
export async function askCentre(
  context: HostContext,
  door: CustomerDoor,
  deps: AskDeps,
  act: { phone: string; callId: string | null },
): Promise<CustomerOpenResult> {
  const reader = context.seat.reader();
  const token = await deps.accessToken();
  if (token === null) throw new DangolError('SIGNED_OUT', 'sign-in');
  const { e164, digits } = readPhoneNumber(act.phone, context.seat.country());
  const page = await deps.central.ask({
    method: 'POST',
    path: '/v1/customers/lookup',
    body: { phone: e164 ?? digits, limit: 20 },
    token,
    answer: CustomerPage,
    timeoutMs: ASK_TIMEOUT_MS,
  });
  context.outbox
    .transaction(() => {
      for (const { customer } of page.customers) {
        const access = { action: 'ask_centre', customerId: customer.id, context: `call ${act.callId ?? ''}` } as const;
        appendAccess(context, reader.id, access);
      }
    })
    .immediate();
  door.opened(page.customers.map(({ customer }) => customer.id));
  for (const guest of page.customers) door.welcome(guest);
  const [first, ...rest] = page.customers;
  const asOf = nowInstant(context);
  if (!first) return { match: 'none', asOf };
  if (rest.length === 0) {
    const view = door.readCustomer({ customerId: first.customer.id, callId: act.callId, unmasked: false }, null);
    return { match: 'one', view, remembered: false, others: [] };
  }
  return { match: 'several', candidates: page.customers.map(({ customer }) => guestCandidate(customer)), asOf };
}

type FoundCustomer = CustomerPage['customers'][number];

function guestCandidate(customer: FoundCustomer['customer']) {
  const { id, customerNumber, kind, tier } = customer;
  return {
    id,
    customerNumber,
    kind,
    tier,
    name: shownName(customer),
    phone: null,
    phoneLabel: null,
    lastContactAt: null,
  };
}
