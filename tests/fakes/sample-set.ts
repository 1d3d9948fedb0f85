import type { ContactPoint } from '../../src/shared/contact-point.ts';
import type { Customer } from '../../src/shared/customer.ts';
import type { Interaction, Note } from '../../src/shared/interaction.ts';
import { readPhoneNumber } from '../../src/shared/phone-number.ts';
import type { SyncRow, SyncTable } from '../../src/shared/sync-wire.ts';
import { sampleCustomer } from './sample-rows.ts';

/** A fixed id of the sample set: the same in every run. */
export function sampleId(kind: number, number: number): string {
  return `01990000-0000-7${String(kind).padStart(3, '0')}-8000-${String(number).padStart(12, '0')}`;
}

/** The people of the sample set. Numbers are of ranges that belong to nobody. */
export const SAMPLE = {
  agent: { id: sampleId(1, 1), login: 'agent1', name: '박상담', role: 'agent', teamId: sampleId(2, 1) },
  otherAgent: { id: sampleId(1, 2), login: 'agent2', name: '최상담', role: 'agent', teamId: sampleId(2, 1) },
  /** Gold, a billing question: an overdue promise, an open case, an overdue payment, a history of 25 contacts. */
  gold: { id: sampleId(3, 1), name: '김민수', phone: '+821000001001', number: 'C-104233' },
  /** Two people on one number. */
  husband: { id: sampleId(3, 2), name: '홍길동', phone: '+821000001002', number: 'C-104234' },
  wife: { id: sampleId(3, 3), name: '성춘향', phone: '+821000001002', number: 'C-104235' },
  company: { id: sampleId(3, 4), name: '주식회사 한빛물산', phone: '+821000001004', number: 'C-104236' },
  english: { id: sampleId(3, 5), name: 'Jane Doe', phone: '+14155550123', number: 'C-104237' },
  /** On the do-not-call list, refused marketing. */
  quiet: { id: sampleId(3, 6), name: '이환불', phone: '+821000001006', number: 'C-104238' },
  /** Nobody's. */
  unknownPhone: '+821000009999',
} as const;

const DAY = 86_400_000;

/** Rows of six customers and the catalogue, with dates around `now` (epoch ms). Parents come first. */
export function sampleRows(now: number): SyncRow[] {
  const at = (days: number) => new Date(now + days * DAY).toISOString();
  const day = (days: number) => at(days).slice(0, 10);
  return [
    row('team', sampleId(2, 1), { id: sampleId(2, 1), name: '상담 1팀' }),
    row('agent', SAMPLE.agent.id, SAMPLE.agent),
    row('agent', SAMPLE.otherAgent.id, SAMPLE.otherAgent),
    row('queue', sampleId(4, 1), { id: sampleId(4, 1), name: 'support', label: { ko: '고객지원', en: 'Support' } }),
    ...dispositions(),
    row('break_reason', sampleId(6, 1), {
      id: sampleId(6, 1),
      code: 'lunch',
      label: { ko: '점심', en: 'Lunch' },
      order: 1,
      active: true,
    }),
    row('text_block', sampleId(18, 1), {
      id: sampleId(18, 1),
      code: '요금안내',
      label: { ko: '요금 안내', en: 'Charges explained' },
      text: '{{product}} 청구 금액 안내함.',
      dispositionCodes: ['resolved'],
      order: 1,
      active: true,
    }),
    row('custom_field', sampleId(7, 1), {
      id: sampleId(7, 1),
      entity: 'customer',
      key: 'shoeSize',
      label: { ko: '신발 치수', en: 'Shoe size' },
      type: 'number',
      choices: [],
      order: 1,
    }),
    row('product', sampleId(8, 1), {
      id: sampleId(8, 1),
      code: 'plus',
      name: { ko: '플러스 요금제', en: 'Plan Plus' },
      active: true,
    }),
    ...customers(at, day),
    ...consents(at),
    row('do_not_call', sampleId(12, 1), { id: sampleId(12, 1), e164: SAMPLE.quiet.phone, listedAt: at(-30) }),
    row('holding', sampleId(13, 1), {
      id: sampleId(13, 1),
      customerId: SAMPLE.gold.id,
      productId: sampleId(8, 1),
      status: 'active',
      startedOn: day(-700),
      endsOn: day(20),
      monthlyFee: { amount: 55_000, currency: 'KRW' },
    }),
    ...goldWork(at),
    ...goldHistory(at),
  ];
}

function row<T extends SyncTable>(table: T, id: string, data: object): SyncRow {
  return { table, id, version: 1, deleted: false, data } as SyncRow;
}

function dispositions(): SyncRow[] {
  const codes = [
    ['resolved', '해결', 'Resolved'],
    ['callback', '예약콜', 'Callback'],
    ['transfer', '이관', 'Transferred'],
    ['complaint', '불만', 'Complaint'],
  ] as const;
  return codes.map(([code, ko, en], index) => {
    const id = sampleId(5, index + 1);
    return row('disposition', id, {
      id,
      code,
      label: { ko, en },
      key: String(index + 1),
      order: index + 1,
      active: true,
    });
  });
}

function customers(at: (days: number) => string, day: (days: number) => string): SyncRow[] {
  const gold: Partial<Customer> = {
    tier: 'gold',
    birthday: `1984-${day(3).slice(5)}`,
    customerSince: day(-2200),
    lifetimeValue: { amount: 4_200_000, currency: 'KRW' },
    lifetimeValueTrend: 'up',
    churnRisk: 0.18,
    churnWhy: [{ ko: '최근 불만 1건', en: 'One recent complaint' }],
    balanceOwed: { amount: 55_000, currency: 'KRW' },
    overdueSince: day(-2),
    lastSeenPage: { title: { ko: '요금제 안내', en: 'Plans' }, at: at(-1) },
    custom: { shoeSize: 265 },
  };
  const people: [{ id: string; name: string; phone: string; number: string }, Partial<Customer>][] = [
    [SAMPLE.gold, gold],
    [SAMPLE.husband, { tier: 'silver' }],
    [SAMPLE.wife, {}],
    [SAMPLE.company, { kind: 'company' }],
    [SAMPLE.english, { language: 'en', tier: 'vip' }],
    [SAMPLE.quiet, {}],
  ];
  return people.flatMap(([person, more], index) => {
    const customer = { ...sampleCustomer(person.id, person.name), customerNumber: person.number, ...more };
    return [row('customer', person.id, customer), phoneRow(person.id, person.phone, index + 1)];
  });
}

function phoneRow(customerId: string, phone: string, number: number): SyncRow {
  const { e164, last8 } = readPhoneNumber(phone);
  const point: ContactPoint = {
    id: sampleId(9, number),
    customerId,
    kind: 'phone',
    value: phone,
    e164,
    last8,
    label: null,
    primary: true,
  };
  return row('contact_point', point.id, point);
}

function consents(at: (days: number) => string): SyncRow[] {
  const of = (number: number, customerId: string, status: 'granted' | 'refused', days: number) =>
    row('consent', sampleId(11, number), {
      id: sampleId(11, number),
      customerId,
      channel: 'phone',
      purpose: 'marketing',
      status,
      at: at(days),
      source: 'web',
    });
  return [
    of(1, SAMPLE.gold.id, 'granted', -100),
    of(2, SAMPLE.husband.id, 'granted', -800),
    of(3, SAMPLE.quiet.id, 'refused', -10),
  ];
}

function goldWork(at: (days: number) => string): SyncRow[] {
  return [
    row('case', sampleId(14, 1), {
      id: sampleId(14, 1),
      number: '1042',
      customerId: SAMPLE.gold.id,
      subject: '배송 지연',
      status: 'open',
      priority: 'high',
      openedAt: at(-5),
      dueAt: null,
      ownerName: null,
    }),
    row('promise', sampleId(15, 1), {
      id: sampleId(15, 1),
      customerId: SAMPLE.gold.id,
      interactionId: null,
      what: '환불 건 다시 전화',
      dueAt: at(-0.1),
      byAgentId: SAMPLE.agent.id,
      byAgentName: SAMPLE.agent.name,
      status: 'open',
    }),
  ];
}

function goldHistory(at: (days: number) => string): SyncRow[] {
  return Array.from({ length: 25 }, (_, index) => {
    const interaction: Interaction = {
      id: sampleId(16, index + 1),
      customerId: SAMPLE.gold.id,
      channel: index % 3 === 0 ? 'phone' : 'email',
      direction: 'in',
      startedAt: at(-1 - index * 7),
      answeredAt: at(-1 - index * 7),
      endedAt: at(-1 - index * 7),
      result: 'answered',
      phone: index % 3 === 0 ? SAMPLE.gold.phone : null,
      queue: 'support',
      agentId: SAMPLE.agent.id,
      agentName: SAMPLE.agent.name,
      subject: index % 3 === 0 ? null : '요금 문의',
      dispositionCode: 'resolved',
    };
    const note: Note = {
      id: sampleId(17, index + 1),
      interactionId: interaction.id,
      customerId: SAMPLE.gold.id,
      text: `요금제 변경 문의 ${index + 1}`,
      authorId: SAMPLE.agent.id,
      authorName: SAMPLE.agent.name,
      at: interaction.startedAt,
    };
    return [row('interaction', interaction.id, interaction), row('note', note.id, note)];
  }).flat();
}
