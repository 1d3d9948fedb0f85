import type { Random } from './random.ts';

type Texts = readonly [string, ...string[]];

/** What people contact a telephone company about, and what agents write down. `{…}` are filled from the customer's facts. */
export interface Topic {
  key: string;
  weight: number;
  direction: 'in' | 'out';
  subject: { ko: string; en: string };
  /** Dispositions that fit, the usual one first. */
  dispositions: Texts;
  notes: { ko: Texts; en: Texts };
  /** Such a contact often leaves a case behind. */
  case?: { ko: string; en: string; priority: 'low' | 'normal' | 'high' };
  /** What agents promise after it. */
  promise?: { ko: string; en: string };
}

export const TOPICS: readonly [Topic, ...Topic[]] = [
  {
    key: 'billing',
    weight: 20,
    direction: 'in',
    subject: { ko: '요금 문의', en: 'Question about the bill' },
    dispositions: ['resolved', 'resolved', 'callback', 'complaint'],
    notes: {
      ko: [
        '이번 달 요금이 {amount}원 더 나왔다고 문의. 로밍 요금 때문임을 안내하고 이해하심.',
        '소액결제 한도 문의. 본인 확인 후 한도 30만 원으로 하향 처리.',
        '할인 종료로 요금 오른 건 항의. 재약정 시 {amount}원 할인되는 것 안내, 가족과 상의 후 다시 연락 주신다고 함.',
        '자동이체 카드 변경 요청. 변경 완료, 다음 달부터 적용.',
        '청구서에 모르는 부가서비스 {amount}원이 있다고 함. 3개월 무료 체험 후 유료 전환된 건으로 확인, 해지하고 당월분 환급 접수.',
      ],
      en: [
        'Asked why the bill is {amount} won higher. Roaming in May explains it; customer was fine with that.',
        'Wanted the bill by e-mail and in English. Changed; next bill on the 15th.',
        'Discount ran out last month. Explained the renewal offer ({amount} won off), will think about it.',
      ],
    },
    case: { ko: '요금 과다 청구 확인 요청', en: 'Check for overcharging', priority: 'normal' },
    promise: { ko: '요금 내역 확인 후 전화 회신', en: 'Check the bill and call back' },
  },
  {
    key: 'internet-slow',
    weight: 12,
    direction: 'in',
    subject: { ko: '인터넷 속도 저하', en: 'Slow internet' },
    dispositions: ['transfer', 'resolved', 'callback'],
    notes: {
      ko: [
        '저녁마다 인터넷이 끊긴다고 함. 공유기 재부팅으로 일시 개선. 기사 방문 예약({time}).',
        '속도 측정 결과 가입 속도의 절반. 회선 점검 이관함.',
        '아이 온라인 수업 중 끊겨서 많이 속상해하심. 우선 사과드리고 내일 오전 첫 타임으로 기사 배정.',
      ],
      en: [
        'Internet drops every evening. Restarting the router helped a little; technician booked for {time}.',
        'Speed test shows half of what was sold. Passed on to line maintenance.',
      ],
    },
    case: { ko: '인터넷 끊김 – 회선 점검', en: 'Internet drops – line check', priority: 'high' },
    promise: { ko: '기사 방문 일정 확정해 문자 안내', en: 'Confirm the technician by text message' },
  },
  {
    key: 'plan-change',
    weight: 12,
    direction: 'in',
    subject: { ko: '요금제 변경', en: 'Change of plan' },
    dispositions: ['sale', 'resolved', 'callback'],
    notes: {
      ko: [
        '데이터가 매달 남는다고 하심. {product}(으)로 변경 안내, 다음 달 1일 적용.',
        '자녀 대학 입학으로 가족결합 문의. 결합 시 월 {amount}원 절감 안내.',
        '{product} 사용 중. 상위 요금제 한 달 체험 제안드렸고 관심 있어 하심.',
      ],
      en: [
        'Uses far less data than paid for. Moved to {product} from the 1st.',
        'Asked about a family bundle; saves {amount} won a month. Sent the details by e-mail.',
      ],
    },
  },
  {
    key: 'renewal',
    weight: 9,
    direction: 'out',
    subject: { ko: '재약정 안내', en: 'Contract renewal' },
    dispositions: ['callback', 'refused', 'sale', 'no_answer'],
    notes: {
      ko: [
        '약정 만료 안내. 타사 견적도 받아 보는 중이라 함. 상품권보다 월 요금 할인을 원하심.',
        '재약정 안내했으나 운전 중이라 {time}에 다시 통화하기로 함.',
        '재약정 완료. 월 {amount}원 할인, 36개월. 감사 인사 전해 드림.',
        '부재. 문자 남김.',
      ],
      en: [
        'Contract ends soon. Compares with another carrier; a lower monthly fee matters more than gifts.',
        'Was driving, asked to be called at {time}.',
      ],
    },
    promise: { ko: '재약정 할인 조건 다시 안내', en: 'Come back with the renewal offer' },
  },
  {
    key: 'happy-call',
    weight: 9,
    direction: 'out',
    subject: { ko: '해피콜', en: 'Happy call' },
    dispositions: ['resolved', 'no_answer', 'complaint'],
    notes: {
      ko: [
        '설치 후 해피콜. 기사님 친절했고 만족하신다고 함. 5점.',
        '개통 후 통화 품질 확인. 지하 주차장에서만 약하다고 하심.',
        '설치 기사 지각에 불만. 사과드리고 지점에 전달. 3점.',
        '부재. 내일 오전 재시도.',
      ],
      en: ['Happy call after the installation. Very satisfied, 5 points.', 'No answer, tried once.'],
    },
  },
  {
    key: 'device',
    weight: 8,
    direction: 'in',
    subject: { ko: '단말 분실·파손', en: 'Lost or broken phone' },
    dispositions: ['resolved', 'transfer'],
    notes: {
      ko: [
        '택시에 휴대폰 두고 내리심. 분실 정지 접수, 위치 조회 방법 안내.',
        '액정 파손 보험 문의. 자기부담금과 필요 서류 문자 발송.',
        '분실폰 찾으셔서 정지 해제함. 다행이라고 하심.',
      ],
      en: [
        'Phone left in a taxi. Line suspended, explained how to locate it.',
        'Cracked screen; sent the insurance form.',
      ],
    },
    promise: { ko: '보험 접수 결과 안내', en: 'Tell the outcome of the insurance claim' },
  },
  {
    key: 'cancel',
    weight: 6,
    direction: 'in',
    subject: { ko: '해지 문의', en: 'Wants to cancel' },
    dispositions: ['callback', 'complaint', 'resolved'],
    notes: {
      ko: [
        '해지 위약금 문의. 금액 {amount}원 안내. 이사 가는 곳에 설치 가능한지 먼저 확인해 드리기로 함.',
        '상담 대기가 너무 길었다며 해지 의사 밝히심. 충분히 들어 드리고 유지하기로 하심.',
        '타사에서 더 좋은 조건 제시받았다고 함. 혜택 담당자 연결 희망.',
      ],
      en: [
        'Asked what leaving early would cost ({amount} won). Moving house; we check whether we serve the new address.',
      ],
    },
    case: { ko: '해지 방어 – 혜택 담당 검토', en: 'Retention – offer under review', priority: 'high' },
    promise: { ko: '유지 혜택 확인 후 연락', en: 'Check retention offers and call' },
  },
  {
    key: 'complaint',
    weight: 5,
    direction: 'in',
    subject: { ko: '불만 접수', en: 'Complaint' },
    dispositions: ['complaint', 'transfer'],
    notes: {
      ko: [
        '대리점에서 안내받은 내용과 실제 요금이 다르다고 강하게 항의. 녹취 확인 후 회신하기로 함.',
        '같은 내용으로 세 번째 전화라며 화가 나 계심. 제가 끝까지 맡겠다고 말씀드림.',
        '설치 일정이 두 번 미뤄져 휴가를 날렸다고 하심. 보상 검토 요청.',
      ],
      en: [
        'Third call about the same thing. Apologised, took it over myself.',
        'Shop promised another price than what was billed.',
      ],
    },
    case: { ko: '대리점 안내 불일치 민원', en: 'Complaint: shop promised another price', priority: 'high' },
    promise: { ko: '녹취 확인 결과 회신', en: 'Report what the recording says' },
  },
  {
    key: 'moving',
    weight: 6,
    direction: 'in',
    subject: { ko: '이전 설치', en: 'Moving house' },
    dispositions: ['resolved', 'callback'],
    notes: {
      ko: [
        '이사로 이전 설치 접수. {time} 방문 예정, 새 주소 확인 완료.',
        '이사 날짜 미정. 정해지면 다시 연락 주시기로 함.',
      ],
      en: ['Moving within the city. Installation at the new address on {time}.'],
    },
  },
  {
    key: 'how-to',
    weight: 8,
    direction: 'in',
    subject: { ko: '이용 방법 문의', en: 'How-to' },
    dispositions: ['inquiry', 'resolved'],
    notes: {
      ko: [
        '앱에서 데이터 선물하는 방법 문의. 천천히 화면 따라가며 안내, 성공하심.',
        '로밍 신청 방법 문의. 일본 5일, 하루 3GB 상품으로 신청 완료.',
        '리모컨이 안 된다고 하심. 건전지 교체 후 정상.',
        '와이파이 비밀번호를 잊으심. 공유기 뒷면 안내.',
      ],
      en: [
        'How to switch on roaming for Japan. Done, 5 days.',
        'Forgot the Wi-Fi password; it is on the back of the router.',
      ],
    },
  },
  {
    key: 'payment',
    weight: 5,
    direction: 'out',
    subject: { ko: '미납 요금 안내', en: 'Payment reminder' },
    dispositions: ['resolved', 'no_answer', 'callback'],
    notes: {
      ko: [
        '미납 안내. 급여일인 25일에 납부하겠다고 약속하심.',
        '미납 안내 통화. 계좌 잔액 부족이었다며 바로 가상계좌로 납부.',
        '연결 안 됨. 문자 발송.',
      ],
      en: ['Reminded of the open bill; will pay on the 25th.', 'No answer, sent a text message.'],
    },
  },
];

/** Fills the blanks of a note. */
export function fill(text: string, facts: { product: string; time: string }, random: Random): string {
  return text
    .replaceAll('{amount}', () => (random.int(3, 48) * 1000).toLocaleString('en-US'))
    .replaceAll('{product}', facts.product)
    .replaceAll('{time}', facts.time);
}
