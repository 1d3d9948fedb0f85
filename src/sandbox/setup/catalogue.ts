import type { z } from 'zod';
import type { AdminServiceLevel } from '../../shared/central-admin-api.ts';
import type {
  AdminBreakReason,
  AdminBusiness,
  AdminDisposition,
  AdminQueue,
  AdminTeam,
  AdminUser,
} from '../../shared/central-api.ts';
import type { AdminMessageSource } from '../../shared/message-source.ts';

/** The practice business: what its administrator would have typed in. */
export const BUSINESS: z.infer<typeof AdminBusiness> = {
  name: '단골텔레콤',
  currency: 'KRW',
  wrapUpSeconds: 30,
  policy: {
    timeZone: 'Asia/Seoul',
    country: 'KR',
    marketingFromMinute: 8 * 60,
    marketingToMinute: 21 * 60,
    consentMaxAgeDays: 730,
    doNotCallMaxAgeHours: 24 * 31,
    premiumNumbers: 'refuse',
    forbiddenPrefixes: ['+870', '+881', '+882', '+883'],
  },
};

/** Whoever uses something, or took something up within a year. */
export const CURRENT_CUSTOMER = {
  any: [{ kind: 'in_use' }, { kind: 'contract' }, { kind: 'bought', withinDays: 365 }],
};

/** Weekdays from nine to six, Saturdays until one; the holidays of the coming months. */
export const SERVICE_LEVEL: AdminServiceLevel = {
  hours: {
    timeZone: 'Asia/Seoul',
    week: [...Array.from({ length: 5 }, () => ({ from: 540, to: 1080 })), { from: 540, to: 780 }, null],
    holidays: ['2026-12-25', '2027-01-01', '2027-02-06', '2027-02-08', '2027-02-09', '2027-03-01'],
  },
  limits: {
    high: { answerMinutes: 30, solutionMinutes: 240 },
    normal: { answerMinutes: 120, solutionMinutes: 960 },
    low: { answerMinutes: 480, solutionMinutes: 2400 },
  },
  warnMinutes: 30,
  pausesWhileWaiting: true,
};

/** Where customers write: the form of the web shop, and the chat. An answer to the chat goes nowhere and counts as sent. */
export const MESSAGE_SOURCES: readonly AdminMessageSource[] = [
  { name: 'form', channel: 'web', label: '홈페이지 문의' },
  { name: 'talk', channel: 'message', label: '단골톡', replyUrl: 'https://practice.invalid/answers' },
];

export const TEAMS: readonly z.infer<typeof AdminTeam>[] = [{ name: '고객상담 1팀' }, { name: '해피콜팀' }];

/** The people who sign in for practice. They have no password that anybody knows: the demo sign-in is their door. */
export const USERS: readonly z.infer<typeof AdminUser>[] = [
  { login: 'agent1', name: '박지민', role: 'agent', team: '고객상담 1팀' },
  { login: 'agent2', name: '최수아', role: 'agent', team: '고객상담 1팀' },
  { login: 'tm1', name: '윤태오', role: 'telemarketer', team: '해피콜팀' },
  { login: 'super1', name: '정해린', role: 'supervisor', team: '고객상담 1팀' },
  { login: 'admin1', name: '오준서', role: 'administrator', team: null },
];

export const DISPOSITIONS: readonly z.infer<typeof AdminDisposition>[] = [
  ['resolved', '해결', 'Resolved'],
  ['callback', '예약콜', 'Call back'],
  ['transfer', '이관', 'Passed on'],
  ['complaint', '불만 접수', 'Complaint'],
  ['no_answer', '부재', 'No answer'],
  ['refused', '거절', 'Refused'],
  ['inquiry', '단순 문의', 'Enquiry only'],
  ['sale', '가입·변경', 'Sale or change'],
  ['abuse', '폭언·업무 방해', 'Abuse'],
].map(([code = '', ko = '', en = ''], index) => ({
  code,
  label: { ko, en },
  key: String(index + 1),
  order: (index + 1) * 10,
  active: true,
}));

export const BREAK_REASONS: readonly z.infer<typeof AdminBreakReason>[] = [
  ['rest', '휴식', 'Rest'],
  ['meal', '식사', 'Meal'],
  ['training', '교육', 'Training'],
  ['coaching', '코칭', 'Coaching'],
  ['back_office', '업무 처리', 'Paperwork'],
  ['recovery', '마음 돌봄', 'Recovery after abuse'],
].map(([code = '', ko = '', en = ''], index) => ({ code, label: { ko, en }, order: (index + 1) * 10, active: true }));

export const QUEUES: readonly z.infer<typeof AdminQueue>[] = [
  { name: 'support', label: { ko: '고객 상담', en: 'Customer support' } },
  { name: 'sales', label: { ko: '가입 상담', en: 'Sales' } },
  { name: 'vip', label: { ko: 'VIP 전담', en: 'VIP desk' } },
];
