import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { searchKnowledge } from '../../../src/main/knowledge.ts';
import { KNOWLEDGE_MAX_HITS } from '../../../src/shared/contract-knowledge.ts';
import { newId } from '../../../src/shared/ids.ts';
import {
  type KnowledgeAbout,
  type KnowledgeArticle,
  type KnowledgeHit,
  reasonsFor,
  weightOf,
} from '../../../src/shared/knowledge.ts';
import type { SyncRow } from '../../../src/shared/sync-wire.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import type { Statement } from '../../../src/sync/sql-db.ts';
import { NOON, openTestContext, type TestContext } from '../../fakes/host-context.ts';

/** As many as a business may have. */
const ARTICLES = 2000;
const WORDS = [
  '해지',
  '해지 위약금',
  '환불',
  '환 불',
  '이사',
  'Wi-Fi',
  '가',
  '요금제',
  '요금',
  '결합 할인',
  '단말기',
  'É',
];
const QUEUES = ['support', 'billing', 'sales'];
const NOTHING: KnowledgeAbout = { queue: null, dispositionCode: null, productCodes: [], cases: [], note: '' };

const pick = <T>(list: readonly T[], n: number): T => list[Math.floor(n) % list.length] as T;
const articles: KnowledgeArticle[] = Array.from({ length: ARTICLES }, (_, n) => ({
  ...{ id: newId(), code: `K-${String(n).padStart(4, '0')}`, number: 1, title: `문서 ${n}`, shortAnswer: `답 ${n}` },
  body: '본문 '.repeat(400),
  // Most are about something of their own; every tenth about what callers ask every day.
  topics: n % 10 === 0 ? [pick(WORDS, n / 10), pick(WORDS, n / 30)] : [`드문말${String(n).padStart(4, '0')}`],
  queues: n % 7 === 0 ? [pick(QUEUES, n)] : [],
  productCodes: n % 11 === 0 ? [`P-${n % 5}`] : [],
  dispositionCodes: n % 13 === 0 ? ['resolved'] : [],
  ...{ publishedAt: new Date(NOON).toISOString(), publishedBy: '정해린' },
}));
const counts = new Map(articles.flatMap(({ id }, n) => (n % 3 === 0 ? [[id, { cited: n % 17, helped: n % 29 }]] : [])));

let desk: TestContext;
beforeAll(() => {
  desk = openTestContext();
  const row = (table: 'knowledge_article' | 'knowledge_count', data: { id: string }) =>
    ({ table, id: data.id, version: 1, deleted: false, data }) as SyncRow;
  const rows = [
    ...articles.map((article) => row('knowledge_article', article)),
    ...[...counts].map(([id, count]) => row('knowledge_count', { id, ...count })),
  ];
  desk.cache.transaction(() => applyRows(desk.cache, rows)).immediate();
});

/** Bytes and rows that come out of the cache while `work` runs. */
function readWhile(work: () => unknown): { rows: number; bytes: number } {
  const { cache } = desk;
  const read = { rows: 0, bytes: 0 };
  const weigh = (row: unknown) => {
    read.rows += 1;
    read.bytes += Buffer.byteLength(JSON.stringify(row));
    return row;
  };
  const listen = (statement: Statement): Statement => ({
    run: (...params) => statement.run(...params),
    get: (...params) => weigh(statement.get(...params)),
    all: (...params) => statement.all(...params).map(weigh),
  });
  desk.cache = { ...cache, prepare: (sql: string) => listen(cache.prepare(sql)) };
  work();
  desk.cache = cache;
  return read;
}

/** As it is meant: every article looked at. */
function asMeant(about: KnowledgeAbout) {
  return articles
    .map((article) => ({
      ...{ code: article.code, reasons: reasonsFor(article, about, () => null) },
      ...(counts.get(article.id) ?? { cited: 0, helped: 0 }),
    }))
    .sort(
      (a, b) =>
        weightOf(b.reasons) - weightOf(a.reasons) ||
        b.helped - a.helped ||
        b.cited - a.cited ||
        a.code.localeCompare(b.code),
    )
    .slice(0, KNOWLEDGE_MAX_HITS);
}

const About: fc.Arbitrary<KnowledgeAbout> = fc.record({
  queue: fc.option(fc.constantFrom(...QUEUES, 'unknown')),
  dispositionCode: fc.option(fc.constantFrom('resolved', 'other')),
  productCodes: fc.uniqueArray(fc.constantFrom('P-0', 'P-1', 'P-2', 'P-9'), { maxLength: 3 }),
  cases: fc.array(
    fc.record({ number: fc.constant('1042'), subject: fc.constantFrom('환불 지연', '드문말 0007', '설치', '') }),
    {
      maxLength: 3,
    },
  ),
  note: fc
    .array(fc.constantFrom(...WORDS, '드문말0123', ' ', '문의하심', 'wi-fi가 느림', 'e\u0301'), { maxLength: 6 })
    .map((all) => all.join(' ')),
});

type Said = Pick<KnowledgeHit, 'code' | 'helped' | 'cited' | 'reasons'>;

test('of 2,000 articles the same are suggested, in the same order, as if each had been looked at', () => {
  fc.assert(
    fc.property(About, (about) => {
      const { hits } = searchKnowledge(desk, { text: '', about });
      const said = ({ code, helped, cited, reasons }: Said) => [
        code,
        helped,
        cited,
        ...reasons.map(({ kind }) => kind),
      ];
      expect(hits.map(said)).toEqual(asMeant(about).map(said));
    }),
    { numRuns: 60, seed: 20_261_123 },
  );
}, 60_000);

test.each([
  ['nothing is known', NOTHING],
  ['a long note', { ...NOTHING, note: '고객이 해지 위약금과 환불을 물어보심. '.repeat(150) }],
  ['all that a call can say', { ...NOTHING, queue: 'support', productCodes: ['P-0', 'P-1'], note: '요금제 변경 문의' }],
] as const)('%s: no more is read than may be shown', (_name, about) => {
  const { rows, bytes } = readWhile(() =>
    searchKnowledge(desk, { text: '', about: { ...about, productCodes: [...about.productCodes], cases: [] } }),
  );
  expect(rows).toBeLessThan(6 * KNOWLEDGE_MAX_HITS + 30);
  expect(bytes).toBeLessThan(60_000);
});

test('articles that came before there were hints are suggested all the same, and no longer than they are there', () => {
  const old = articles[123] as KnowledgeArticle;
  desk.cache.prepare('UPDATE knowledge_article SET hints = NULL WHERE id = ?').run(old.id);
  const find = () => searchKnowledge(desk, { text: '', about: { ...NOTHING, note: '드문말0123 문의' } }).hits[0];
  expect(find()).toMatchObject({ code: old.code, reasons: [{ kind: 'note', word: '드문말0123' }] });
  const gone = { table: 'knowledge_article' as const, id: old.id, version: 2, deleted: true as const, data: null };
  desk.cache.transaction(() => applyRows(desk.cache, [gone])).immediate();
  expect(find()?.reasons).not.toEqual([{ kind: 'note', word: '드문말0123' }]);
  expect(desk.cache.prepare('SELECT count(*) AS n FROM knowledge_hint WHERE word = ?').get('드문말0123')).toEqual({
    n: 0,
  });
});
