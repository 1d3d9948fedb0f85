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

const implementerOf = () => implement(contract).use(({ next }) => next());
type Implementer = ReturnType<typeof implementerOf>;

export function messageActs(os: Implementer, state: { messages: FakeMessages }) {
  const acts = os.messages;
  return {
    waiting: acts.waiting.handler(() => ({ items: state.messages.waiting, more: false })),
    read: acts.read.handler(({ input }) => {
      const interaction = state.messages.rows.get(input.messageId);
      if (!interaction) throw new ORPCError('NOT_FOUND', { data: { next: 'none' } });
      return { interaction };
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
