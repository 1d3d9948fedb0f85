import type { Interaction } from '../../shared/interaction.ts';
import type { WrittenMessage } from '../../shared/message.ts';
import type { SampleStaff } from './sample-row.ts';

const HOUR_MS = 3_600_000;

export interface WrittenFacts {
  index: number;
  part: number;
  at: number;
  now: number;
  language: 'ko' | 'en';
  phone: string | null;
  product: string;
  subject: string;
  agent: SampleStaff;
}

const iso = (at: number) => new Date(at).toISOString();

/**
 * What somebody wrote in the form of the web shop, or in the chat; undefined: another channel, or a visit to a page. Drawn from the place
 * of the customer and of the contact: a random number more would change every row after it.
 */
export function writtenOf(
  row: Pick<Interaction, 'channel' | 'direction'>,
  facts: WrittenFacts,
): WrittenMessage | undefined {
  const { index, part, at, now, language, subject } = facts;
  if (row.direction !== 'in') return undefined;
  if (row.channel !== 'message' && (row.channel !== 'web' || part % 2 === 1)) return undefined;
  const text =
    language === 'ko'
      ? `안녕하세요. ${subject} 관련해서 문의드립니다. 확인하고 답 주세요.`
      : `Hello, I have a question: ${subject}. Please let me know.`;
  // One of three of the latest day still waits.
  const waits = now - at < 24 * HOUR_MS && index % 3 === 0;
  const word = { at: iso(Math.min(now, at + 2 * HOUR_MS)), byName: facts.agent.name, how: 'answered' as const };
  const fate = { dueAt: iso(at + 24 * HOUR_MS), ...(waits ? {} : { settled: word }) };
  if (row.channel === 'message') {
    return { address: `practice-${index}`, text, via: { name: 'talk', label: '단골톡', answers: true }, ...fate };
  }
  return {
    ...{ address: null, text, via: { name: 'form', label: '홈페이지 문의', answers: true } },
    ...(facts.phone === null ? {} : { phone: facts.phone }),
    fields: [{ name: language === 'ko' ? '관심 상품' : 'Product', value: facts.product }],
    ...fate,
  };
}
