import type { LedgerItem } from '../../src/shared/contract-follow-up.ts';
import type { CustomerCandidate } from '../../src/shared/customer-360.ts';
import type { CaseClock, Owner } from '../../src/shared/work.ts';
import { AGENT_ID, candidates, fixedId } from './desk-fixtures.ts';

const HOUR = 3_600_000;

/** Whom an agent may hand things to. */
export const OWNERS: Owner[] = [
  { id: AGENT_ID, name: '이서연' },
  { id: fixedId(901), name: '김하늘' },
  { id: fixedId(902), name: '박지민' },
];

/** What the demo agent owes: overdue, due soon, a case, and something without a time. */
export function ledgerOf(now: number): LedgerItem[] {
  const iso = (at: number) => new Date(at).toISOString();
  const [first, second] = candidates(now) as [CustomerCandidate, CustomerCandidate];
  const mine = { byAgentId: AGENT_ID, byAgentName: '이서연', interactionId: null, status: 'open' as const };
  const promise = (
    n: number,
    customer: CustomerCandidate,
    what: string,
    dueAt: number,
    kind: 'promise' | 'callback' | 'task',
  ) =>
    ({
      type: 'promise',
      promise: { ...mine, id: fixedId(n), customerId: customer.id, what, dueAt: iso(dueAt), kind, mark: 'centre' },
      customer,
    }) satisfies LedgerItem;
  return [
    promise(911, first, '환불 처리 결과를 전화로 알려 드리기', now - 26 * HOUR, 'promise'),
    promise(912, second, '요금제 비교 안내', now - 60_000, 'callback'),
    promise(913, second, '가족 결합 서류 확인', now + 3 * HOUR, 'task'),
    {
      type: 'case',
      case: {
        ...{ id: fixedId(914), number: 'CS-2026-100014', customerId: first.id, subject: '공유기 교체품 배송 지연' },
        ...{ status: 'waiting', priority: 'high', openedAt: iso(now - 80 * HOUR), dueAt: iso(now + 20 * HOUR) },
        ...{ ownerId: AGENT_ID, ownerName: '이서연', mark: 'here' },
        escalated: { at: iso(now - 2 * HOUR), byName: '박지민', why: '세 번째 문의' },
      },
      customer: first,
    },
  ];
}

/** Cases by their clocks: one that warns, one that is late, one that runs, one that waits for the customer. */
export function clocksOf(now: number): LedgerItem[] {
  const iso = (at: number) => new Date(at).toISOString();
  const [first, second] = candidates(now) as [CustomerCandidate, CustomerCandidate];
  const one = (n: number, customer: CustomerCandidate, subject: string, clock: Partial<CaseClock>): LedgerItem => ({
    type: 'case',
    case: {
      ...{ id: fixedId(n), number: `CS-2026-10${n}`, customerId: customer.id, subject, dueAt: null },
      ...{ status: clock.waitingSince ? 'waiting' : 'open', priority: 'normal', openedAt: iso(now - 8 * HOUR) },
      ...{ ownerId: AGENT_ID, ownerName: '이서연', mark: 'centre' },
      clock: { ...clockAt(now), ...clock },
    },
    customer,
  });
  const soon = iso(now + HOUR / 4);
  return [
    one(921, first, '환불 지연 문의', {
      answerBy: soon,
      answeredAt: null,
      nextBy: soon,
      warnFrom: iso(now - HOUR / 4),
    }),
    one(922, second, '요금 이중 청구', {
      solveBy: iso(now - 2 * HOUR),
      nextBy: iso(now - 2 * HOUR),
      warnFrom: iso(now - 3 * HOUR),
    }),
    one(923, first, '설치 일정 변경', {}),
    one(924, second, '서류 사본 요청', {
      nextBy: null,
      warnFrom: null,
      waitingSince: iso(now - HOUR),
      minutesLeft: 225,
    }),
  ];
}

/** A clock that runs. */
export function clockAt(now: number): CaseClock {
  const iso = (at: number) => new Date(at).toISOString();
  const solveBy = iso(now + 26 * HOUR);
  return {
    ...{ priority: 'normal', answerBy: iso(now - 6 * HOUR), answeredAt: iso(now - 7 * HOUR), solveBy, nextBy: solveBy },
    ...{ warnFrom: iso(now + 25 * HOUR), pausedMinutes: 0, waitingSince: null, minutesLeft: null },
  };
}
