import type { Customer360, TimelineEntry } from '../../../shared/customer-360.ts';
import { newId } from '../../../shared/ids.ts';
import type { DeskCall } from '../../stores/call-store.ts';

const HOUR = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();
const isoDay = (at: number) => iso(at).slice(0, 10);

/** Syllables that names and notes are full of. */
const LETTERS =
  '김이박최정강조윤장임한오서신권황안송류홍전고문손양배백허남심노하곽성차주우구민진지유수영현준서연도은경미희';

/** Nobody: a call and a customer that exist only to be rendered where no page shows them. */
export function warmUpCall(now: number): { call: DeskCall; view: Customer360 } {
  const callId = newId();
  const caller = { number: '0100000', e164: null, displayName: null, withheld: false, source: 'from' as const };
  const base = {
    callId,
    direction: 'in' as const,
    caller,
    queue: null,
    customerRef: null,
    consultFor: null,
    startedAt: now,
  };
  const call: DeskCall = {
    ...base,
    answeredAt: null,
    endedAt: null,
    end: null,
    customerId: null,
    stage: 'live',
    live: { ...base, capsule: null, autoAnswer: false, phase: 'ringing' },
    dispositionCode: null,
  };
  return { call, view: warmUpView(now) };
}

function warmUpView(now: number): Customer360 {
  const id = newId();
  const day = isoDay(now - 4000 * HOUR);
  const fee = { amount: 1234567890, currency: 'KRW' };
  return {
    customer: {
      id,
      customerNumber: 'C-1234567890',
      kind: 'person',
      name: LETTERS,
      language: 'ko',
      tier: 'gold',
      birthday: isoDay(now),
      customerSince: day,
      lifetimeValue: fee,
      lifetimeValueTrend: 'up',
      churnRisk: 0.5,
      churnWhy: [],
      balanceOwed: fee,
      overdueSince: day,
      lastSeenPage: null,
      custom: {},
      createdAt: iso(now),
    },
    version: 1,
    mark: 'centre',
    unmasked: false,
    contactPoints: (['phone', 'email', 'address'] as const).map((kind) => ({
      id: newId(),
      customerId: id,
      kind,
      value: LETTERS.slice(0, 20),
      e164: null,
      last8: null,
      label: LETTERS.slice(20, 24),
      primary: false,
    })),
    consents: [],
    cases: [
      {
        id: newId(),
        number: '1234',
        customerId: id,
        subject: LETTERS,
        status: 'open',
        priority: 'high',
        openedAt: iso(now),
        dueAt: iso(now - HOUR),
        ownerName: LETTERS.slice(0, 3),
        mark: 'centre',
      },
    ],
    promises: [
      {
        id: newId(),
        customerId: id,
        interactionId: null,
        what: LETTERS,
        dueAt: iso(now - HOUR),
        byAgentId: null,
        byAgentName: LETTERS.slice(0, 3),
        status: 'open',
        mark: 'centre',
      },
    ],
    holdings: [
      {
        id: newId(),
        customerId: id,
        productId: newId(),
        status: 'active',
        startedOn: day,
        endsOn: isoDay(now + 100 * HOUR),
        monthlyFee: fee,
        product: null,
      },
    ],
    orders: [],
    purchases: { lastAt: null, count: 0, total: null },
    timeline: Array.from({ length: 20 }, (_, n) => warmUpEntry(now - n * 40 * HOUR, id)),
    interactionCount: 20,
    reasons: [{ code: 'open_case', data: { number: '1234', subject: LETTERS, priority: 'high' }, rowId: null }],
    customFields: [],
    asOf: iso(now),
  };
}

function warmUpEntry(at: number, customerId: string): TimelineEntry {
  const id = newId();
  const note = {
    id: newId(),
    interactionId: id,
    customerId,
    authorId: id,
    authorName: LETTERS.slice(0, 3),
    at: iso(at),
  };
  return {
    interaction: {
      id,
      customerId,
      channel: 'phone',
      direction: 'in',
      startedAt: iso(at),
      answeredAt: iso(at),
      endedAt: iso(at),
      result: 'answered',
      phone: null,
      queue: null,
      agentId: null,
      agentName: LETTERS.slice(0, 3),
      subject: LETTERS.slice(0, 12),
      dispositionCode: null,
    },
    notes: [{ ...note, text: LETTERS, mark: 'centre' }],
    mark: 'centre',
  };
}
