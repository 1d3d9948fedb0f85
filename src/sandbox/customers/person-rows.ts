import type { Consent } from '../../shared/consent.ts';
import type { Customer } from '../../shared/customer.ts';
import type { Interaction } from '../../shared/interaction.ts';
import type { OrderStatus } from '../../shared/order.ts';
import type { Case, CustomerPromise } from '../../shared/work.ts';
import { DAY_MS, day, instant, officeTime } from './dates.ts';
import { contactRows, type Identity } from './identity.ts';
import { CATALOGUE, productId } from './products.ts';
import { createRandom, sampleId } from './random.ts';
import type { SampleOptions, SampleRow } from './sample-row.ts';

/** A person who is always in the sample, told in words that one can write by hand. Days are counted from now. */
export interface PersonSpec {
  /** -1, -2 …: below the endless row of sample customers. */
  index: number;
  number: string;
  name: string;
  kind: Customer['kind'];
  language: Customer['language'];
  tier: Customer['tier'];
  birthday: string | null;
  sinceDays: number;
  value: number;
  trend: Customer['lifetimeValueTrend'];
  churn: { risk: number; why: Customer['churnWhy'] };
  owes: { amount: number; days: number } | null;
  page: { ko: string; en: string; minutesAgo: number } | null;
  custom: Customer['custom'];
  contacts: Identity['contacts'];
  consents: { channel: Consent['channel']; purpose: Consent['purpose']; status: Consent['status']; days: number }[];
  /** [product code, started so many days ago, ends in so many days or null] */
  holdings: [code: string, started: number, ends: number | null][];
  /** [what, won, so many days ago, status, why the payment failed] */
  orders?: [what: string, price: number, days: number, status: OrderStatus, failure?: string][];
  cases: {
    subject: string;
    status: Case['status'];
    priority: Case['priority'];
    days: number;
    dueIn: number;
    owner: number | null;
    custom?: Case['custom'];
  }[];
  promises: { what: string; dueIn: number; by: number; status: CustomerPromise['status']; contact: number | null }[];
  /** Newest first. `agent` is a place in the staff. */
  contactsMade: {
    days: number;
    channel: Interaction['channel'];
    direction: Interaction['direction'];
    subject: string;
    disposition: string | null;
    agent: number;
    note: string | null;
  }[];
}

/** Everything about such a person as rows, parents first. */
export function personRows(options: PersonOptions, person: PersonSpec): SampleRow[] {
  const customerId = sampleId(options.seed, 'customer', person.index);
  const place = placeIn(options, person);
  const contacts = contactRows(options.seed, person);
  const phone = contacts.find((contact) => contact.e164 !== null)?.e164 ?? null;
  return [
    { table: 'customer', data: customerOf(customerId, person, options.now) },
    ...contacts.map((data): SampleRow => ({ table: 'contact_point', data })),
    ...relationRows(place, customerId, person),
    ...workRows(place, customerId, person),
    ...person.contactsMade.flatMap((spec, part) => {
      const ids = { id: place.id('interaction', part), noteId: place.id('note', part), customerId };
      const facts = { at: place.at(spec.days, part), now: options.now, agent: place.staff(spec.agent), phone };
      return contactMade(ids, spec, facts);
    }),
  ];
}

type PersonOptions = Pick<SampleOptions, 'seed' | 'now' | 'staff'>;

/** Ids, moments and colleagues of one person. */
function placeIn(options: PersonOptions, person: PersonSpec) {
  return {
    ...options,
    id: (kind: Parameters<typeof sampleId>[1], part: number) => sampleId(options.seed, kind, person.index, part),
    at: (days: number, part = 0) => officeTime(createRandom(options.seed, 4, person.index, part), options.now, days),
    later: (days: number) => options.now + days * DAY_MS,
    staff: (place: number) => options.staff[place % options.staff.length] ?? options.staff[0],
  };
}
type Place = ReturnType<typeof placeIn>;

function relationRows(place: Place, customerId: string, person: PersonSpec): SampleRow[] {
  const { seed, id, at, later } = place;
  return [
    ...person.consents.map(({ days, ...rest }, part): SampleRow => {
      const data = { id: id('consent', part), customerId, ...rest, at: instant(at(days)), source: '상담원' };
      return { table: 'consent', data };
    }),
    ...person.holdings.map(([code, started, ends], part): SampleRow => {
      const fee = CATALOGUE.find((product) => product.code === code)?.fee ?? 0;
      const data = {
        id: id('holding', part),
        customerId,
        productId: productId(seed, code),
        status: 'active' as const,
        startedOn: day(later(-started)),
        endsOn: ends === null ? null : day(later(ends)),
        monthlyFee: { amount: fee, currency: 'KRW' },
      };
      return { table: 'holding', data };
    }),
    ...(person.orders ?? []).map(([name, amount, days, status, failure = null], part): SampleRow => {
      const placedAt = instant(at(days, 60 + part));
      const what = { lines: [{ productId: null, name, quantity: 1 }], total: { amount, currency: 'KRW' } };
      const number = `D${person.number.slice(2)}${part}`;
      const data = {
        id: id('order', part),
        customerId,
        number,
        placedAt,
        changedAt: placedAt,
        status,
        failure,
        ...what,
      };
      return { table: 'order', data };
    }),
  ];
}

function workRows(place: Place, customerId: string, person: PersonSpec): SampleRow[] {
  const { id, at, later, staff } = place;
  return [
    ...person.cases.map((spec, part): SampleRow => {
      const data = {
        id: id('case', part),
        number: `CS-${instant(place.now).slice(0, 4)}-9${String(-person.index).padStart(3, '0')}${part}`,
        customerId,
        subject: spec.subject,
        status: spec.status,
        priority: spec.priority,
        openedAt: instant(at(spec.days, 30 + part)),
        dueAt: instant(later(spec.dueIn)),
        ownerName: spec.owner === null ? null : staff(spec.owner).name,
        ...(spec.custom ? { custom: spec.custom } : {}),
      };
      return { table: 'case', data };
    }),
    ...person.promises.map((spec, part): SampleRow => {
      const data = {
        id: id('promise', part),
        customerId,
        interactionId: spec.contact === null ? null : id('interaction', spec.contact),
        what: spec.what,
        dueAt: instant(later(spec.dueIn)),
        byAgentId: staff(spec.by).id,
        byAgentName: staff(spec.by).name,
        status: spec.status,
      };
      return { table: 'promise', data };
    }),
  ];
}

function contactMade(
  ids: { id: string; noteId: string; customerId: string },
  spec: PersonSpec['contactsMade'][number],
  facts: { at: number; now: number; agent: { id: string; name: string }; phone: string | null },
): SampleRow[] {
  const { agent, at } = facts;
  const call = spec.channel === 'phone';
  const answered = call && spec.disposition !== 'no_answer';
  const end = Math.min(at + (answered ? 260_000 : 30_000), facts.now);
  const interaction: SampleRow = {
    table: 'interaction',
    data: {
      id: ids.id,
      customerId: ids.customerId,
      channel: spec.channel,
      direction: spec.direction,
      startedAt: instant(at),
      answeredAt: answered ? instant(at + 8000) : null,
      endedAt: instant(end),
      result: call ? (answered ? 'answered' : 'no_answer') : null,
      phone: call ? facts.phone : null,
      queue: call && spec.direction === 'in' ? 'support' : null,
      agentId: agent.id,
      agentName: agent.name,
      subject: spec.subject,
      dispositionCode: spec.disposition,
    },
  };
  if (spec.note === null) return [interaction];
  const note: SampleRow = {
    table: 'note',
    data: {
      id: ids.noteId,
      interactionId: ids.id,
      customerId: ids.customerId,
      text: spec.note,
      authorId: agent.id,
      authorName: agent.name,
      at: instant(end),
    },
  };
  return [interaction, note];
}

function customerOf(id: string, person: PersonSpec, now: number): Customer {
  const since = now - person.sinceDays * DAY_MS;
  return {
    id,
    customerNumber: person.number,
    kind: person.kind,
    name: person.name,
    language: person.language,
    tier: person.tier,
    birthday: person.birthday,
    customerSince: day(since),
    lifetimeValue: { amount: person.value, currency: 'KRW' },
    lifetimeValueTrend: person.trend,
    churnRisk: person.churn.risk,
    churnWhy: person.churn.why,
    balanceOwed: person.owes === null ? null : { amount: person.owes.amount, currency: 'KRW' },
    overdueSince: person.owes === null ? null : day(now - person.owes.days * DAY_MS),
    lastSeenPage:
      person.page === null
        ? null
        : { title: { ko: person.page.ko, en: person.page.en }, at: instant(now - person.page.minutesAgo * 60_000) },
    custom: person.custom,
    createdAt: instant(since),
  };
}
