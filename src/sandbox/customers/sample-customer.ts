import type { Consent } from '../../shared/consent.ts';
import type { Customer } from '../../shared/customer.ts';
import type { LocalText } from '../../shared/text.ts';
import type { Holding } from '../../shared/work.ts';
import { DAY_MS, day, instant, officeTime } from './dates.ts';
import { chooseProducts, holdingRows } from './holdings.ts';
import { contactRows, type Identity, identityOf } from './identity.ts';
import { interestsOf } from './interests.ts';
import { orderRows } from './orders.ts';
import { createRandom, type Random, sampleId } from './random.ts';
import type { SampleOptions, SampleRow } from './sample-row.ts';
import { type Story, storyOf } from './story.ts';

/** Everything about one sample customer as rows, parents first. Depends on the seed, the index and `now` alone. */
export function sampleCustomer(options: Omit<SampleOptions, 'from' | 'to'>, index: number): SampleRow[] {
  const { seed, now } = options;
  const random = createRandom(seed, 3, index);
  const identity = identityOf(seed, index);
  const since = now - random.int(20, 4500) * DAY_MS;
  const products = chooseProducts(random, identity.birthYear);
  const leaving = random.chance(0.12);
  const contacts = contactRows(seed, identity);
  const holdings = holdingRows(random, { seed, index, now, since, products, leaving });
  const story = storyOf(random, {
    ...options,
    index,
    language: identity.language,
    phone: contacts.find((contact) => contact.kind === 'phone')?.e164 ?? null,
    since,
    product: products[0][identity.language],
  });
  const customer = customerRow(random, { options, identity, since, holdings, story, leaving });
  return [
    { table: 'customer', data: customer },
    ...contacts.map((data): SampleRow => ({ table: 'contact_point', data })),
    ...consentRows(random, { seed, index, now, since }).map((data): SampleRow => ({ table: 'consent', data })),
    ...holdings.map((data): SampleRow => ({ table: 'holding', data })),
    ...orderRows(seed, index, now).map((data): SampleRow => ({ table: 'order', data })),
    ...story.cases.map((data): SampleRow => ({ table: 'case', data })),
    ...story.promises.map((data): SampleRow => ({ table: 'promise', data })),
    ...story.interactions.map((data): SampleRow => ({ table: 'interaction', data })),
    ...story.notes.map((data): SampleRow => ({ table: 'note', data })),
  ];
}

interface Facts {
  options: Omit<SampleOptions, 'from' | 'to'>;
  identity: Identity;
  since: number;
  holdings: readonly Holding[];
  story: Story;
  leaving: boolean;
}

function customerRow(random: Random, facts: Facts): Customer {
  const { identity, since, holdings } = facts;
  const { seed, now } = facts.options;
  const monthly = holdings.reduce((sum, holding) => sum + (holding.monthlyFee?.amount ?? 0), 0);
  const months = Math.max(1, Math.round((now - since) / (30 * DAY_MS)));
  const value = Math.round((monthly * Math.min(months, 120) * (identity.kind === 'company' ? 6 : 1)) / 1000) * 1000;
  const owes = random.chance(0.06);
  const risk = churnOf(random, facts, owes);
  const page = random.chance(0.15) ? random.pick(PAGES) : null;
  return {
    id: sampleId(seed, 'customer', identity.index),
    // Seven digits: the centre numbers new customers with six.
    customerNumber: `C-${1_000_001 + identity.index}`,
    kind: identity.kind,
    name: identity.name,
    language: identity.language,
    tier: value > 15_000_000 ? 'vip' : value > 9_000_000 ? 'gold' : value > 5_000_000 ? 'silver' : 'basic',
    birthday:
      identity.birthYear === null ? null : `${identity.birthYear}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`,
    customerSince: day(since),
    lifetimeValue: { amount: value, currency: 'KRW' },
    lifetimeValueTrend: facts.leaving
      ? 'down'
      : random.weighted([
          [5, 'flat'],
          [3, 'up'],
          [1, 'down'],
        ]),
    churnRisk: risk.risk,
    churnWhy: risk.why,
    balanceOwed: owes ? { amount: Math.round(monthly * random.int(1, 3)), currency: 'KRW' } : null,
    overdueSince: owes ? day(now - random.int(5, 70) * DAY_MS) : null,
    lastSeenPage: page === null ? null : { title: page, at: instant(now - random.int(5, 4000) * 60_000) },
    custom: {
      billDelivery: random.pick(['모바일', '이메일', '우편']),
      preferredTime: random.chance(0.4) ? random.pick(['오전', '점심시간', '오후', '저녁 6시 이후']) : null,
      familyBundle: holdings.length > 2,
      device: random.pick(DEVICES),
      ...interestsOf(seed, identity.index, identity.kind),
    },
    createdAt: instant(officeTime(random, now, Math.floor((now - since) / DAY_MS))),
  };
}

/** The risk is made of its reasons, so that what the screen says is why. */
function churnOf(random: Random, facts: Facts, owes: boolean): { risk: number; why: LocalText[] } {
  const { now } = facts.options;
  const soon = day(now + 45 * DAY_MS);
  const ending = facts.holdings.some(
    (holding) => holding.status === 'active' && holding.endsOn !== null && holding.endsOn < soon,
  );
  const reasons: [boolean, number, LocalText][] = [
    [ending, 0.25, { ko: '약정이 곧 끝납니다', en: 'A contract ends soon' }],
    [facts.story.topics.includes('cancel'), 0.3, { ko: '해지를 문의했습니다', en: 'Asked how to cancel' }],
    [
      facts.story.topics.slice(0, 4).includes('complaint'),
      0.2,
      { ko: '최근 불만을 접수했습니다', en: 'Complained recently' },
    ],
    [owes, 0.12, { ko: '미납 요금이 있습니다', en: 'Has an unpaid bill' }],
    [facts.leaving, 0.18, { ko: '이용량이 3개월째 줄었습니다', en: 'Usage has fallen for three months' }],
  ];
  const true_ = reasons.filter(([holds]) => holds);
  const risk = true_.reduce((sum, [, weight]) => sum + weight, 0.02 + random.next() * 0.08);
  return { risk: Math.round(Math.min(0.97, risk) * 100) / 100, why: true_.map(([, , text]) => text) };
}

function consentRows(random: Random, at: { seed: number; index: number; now: number; since: number }): Consent[] {
  const customerId = sampleId(at.seed, 'customer', at.index);
  const rows: Consent[] = [];
  const add = (channel: Consent['channel'], purpose: Consent['purpose'], status: Consent['status'], oldest: number) => {
    const daysAgo = Math.min(random.int(1, oldest), Math.floor((at.now - at.since) / DAY_MS));
    rows.push({
      id: sampleId(at.seed, 'consent', at.index, rows.length),
      customerId,
      channel,
      purpose,
      status,
      at: instant(officeTime(random, at.now, daysAgo)),
      source: random.pick(['가입 신청서', '홈페이지', '상담원', '모바일 앱']),
    });
  };
  const marketing = random.weighted([
    [58, 'granted'],
    [27, 'refused'],
    [15, null],
  ] as const);
  // Some consents are older than the two years for which they hold.
  if (marketing !== null) add('phone', 'marketing', marketing, 1000);
  if (marketing === 'granted' && random.chance(0.1)) add('phone', 'night_marketing', 'granted', 600);
  if (random.chance(0.6)) add('message', 'marketing', random.chance(0.7) ? 'granted' : 'refused', 900);
  if (random.chance(0.3)) add('email', 'marketing', random.chance(0.8) ? 'granted' : 'refused', 900);
  add('phone', 'recording', 'granted', 900);
  return rows;
}

/** One number in fifty is on the do-not-call register; null for the others. Told apart from the customer's rows: it is a list of its own. */
export function doNotCallOf(seed: number, index: number, now: number): { phone: string; listedAt: string } | null {
  const random = createRandom(seed, 5, index);
  if (!random.chance(0.02)) return null;
  const phone = identityOf(seed, index).contacts.find((contact) => contact.value.startsWith('010'))?.value;
  return phone === undefined ? null : { phone, listedAt: instant(officeTime(random, now, random.int(1, 400))) };
}

const two = (n: number) => String(n).padStart(2, '0');

const PAGES: readonly [LocalText, ...LocalText[]] = [
  { ko: '요금제 비교', en: 'Compare plans' },
  { ko: '해지 안내', en: 'How to cancel' },
  { ko: '이번 달 청구서', en: 'This month’s bill' },
  { ko: '로밍 신청', en: 'Order roaming' },
  { ko: '이전 설치 예약', en: 'Book a move' },
  { ko: '기기 변경 이벤트', en: 'Trade-in offer' },
  { ko: '자주 묻는 질문: 와이파이', en: 'FAQ: Wi-Fi' },
];
const DEVICES = ['갤럭시 S25', '갤럭시 A36', '아이폰 16', '아이폰 14', '갤럭시 폴드6', '효도폰 폴더2'] as const;
