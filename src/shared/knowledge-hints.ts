import { type KnowledgeAbout, type KnowledgeContent, plainWords } from './knowledge.ts';

/** One row of cache.knowledge_hint: kind, key, word. A topic stands under its first two letters. */
export type KnowledgeHint = readonly [kind: 'topic' | 'queue' | 'product' | 'disposition', key: string, word: string];

const headOf = (word: string) => [...word].slice(0, 2).join('');

/** By what an article can be suggested. As reasonsFor() in knowledge.ts means it: a search finds only what was cut the same way. */
export function knowledgeHints(
  article: Pick<KnowledgeContent, 'topics' | 'queues' | 'productCodes' | 'dispositionCodes'>,
): KnowledgeHint[] {
  const topics = article.topics.map(plainWords).filter((word) => word !== '');
  return [
    ...topics.map((word) => ['topic', headOf(word), word] as const),
    ...article.queues.map((name) => ['queue', name, ''] as const),
    ...article.productCodes.map((code) => ['product', code, ''] as const),
    ...article.dispositionCodes.map((code) => ['disposition', code, ''] as const),
  ];
}

/** What is asked of the hints: texts with the beginnings of all words that may stand in them, and keys. */
export interface HintQuery {
  texts: { kind: 'note' | 'case'; text: string; heads: string[] }[];
  keys: [kind: 'queue' | 'product' | 'disposition', key: string][];
}

export function hintQuery(about: KnowledgeAbout): HintQuery {
  const text = (kind: 'note' | 'case', words: string) => ({ kind, text: plainWords(words), heads: heads(words) });
  const { queue, dispositionCode, productCodes, cases, note } = about;
  return {
    texts: [
      ...(note.trim() === '' ? [] : [text('note', note)]),
      ...cases.map(({ subject }) => text('case', subject)),
    ].filter((one) => one.heads.length > 0),
    keys: [
      ...(queue === null ? [] : [['queue', queue] as [kind: 'queue', key: string]]),
      ...(dispositionCode === null ? [] : [['disposition', dispositionCode] as [kind: 'disposition', key: string]]),
      ...[...new Set(productCodes)].map((code): [kind: 'product', key: string] => ['product', code]),
    ],
  };
}

/** Each letter, and each with the one behind it. */
function heads(words: string): string[] {
  const letters = [...plainWords(words)];
  return [...new Set(letters.flatMap((letter, at) => [letter, letter + (letters[at + 1] ?? '')]))];
}
