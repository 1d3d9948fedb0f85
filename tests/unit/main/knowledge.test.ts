import { beforeEach, describe, expect, test } from 'vitest';
import { KNOWLEDGE, readArticle, recordArticleUse, searchKnowledge } from '../../../src/main/knowledge.ts';
import { KNOWLEDGE as SAMPLE } from '../../../src/sandbox/setup/knowledge.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { KnowledgeAbout, KnowledgeArticle } from '../../../src/shared/knowledge.ts';
import type { SyncRow } from '../../../src/shared/sync-wire.ts';
import { applyRows, createApplier } from '../../../src/sync/apply.ts';
import { NOON, openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';

const NOTHING: KnowledgeAbout = { queue: null, dispositionCode: null, productCodes: [], cases: [], note: '' };
const articles: KnowledgeArticle[] = SAMPLE.map((content, n) => ({
  ...{ ...content, id: newId(), code: `K-${1001 + n}`, number: 2 },
  ...{ publishedAt: new Date(NOON).toISOString(), publishedBy: '정해린' },
}));
const [cancel, bill] = articles as [KnowledgeArticle, KnowledgeArticle];
const callId = newId();

function rowOf(table: 'knowledge_article' | 'knowledge_count', data: { id: string }, version = 1): SyncRow {
  return { table, id: data.id, version, deleted: false, data } as SyncRow;
}

let desk: TestContext;
beforeEach(() => {
  desk = openTestContext();
  apply(articles.map((article) => rowOf('knowledge_article', article)));
});
const apply = (rows: SyncRow[]) => desk.cache.transaction(() => applyRows(desk.cache, rows)).immediate();
const find = (text: string, about: Partial<KnowledgeAbout> = {}) =>
  searchKnowledge(desk, { text, about: { ...NOTHING, ...about } });
const titles = (text: string) => find(text).hits.map(({ title }) => title);

describe('search at the desk', () => {
  test.each([
    ['위약금', '해지 위약금은 어떻게 계산하나요'],
    ['환불', '환불은 언제 들어오나요'],
    ['ㅎㅂ', '환불은 언제 들어오나요'],
    ['ㅎㅈ ㅇㅇㄱ', '해지 위약금은 어떻게 계산하나요'],
    ['ㅇㅅ', '이사할 때 이전 설치'],
    ['k-1001', '해지 위약금은 어떻게 계산하나요'],
    ['사망진단서', '명의 변경 구비 서류'],
    ['공유기 전원', '인터넷이 느리거나 끊길 때'],
    ['와이파이', '인터넷이 느리거나 끊길 때'],
  ])('%s finds %s first', (text, title) => {
    expect(titles(text)[0]).toBe(title);
  });

  test('what stands in the title comes before what stands somewhere in the text', () => {
    expect(titles('위약금').length).toBeGreaterThan(1);
    expect(titles('위약금')[0]).toContain('위약금');
  });

  test('every word must be found; signs alone and what is nowhere find nothing, and no text breaks it', () => {
    expect(titles('환불 우주여행')).toEqual([]);
    for (const text of ['!!!', '" OR head:*', 'NEAR(', '-', '{', '\u0000', 'ㅏ', '*'.repeat(100)]) {
      expect(() => find(text)).not.toThrow();
    }
    expect(titles('…!')).toEqual([]);
  });

  test('a new version is found by its new words and no longer by the old ones; a withdrawn one not at all', () => {
    apply([rowOf('knowledge_article', { ...cancel, title: '중도 종료 비용', topics: [], number: 3 } as never, 2)]);
    expect(titles('중도 종료')).toEqual(['중도 종료 비용']);
    expect(titles('해지 위약금은')).toEqual([]);
    apply([{ table: 'knowledge_article', id: cancel.id, version: 3, deleted: true, data: null }]);
    expect(titles('중도 종료')).toEqual([]);
    expect(() => readArticle(desk, { articleId: cancel.id, occasionId: callId })).toThrow('NOT_FOUND');
  });

  test('a snapshot page and a repeated row leave one line for an article', () => {
    const applier = createApplier(desk.cache);
    const rows = articles.map((article) => rowOf('knowledge_article', article, 4));
    const range = { table: 'knowledge_article', after: null, upTo: null } as const;
    for (let n = 0; n < 2; n += 1) {
      desk.cache.transaction(() => applier.applyRange(range, rows, new Set())).immediate();
    }
    expect(desk.cache.prepare('SELECT count(*) AS n FROM knowledge_search').get()).toEqual({ n: articles.length });
    expect(titles('환불은').length).toBe(1);
  });

  test('each statement uses its index', () => {
    for (const [name, sql] of Object.entries(KNOWLEDGE)) {
      const db = name === 'pending' || name === 'used' ? desk.outbox : desk.cache;
      const given = { byWords: ['head : "a"'], one: ['x'], pending: [], used: ['x', 'y'], fitting: ['[]', '[]'] };
      const values = given[name as keyof typeof given] ?? ['[]'];
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
      for (const { detail } of plan)
        expect([name, detail]).not.toEqual([
          name,
          expect.stringMatching(/^SCAN (a|k|h|knowledge_\w+|operation)\b(?!.*(VIRTUAL|USING))/),
        ]);
    }
  });
});

describe('what fits the call', () => {
  test('the words of the note before the case, the case before the product, the product before the queue; each says why', () => {
    const { hits } = find('', {
      note: '고객이 해지 하고 싶다고 하심',
      cases: [{ number: '1042', subject: '환불 지연' }],
      productCodes: ['NET-1G'],
      queue: 'support',
    });
    expect(hits[0]).toMatchObject({
      id: cancel.id,
      reasons: [
        { kind: 'note', word: '해지' },
        { kind: 'product', code: 'NET-1G' },
        { kind: 'queue', name: 'support' },
      ],
    });
    expect(hits[1]?.reasons[0]).toEqual({ kind: 'case', word: '환불', number: '1042' });
    expect(hits[2]?.reasons[0]).toMatchObject({ kind: 'product' });
  });

  test('without anything known those that helped most come first, and none claims a reason', () => {
    apply([rowOf('knowledge_count', { id: bill.id, cited: 3, helped: 9 } as never)]);
    const { hits, total } = find('');
    expect(hits[0]).toMatchObject({ id: bill.id, helped: 9, reasons: [] });
    expect(total).toBe(articles.length);
  });
});

describe('one key press', () => {
  const press = (use: 'cited' | 'helped', occasionId = callId) =>
    recordArticleUse(desk, { articleId: cancel.id, number: 2, use, occasionId });

  test('is one operation for an agent, a call and an article, however often it is pressed, and counts at once', () => {
    apply([rowOf('knowledge_count', { id: cancel.id, cited: 5, helped: 7 } as never)]);
    expect(press('helped')).toMatchObject({ counted: true, helped: 8, cited: 5, used: { helped: true, cited: false } });
    expect(press('helped')).toMatchObject({ counted: false, helped: 8 });
    expect(press('cited')).toMatchObject({ counted: true, cited: 6 });
    expect(press('helped', newId())).toMatchObject({ counted: true, helped: 9 });
    expect(operations(desk).map(({ payload }) => [payload.kind, payload.use])).toEqual([
      ['knowledge.use', 'helped'],
      ['knowledge.use', 'cited'],
      ['knowledge.use', 'helped'],
    ]);
    expect(find('해지 위약금은').hits[0]).toMatchObject({ helped: 9, cited: 6 });
  });

  test('is remembered when the centre has confirmed it, and then counted once', () => {
    press('helped');
    apply([rowOf('knowledge_count', { id: cancel.id, cited: 0, helped: 1 } as never)]);
    desk.outbox.prepare("UPDATE operation SET status = 'acknowledged'").run();
    expect(readArticle(desk, { articleId: cancel.id, occasionId: callId })).toMatchObject({
      ...{ helped: 1, used: { helped: true } },
    });
    expect(press('helped')).toMatchObject({ counted: false, helped: 1 });
  });
});
