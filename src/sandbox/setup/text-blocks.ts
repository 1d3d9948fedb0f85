import type { z } from 'zod';
import type { AdminTextBlock } from '../../shared/central-api.ts';

/** For letters to customers who speak English. */
const ENGLISH: Record<string, string> = {
  요금안내: 'We have gone through this month’s bill for {{product}} and how it was made up.',
  기사방문: 'An engineer will visit you about {{product}} on [day and time]. Your case number is {{case}}.',
  재통화: 'We spoke on {{today}} at {{now}}. We will call you again on [day and time].',
};

/** What the practice business has its agents write often. */
export const TEXT_BLOCKS: readonly z.infer<typeof AdminTextBlock>[] = (
  [
    ['본인확인', '본인 확인', 'Identity checked', '{{customer}} 본인 확인함 (성함·생년월일·연락처 뒷자리).', []],
    [
      '요금안내',
      '요금 안내',
      'Charges explained',
      '{{product}} 이번 달 청구 금액과 산출 내역 안내함.',
      ['resolved', 'inquiry'],
    ],
    [
      '해지방어',
      '해지 방어',
      'Cancellation talked over',
      '{{product}} 해지 문의. 사유: [해지 사유]. 제안: [제안 내용]. 결과: [결과].',
      ['resolved', 'refused'],
    ],
    [
      '기사방문',
      '기사 방문',
      'Engineer booked',
      '{{product}} 장애로 기사 방문 예약. 희망 일시: [방문 일시]. 문의 번호 {{case}}.',
      ['callback', 'transfer'],
    ],
    [
      '재통화',
      '재통화 약속',
      'Call back agreed',
      '{{today}} {{now}} 통화. [재통화 일시]에 다시 연락드리기로 함. 재통화 번호 {{number}}.',
      ['callback', 'no_answer'],
    ],
    [
      '불만경위',
      '불만 경위',
      'Complaint, in order',
      '경위: [경위]\n고객 요구: [요구 사항]\n안내·조치: [조치]\n접수: {{agent}}',
      ['complaint'],
    ],
    ['폭언경고', '폭언 경고', 'Warned of abuse', '폭언 1차 경고 안내함. 이후 [경과].', ['abuse']],
    ['이관사유', '이관 사유', 'Why passed on', '{{queue}}에서 이관. 사유: [이관 사유]. 고객에게 안내함.', ['transfer']],
  ] as const
).map(([code, ko, en, text, dispositionCodes], index) => ({
  ...{ code, text, dispositionCodes: [...dispositionCodes] },
  label: { ko, en },
  ...(code in ENGLISH ? { inLanguage: { en: ENGLISH[code] } } : {}),
  order: (index + 1) * 10,
  active: true,
}));
