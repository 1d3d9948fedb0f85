import { describe, expect, test } from 'vitest';
import { doneInCall, nothingDone } from '../../../src/renderer/lib/call-summary.ts';
import {
  chooseBlocks,
  fillBlock,
  firstGap,
  type MergeValues,
  triggerAt,
} from '../../../src/renderer/lib/note-words.ts';
import { AdminTextBlock } from '../../../src/shared/central-api.ts';
import { blockFor, unknownMergeFields } from '../../../src/shared/text-block.ts';
import { fixedId, goldView, TEXT_BLOCKS } from '../../fakes/desk-fixtures.ts';

const ask = (text: string) => triggerAt(text, text.length);

describe('the sign that opens a list', () => {
  test.each([
    ['/', 'block', ''],
    ['요금 문의 /요금', 'block', '요금'],
    ['첫 줄\n/ㅎㅈ', 'block', 'ㅎㅈ'],
    ['#', 'mention', ''],
    ['재방문 #C-10', 'mention', 'C-10'],
  ])('%j asks for %s with %j', (text, kind, query) => {
    expect(ask(text)).toMatchObject({ kind, query, to: text.length });
  });

  test.each(['', '24/7', 'https://dangol.invalid', '요금/해지', 'a#1', '/요금 ', '//', '/ㄱ'.padEnd(60, 'ㄱ')])(
    'ordinary text asks for nothing: %j',
    (text) => {
      expect(ask(text)).toBeNull();
    },
  );

  test('only the word at the caret counts, wherever it stands', () => {
    expect(triggerAt('/요금 그리고', 3)).toMatchObject({ query: '요금', from: 0, to: 3 });
    expect(triggerAt('/요금 그리고', 7)).toBeNull();
  });
});

describe('which text block is meant', () => {
  const codes = (query: string, dispositionCode: string | null = null) =>
    chooseBlocks(TEXT_BLOCKS, query, { language: 'ko', dispositionCode }).map(({ code }) => code);

  test('by its beginning, a part, its label with spaces left out, its initials', () => {
    expect(codes('요금')).toEqual(['요금안내']);
    expect(codes('안내')).toContain('요금안내');
    expect(codes('해지방')).toEqual(['해지방어']);
    expect(codes('ㅎㅈㅂ')).toEqual(['해지방어']);
    expect(codes('환불')).toEqual([]);
  });

  test('composed and decomposed Hangul is the same word', () => {
    expect(codes('요금'.normalize('NFD'))).toEqual(['요금안내']);
  });

  test('those of the chosen result come first, in the order of the business', () => {
    expect(codes('', 'complaint')[0]).toBe('불만경위');
    expect(codes('', 'callback').slice(0, 2)).toEqual(['기사방문', '재통화']);
    expect(codes('')).toEqual(TEXT_BLOCKS.map(({ code }) => code));
  });
});

describe('what goes into the note', () => {
  const NONE: MergeValues = {
    ...{ customer: null, number: null, agent: null, today: null },
    ...{ now: null, queue: null, product: null, case: null },
  };

  test('known fields are filled in; what nobody knows stays a gap, which is selected first', () => {
    const text = fillBlock('{{customer}} / {{ product }} 안내', { ...NONE, customer: '홍*동 님' }, () => '상품');
    expect(text).toBe('홍*동 님 / [상품] 안내');
    expect(text.slice(firstGap(text).from, firstGap(text).to)).toBe('[상품]');
    expect(firstGap('끝')).toEqual({ from: 1, to: 1 });
  });

  test('a value is text: nothing in it is filled in again, and a dollar sign stays one', () => {
    expect(fillBlock('{{customer}}', { ...NONE, customer: '{{agent}} $& $1' }, () => '?')).toBe('{{agent}} $& $1');
  });

  test('fields that do not exist are told to whoever writes them', () => {
    expect(unknownMergeFields('{{customer}} {{ today }} {{custmer}} {{}}')).toEqual(['custmer', '']);
    expect(TEXT_BLOCKS.flatMap(({ text }) => unknownMergeFields(text))).toEqual([]);
  });

  test('a block is said in the language of the customer where the business wrote it so, else as it is', () => {
    const block = { text: '{{product}} 안내함.', inLanguage: { en: 'About {{product}}.' } };
    expect(blockFor(block, 'en')).toEqual({ text: 'About {{product}}.', inTheirs: true });
    expect(blockFor(block, 'ko')).toEqual({ text: '{{product}} 안내함.', inTheirs: false });
    expect(blockFor({ text: 'x' }, 'en')).toEqual({ text: 'x', inTheirs: false });
    const whole = { code: 'a', label: { ko: 'a', en: 'a' }, dispositionCodes: [], order: 1, active: true, ...block };
    expect(AdminTextBlock.safeParse(whole).success).toBe(true);
    const wrong = { ...whole, inLanguage: { en: 'About {{prodcut}}.' } };
    expect(AdminTextBlock.safeParse(wrong).success).toBe(false);
  });
});

describe('the summary of a call', () => {
  const call = {
    callId: fixedId(900),
    startedAt: Date.parse('2026-11-23T05:00:00.000Z'),
    dispositionCode: null,
    end: null,
  };
  const view = goldView(call.startedAt);

  test('has only what was done in this call', () => {
    const [promise] = view.promises;
    const [open] = view.cases;
    if (!promise || !open) throw new Error('the fixture has both');
    const done = doneInCall(call, {
      promises: [...view.promises, { ...promise, id: fixedId(901), interactionId: call.callId, what: '요금표 발송' }],
      cases: [...view.cases, { ...open, id: fixedId(902), openedAt: '2026-11-23T05:01:00.000Z', subject: '장애' }],
    });
    expect(done.promises.map(({ what }) => what)).toEqual(['요금표 발송']);
    expect(done.opened.map(({ subject }) => subject)).toEqual(['장애']);
  });

  test('is not offered where nothing was done, however much the customer has', () => {
    expect(nothingDone(doneInCall(call, view))).toBe(true);
    expect(nothingDone(doneInCall(call, null))).toBe(true);
    expect(nothingDone(doneInCall({ ...call, dispositionCode: 'resolved' }, null))).toBe(false);
  });
});
