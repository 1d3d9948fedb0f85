import { implement, ORPCError } from '@orpc/server';
import type { AttachmentAnswer } from '../../src/shared/attachment.ts';
import { contract } from '../../src/shared/contract.ts';
import type { LetterDraft, WaitingMessage } from '../../src/shared/contract-messages.ts';
import type { Interaction } from '../../src/shared/interaction.ts';
import { fixedId } from './desk-fixtures.ts';

/** Mails and messages as the fake host has them. */
export interface FakeMessages {
  waiting: WaitingMessage[];
  rows: Map<string, Interaction>;
  drafts: Map<string, LetterDraft>;
  sent: object[];
  settled: object[];
  /** Which attachments were asked for, and what the centre answers; null: it cannot be reached. */
  asked: object[];
  attachment: AttachmentAnswer | null;
}

export const noMessages = (): FakeMessages => ({
  ...{ waiting: [], rows: new Map(), drafts: new Map(), sent: [], settled: [], asked: [], attachment: null },
});

const HOUR = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();
const FACTS = {
  answeredAt: null,
  endedAt: null,
  result: null,
  phone: null,
  queue: null,
  dispositionCode: null,
} as const;

/** A mail of this customer that waits for an answer. */
export function sampleMail(now: number, customerId: string | null, late = false): Interaction {
  const startedAt = iso(now - (late ? 30 : 2) * HOUR);
  return {
    ...{ id: fixedId(late ? 951 : 950), customerId, channel: 'email', direction: 'in', startedAt, ...FACTS },
    ...{ agentId: null, agentName: null, subject: '중복 결제 환불이 아직 안 들어왔어요' },
    message: {
      address: 'mi***@example.com',
      text: '안녕하세요.\n지난주에 두 번 결제된 금액이 아직 환불되지 않았습니다.\n언제 들어오는지 알려 주세요.',
      attachments: [
        { name: '카드 명세서.pdf', type: 'application/pdf', bytes: 84_211 },
        { name: '영수증.png', type: 'image/png', bytes: 1_204_000 },
        { name: '설치하세요.exe', type: 'application/octet-stream', bytes: 912_004 },
      ],
      dueAt: iso(Date.parse(startedAt) + 24 * HOUR),
    },
  };
}

/** A mail of which the view has the beginning, and the same with all its words. */
export function longMail(now: number, customerId: string): { shown: Interaction; whole: Interaction } {
  const mail = { ...sampleMail(now, customerId), id: fixedId(953), subject: '이사 일정과 설치 문의' };
  const lines = Array.from(
    { length: 40 },
    (_, n) => `${n + 1}. 이사하는 날과 설치 시간을 아래와 같이 바꾸고 싶습니다.`,
  );
  const text = lines.join('\n');
  const message = { ...mail.message, address: 'mi***@example.com' };
  return {
    shown: { ...mail, message: { ...message, text: text.slice(0, 400), cut: true } },
    whole: { ...mail, message: { ...message, text } },
  };
}

/** One of ours that could not be sent. */
export function failedMail(now: number, customerId: string): Interaction {
  return {
    ...{ id: fixedId(952), customerId, channel: 'email', direction: 'out', startedAt: iso(now - HOUR), ...FACTS },
    ...{ agentId: fixedId(1), agentName: '이서연', subject: '환불 안내' },
    message: {
      ...{ address: 'mi***@example.com', text: '환불은 영업일 기준 사흘 안에 들어옵니다.' },
      sending: { state: 'failed', at: iso(now - HOUR), tries: 1, reason: 'bad_address' },
    },
  };
}

/** Behind the mask of that form. */
const FILLED_IN = [
  { name: '관심 상품', value: '기가 인터넷, TV' },
  { name: '희망 연락 시간', value: '저녁 6시 이후' },
];

/** What somebody filled in on the web shop's form: with a number, and no address. */
export function sampleForm(now: number, customerId: string | null): Interaction {
  const startedAt = iso(now - 3 * HOUR);
  return {
    ...{ id: fixedId(953), customerId, channel: 'web', direction: 'in', startedAt, ...FACTS },
    ...{ agentId: null, agentName: null, subject: null },
    message: {
      ...{ name: '김*지', phone: '010-****-1234', address: 'mi***@example.com' },
      via: { name: 'form', label: '홈페이지 문의', answers: true },
      text: '이사 가는데 인터넷을 옮길 수 있을까요?\n다음 주 토요일이면 좋겠습니다.',
      fields: FILLED_IN.map(({ name }) => ({ name, value: '***' })),
      dueAt: iso(Date.parse(startedAt) + 24 * HOUR),
    },
  };
}

/** A chat message; `answers` false: of a service that takes none. */
export function sampleTalk(now: number, customerId: string | null, answers = true): Interaction {
  const startedAt = iso(now - HOUR / 2);
  return {
    ...{ id: fixedId(answers ? 954 : 955), customerId, channel: 'message', direction: 'in', startedAt, ...FACTS },
    ...{ agentId: null, agentName: null, subject: null },
    message: {
      ...{ name: '김*지', address: null },
      via: answers ? { name: 'talk', label: '단골톡', answers } : { name: 'notice', label: '알림 문자', answers },
      text: answers ? '설치 기사님 몇 시에 오시나요?' : '문자 받았는데 요금이 왜 다른가요?',
      dueAt: iso(Date.parse(startedAt) + 24 * HOUR),
    },
  };
}

/** An answer in a chat that the service refused. */
export function failedTalk(now: number, customerId: string): Interaction {
  return {
    ...{ id: fixedId(956), customerId, channel: 'message', direction: 'out', startedAt: iso(now - HOUR / 4), ...FACTS },
    ...{ agentId: fixedId(1), agentName: '이서연', subject: '단골톡' },
    message: {
      ...{ address: null, text: '오후 2시에 방문합니다.', answers: fixedId(954) },
      sending: { state: 'failed', at: iso(now - HOUR / 4), tries: 2, reason: 'refused' },
    },
  };
}

const implementerOf = () => implement(contract).use(({ next }) => next());
type Implementer = ReturnType<typeof implementerOf>;

export function messageActs(os: Implementer, state: { messages: FakeMessages }) {
  const acts = os.messages;
  return {
    waiting: acts.waiting.handler(() => ({ items: state.messages.waiting, more: false })),
    read: acts.read.handler(({ input }) => {
      const interaction = state.messages.rows.get(input.messageId);
      if (!interaction) throw new ORPCError('NOT_FOUND', { data: { next: 'none' } });
      const { message } = interaction;
      if (!message?.fields || input.reason === undefined) return { interaction };
      return { interaction: { ...interaction, message: { ...message, fields: FILLED_IN } } };
    }),
    attachment: acts.attachment.handler(({ input }) => {
      state.messages.asked.push(input);
      if (!state.messages.attachment) throw new ORPCError('CENTRE_UNREACHABLE', { data: { next: 'check-network' } });
      return state.messages.attachment;
    }),
    send: acts.send.handler(({ input }) => {
      state.messages.sent.push(input);
      state.messages.drafts.delete(input.customerId);
      return { mark: 'here' as const };
    }),
    settle: acts.settle.handler(({ input }) => {
      state.messages.settled.push(input);
      return { mark: 'here' as const };
    }),
    draft: acts.draft.handler(({ input }) => ({ draft: state.messages.drafts.get(input.customerId) ?? null })),
    keepDraft: acts.keepDraft.handler(({ input }) => {
      if (input.draft) state.messages.drafts.set(input.customerId, input.draft);
      else state.messages.drafts.delete(input.customerId);
      return {};
    }),
  };
}
