import { TEXT_BLOCKS as SAMPLE_BLOCKS } from '../../src/sandbox/setup/text-blocks.ts';
import type { Customer } from '../../src/shared/customer.ts';
import type { Customer360, CustomerCandidate, TimelineEntry } from '../../src/shared/customer-360.ts';
import type { SessionState } from '../../src/shared/host-types.ts';
import type { Interaction } from '../../src/shared/interaction.ts';
import type { ScenarioSummary } from '../../src/shared/practice.ts';
import type { TextBlock } from '../../src/shared/text-block.ts';
import type { BreakReason, Disposition, Queue } from '../../src/shared/work.ts';

/** Invented people and numbers only: 010-0000-XXXX is assigned to nobody. */
export const AGENT_ID = fixedId(1);

/** A valid UUIDv7 for the n-th thing of a fixture. */
export function fixedId(n: number): string {
  return `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const iso = (at: number) => new Date(at).toISOString();
const isoDay = (at: number) => iso(at).slice(0, 10);

export const DISPOSITIONS: Disposition[] = (
  [
    ['resolved', '해결', 'Resolved'],
    ['callback', '재통화 약속', 'Call back'],
    ['transferred', '이관', 'Passed on'],
    ['complaint', '불만 접수', 'Complaint'],
    ['sale', '가입·변경', 'Sold or changed'],
    ['wrong_number', '잘못 걸린 전화', 'Wrong number'],
  ] as const
).map(([code, ko, en], i) => ({
  id: fixedId(100 + i),
  code,
  label: { ko, en },
  key: String(i + 1),
  order: i,
  active: true,
}));

export const BREAK_REASONS: BreakReason[] = (
  [
    ['meal', '식사', 'Meal'],
    ['rest', '휴식', 'Rest'],
    ['training', '교육', 'Training'],
    ['comfort', '감정 휴식', 'After a hard call'],
  ] as const
).map(([code, ko, en], i) => ({ id: fixedId(120 + i), code, label: { ko, en }, order: i, active: true }));

export const TEXT_BLOCKS: TextBlock[] = SAMPLE_BLOCKS.map((block, index) => ({ id: fixedId(700 + index), ...block }));
export const QUEUES: Queue[] = [
  { id: fixedId(140), name: 'support', label: { ko: '고객 지원', en: 'Support' } },
  { id: fixedId(141), name: 'billing', label: { ko: '요금 상담', en: 'Billing' } },
];

export const SCENARIOS: ScenarioSummary[] = [
  {
    id: 'gold-billing',
    title: { ko: '골드 고객의 요금 문의', en: 'Gold customer, billing question' },
    description: { ko: '이번 달 요금이 왜 올랐는지 묻습니다.', en: 'Asks why this month costs more.' },
    direction: 'in',
    language: 'ko',
    dial: null,
  },
  {
    id: 'two-on-one',
    title: { ko: '한 번호, 두 고객', en: 'Two people on one number' },
    description: { ko: '부부가 같은 번호를 씁니다.', en: 'A couple shares the number.' },
    direction: 'in',
    language: 'ko',
    dial: null,
  },
  {
    id: 'happy-call',
    title: { ko: '해피콜 대상 고객', en: 'Happy-call target' },
    description: { ko: '설치 일주일 뒤 만족도를 여쭙니다.', en: 'Ask how the new installation works.' },
    direction: 'out',
    language: 'ko',
    dial: '01000001234',
  },
];

export function goldCustomer(now: number): Customer {
  return {
    id: fixedId(10),
    customerNumber: 'C-104233',
    kind: 'person',
    name: '김*수',
    language: 'ko',
    tier: 'gold',
    birthday: `1984-${isoDay(now + 3 * DAY).slice(5)}`,
    customerSince: isoDay(now - 6.2 * 365 * DAY),
    lifetimeValue: { amount: 4_218_000, currency: 'KRW' },
    lifetimeValueTrend: 'up',
    churnRisk: 0.34,
    churnWhy: [
      { ko: '최근 30일 안에 불만이 1건 있었습니다', en: 'One complaint within 30 days' },
      { ko: '약정이 38일 뒤에 끝납니다', en: 'The contract ends in 38 days' },
    ],
    balanceOwed: { amount: 58_300, currency: 'KRW' },
    overdueSince: isoDay(now - 9 * DAY),
    lastSeenPage: { title: { ko: '요금제 변경', en: 'Change my plan' }, at: iso(now - 20 * HOUR) },
    custom: { branch: '강남', family: 3, interests: ['여행', '골프'] },
    createdAt: iso(now - 6.2 * 365 * DAY),
  };
}

type Contact = Partial<Interaction> & { ago: number; note?: string };

function entry(n: number, now: number, { ago, note, ...rest }: Contact): TimelineEntry {
  const startedAt = iso(now - ago);
  const interaction: Interaction = {
    id: fixedId(200 + n),
    customerId: fixedId(10),
    channel: 'phone',
    direction: 'in',
    startedAt,
    answeredAt: null,
    endedAt: null,
    result: null,
    phone: null,
    queue: null,
    agentId: null,
    agentName: null,
    subject: null,
    dispositionCode: null,
    ...rest,
  };
  const notes = note
    ? [
        {
          id: fixedId(300 + n),
          interactionId: interaction.id,
          customerId: fixedId(10),
          text: note,
          authorId: AGENT_ID,
          authorName: rest.agentName ?? '이서연',
          at: startedAt,
          mark: 'centre' as const,
        },
      ]
    : [];
  return { interaction, notes, mark: 'centre' };
}

function talked(now: number, ago: number, seconds: number): Partial<Interaction> {
  // A long call over a bad network, the others well heard.
  const bad = seconds > 400;
  return {
    answeredAt: iso(now - ago + 8000),
    endedAt: iso(now - ago + 8000 + seconds * 1000),
    result: 'answered',
    quality: {
      mosMean: bad ? 3.2 : 4.3,
      mosMin: bad ? 2.1 : 4.1,
      lossIn: bad ? 0.06 : 0,
      lossOut: 0,
      roundTripMs: 38,
      culprit: bad ? 'network' : null,
      oneWay: false,
      samples: Math.ceil(seconds / 2),
    },
  };
}

function goldOrders(now: number, customerId: string): Customer360['orders'] {
  const earphones = { productId: null, name: '무선 이어폰 라이트', quantity: 2 };
  const phone = { productId: null, name: '갤러리 X 256GB', quantity: 1 };
  const cover = { productId: null, name: '투명 케이스', quantity: 1 };
  const won = (amount: number) => ({ amount, currency: 'KRW' });
  const order = (n: number, days: number, status: 'payment_failed' | 'delivered') => ({
    ...{ id: fixedId(485 + n), customerId, number: `D-20411${n}`, status },
    ...{ placedAt: iso(now - days * DAY), changedAt: iso(now - days * DAY), failure: null },
  });
  return [
    { ...order(1, 2, 'payment_failed'), failure: '카드 한도 초과', lines: [earphones], total: won(198_000) },
    { ...order(2, 41, 'delivered'), lines: [phone, cover], total: won(1_174_000) },
  ];
}

export function goldTimeline(now: number): TimelineEntry[] {
  return [
    entry(1, now, {
      ago: 26 * HOUR,
      ...talked(now, 26 * HOUR, 250),
      subject: '환불 문의',
      agentName: '박지민',
      queue: 'billing',
      dispositionCode: 'callback',
      note: '지난달 중복 결제분 환불 요청. 결제팀 확인 후 오늘 오전 중 다시 전화드리기로 함.',
    }),
    entry(2, now, { ago: 2 * DAY, channel: 'web', subject: '‘요금제 변경’ 페이지 방문' }),
    entry(3, now, { ago: 5 * DAY, channel: 'message', direction: 'out', subject: '11월 요금 안내 문자' }),
    entry(4, now, { ago: 9 * DAY, result: 'missed', queue: 'support' }),
    entry(5, now, {
      ago: 12 * DAY,
      ...talked(now, 12 * DAY, 412),
      subject: '배송 지연',
      agentName: '이서연',
      queue: 'support',
      dispositionCode: 'complaint',
      note: '공유기 교체품이 일주일째 오지 않음. 물류팀에 문의 접수(#1042), 매우 불편해하심.',
    }),
    entry(6, now, { ago: 40 * DAY, channel: 'email', subject: '교체 신청 접수 확인' }),
    entry(7, now, { ago: 96 * DAY, channel: 'visit', subject: '강남점 방문 상담', agentName: '최현우' }),
    entry(8, now, { ago: 201 * DAY, channel: 'mail', direction: 'out', subject: '골드 등급 안내 우편' }),
    entry(9, now, {
      ago: 380 * DAY,
      direction: 'out',
      ...talked(now, 380 * DAY, 130),
      subject: '해피콜',
      agentName: '정유진',
      dispositionCode: 'resolved',
      note: '설치 만족, 속도 잘 나옴.',
    }),
  ];
}

/** A field of several choices. */
export const INTERESTS = {
  label: { ko: '관심사', en: 'Interests' },
  choiceNames: {
    골프: { ko: '골프', en: 'Golf' },
    여행: { ko: '여행', en: 'Travel' },
    캠핑: { ko: '캠핑', en: 'Camping' },
    음악: { ko: '음악', en: 'Music' },
  },
};

export function goldView(now: number): Customer360 {
  const customer = goldCustomer(now);
  const point = (n: number, kind: 'phone' | 'email' | 'address', value: string, label: string | null) => ({
    id: fixedId(400 + n),
    customerId: customer.id,
    kind,
    value,
    e164: null,
    last8: null,
    label,
    primary: n === 1,
  });
  const consent = (n: number, channel: 'phone' | 'message' | 'email', status: 'granted' | 'refused') => ({
    id: fixedId(420 + n),
    customerId: customer.id,
    channel,
    purpose: 'marketing' as const,
    status,
    at: iso(now - 200 * DAY),
    source: 'web',
  });
  const fiber = {
    id: fixedId(450),
    code: 'fiber-500',
    name: { ko: '기가 인터넷 500', en: 'Giga Internet 500' },
    active: true,
  };
  const tv = {
    id: fixedId(451),
    code: 'tv-std',
    name: { ko: '단골 TV 기본', en: 'Dangol TV Basic' },
    active: true,
    custom: { months: 36 },
  };
  return {
    customer,
    version: 12,
    mark: 'centre',
    unmasked: false,
    current: { current: true, because: [{ code: 'bought', holds: true, data: { days: 12, withinDays: 365 } }] },
    contactPoints: [
      point(1, 'phone', '010-****-5678', '본인'),
      point(2, 'phone', '010-****-1199', '배우자'),
      point(3, 'email', 'mi*****@example.com', null),
      point(4, 'address', '서울특별시 강남구 ***', '집'),
    ],
    consents: [consent(1, 'phone', 'granted'), consent(2, 'message', 'granted'), consent(3, 'email', 'refused')],
    cases: [
      {
        id: fixedId(460),
        number: '1042',
        customerId: customer.id,
        subject: '공유기 교체품 배송 지연',
        status: 'waiting',
        priority: 'high',
        openedAt: iso(now - 12 * DAY),
        dueAt: iso(now - 5 * HOUR),
        ownerName: '물류팀',
        custom: { area: '기기', visit: isoDay(now + DAY) },
        mark: 'centre',
      },
    ],
    promises: [
      {
        id: fixedId(470),
        customerId: customer.id,
        interactionId: fixedId(201),
        what: '중복 결제분 환불 결과 안내 전화',
        dueAt: iso(now - 2 * HOUR - 10 * MINUTE),
        byAgentId: AGENT_ID,
        byAgentName: '이서연',
        status: 'open',
        mark: 'centre',
      },
    ],
    holdings: [
      {
        id: fixedId(480),
        customerId: customer.id,
        productId: fiber.id,
        status: 'active',
        startedOn: isoDay(now - 2 * 365 * DAY),
        endsOn: isoDay(now + 38 * DAY),
        monthlyFee: { amount: 38_500, currency: 'KRW' },
        product: fiber,
      },
      {
        id: fixedId(481),
        customerId: customer.id,
        productId: tv.id,
        status: 'active',
        startedOn: isoDay(now - 500 * DAY),
        endsOn: null,
        monthlyFee: { amount: 14_300, currency: 'KRW' },
        product: tv,
      },
    ],
    orders: goldOrders(now, customer.id),
    purchases: { lastAt: iso(now - 41 * DAY), count: 3, total: { amount: 1_293_000, currency: 'KRW' } },
    timeline: goldTimeline(now),
    looseNotes: [],
    interactionCount: 34,
    reasons: [
      {
        code: 'promise_overdue',
        data: { what: '환불 결과 안내', dueAt: iso(now - 2 * HOUR), byAgentName: '이서연' },
        rowId: fixedId(470),
      },
      {
        code: 'open_case',
        data: { number: '1042', subject: '공유기 교체품 배송 지연', priority: 'high' },
        rowId: fixedId(460),
      },
      {
        code: 'payment_overdue',
        data: { amount: 58300, currency: 'KRW', since: isoDay(now - 9 * DAY), days: 9 },
        rowId: customer.id,
      },
      {
        code: 'page_visited',
        data: { titleKo: '요금제 변경', titleEn: 'Change my plan', at: iso(now - 20 * HOUR) },
        rowId: null,
      },
    ],
    customFields: [
      {
        id: fixedId(490),
        entity: 'customer',
        key: 'branch',
        label: { ko: '관리 지점', en: 'Branch' },
        type: 'text',
        choices: [],
        order: 1,
      },
      {
        id: fixedId(491),
        entity: 'customer',
        key: 'family',
        label: { ko: '가족 수', en: 'Household' },
        type: 'number',
        choices: [],
        order: 2,
      },
      {
        id: fixedId(489),
        entity: 'customer',
        key: 'interests',
        ...INTERESTS,
        type: 'choices',
        choices: ['골프', '여행', '캠핑', '음악'],
        order: 3,
        searchable: true,
      },
      {
        id: fixedId(492),
        entity: 'case',
        key: 'area',
        label: { ko: '문의 유형', en: 'Area' },
        type: 'choice',
        choices: ['요금', '장애', '기기'],
        order: 1,
      },
      {
        id: fixedId(493),
        entity: 'case',
        key: 'visit',
        label: { ko: '기사 방문일', en: 'Technician visit' },
        type: 'date',
        choices: [],
        order: 2,
      },
      {
        id: fixedId(494),
        entity: 'product',
        key: 'months',
        label: { ko: '약정(개월)', en: 'Contract months' },
        type: 'number',
        choices: [],
        order: 1,
      },
    ],
    asOf: iso(now - 4000),
  };
}

/** Somebody who speaks English and whom we hardly know. */
export function englishView(now: number): Customer360 {
  const gold = goldView(now);
  const customer: Customer = {
    ...gold.customer,
    id: fixedId(11),
    customerNumber: 'C-200817',
    name: 'J*** D**',
    language: 'en',
    tier: 'basic',
    birthday: null,
    customerSince: isoDay(now - 90 * DAY),
    lifetimeValue: { amount: 81_200, currency: 'KRW' },
    lifetimeValueTrend: 'flat',
    churnRisk: 0.08,
    churnWhy: [],
    balanceOwed: { amount: 0, currency: 'KRW' },
    overdueSince: null,
    lastSeenPage: null,
    custom: {},
  };
  return {
    ...gold,
    customer,
    contactPoints: gold.contactPoints.slice(0, 1).map((point) => ({ ...point, value: '+1 212 ***-0143', label: null })),
    consents: [],
    cases: [],
    promises: [],
    holdings: [],
    timeline: [],
    interactionCount: 0,
    reasons: [],
  };
}

export function candidates(now: number): CustomerCandidate[] {
  const one = (n: number, name: string, tier: Customer['tier'], label: string, ago: number): CustomerCandidate => ({
    id: fixedId(n),
    name,
    customerNumber: `C-10${n}44`,
    kind: 'person',
    tier,
    phone: '010-****-5678',
    phoneLabel: label,
    lastContactAt: iso(now - ago),
  });
  return [one(10, '김*수', 'gold', '본인', 26 * HOUR), one(12, '이*희', 'silver', '배우자', 60 * DAY)];
}

export function signedIn(now: number): Extract<SessionState, { status: 'signed_in' }> {
  return {
    status: 'signed_in',
    agent: { id: AGENT_ID, login: 'seoyeon', name: '이서연', role: 'agent', teamId: null },
    centralUrl: 'http://127.0.0.1:4701',
    practice: true,
    leaseUntil: iso(now + 12 * HOUR),
    config: {
      businessName: '단골통신',
      currency: 'KRW',
      sip: {
        server: 'ws://127.0.0.1:4702/ws',
        domain: 'practice.invalid',
        username: '1001',
        password: 'practice',
        displayName: '이서연',
        iceServers: [],
      },
      policy: {
        timeZone: 'Asia/Seoul',
        country: 'KR',
        marketingFromMinute: 540,
        marketingToMinute: 1260,
        consentMaxAgeDays: 730,
        doNotCallMaxAgeHours: 24,
        doNotCallLoadedAt: iso(now - 3 * HOUR),
      },
      wrapUpSeconds: 60,
      directory: [
        { name: '김하늘', extension: '102', team: '기술 상담' },
        { name: '박도윤', extension: '103', team: '기술 상담' },
        { name: '이서준', extension: '104', team: '요금 상담' },
        { name: '최유나', extension: '105', team: '요금 상담' },
      ],
      practice: { url: 'http://127.0.0.1:4702', token: 'x' },
      practiceStore: true,
    },
  };
}
