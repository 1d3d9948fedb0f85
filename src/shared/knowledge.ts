import { z } from 'zod';
import { Id } from './ids.ts';
import { Instant, LocalText } from './text.ts';

/** Words as both databases keep them: PostgreSQL takes neither a NUL nor half of a surrogate pair. */
const words = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => text.isWellFormed() && !text.includes('\u0000'));
const line = (max: number) => words(max).trim().min(1);

export const KNOWLEDGE_BODY_MAX = 20_000;

/** What a supervisor writes. One language, the business's own: agents read it out. */
export const KnowledgeContent = z.object({
  title: line(200),
  /** What goes into a note when the article is cited, and what an agent says first. */
  shortAnswer: line(600),
  /** Markdown. No HTML passes; links are shown with their address. */
  body: words(KNOWLEDGE_BODY_MAX),
  /** Words that customers use for it. Found by search; in a note or the subject of a case they suggest the article. */
  topics: z.array(line(40)).max(20),
  /** Names of queues whose calls are often about it. */
  queues: z.array(line(100)).max(20),
  /** Codes of products whose owners ask about it. */
  productCodes: z.array(line(40)).max(50),
  dispositionCodes: z.array(z.string().regex(/^[a-z0-9_]{1,40}$/)).max(20),
});
export type KnowledgeContent = z.infer<typeof KnowledgeContent>;

/** What agents say instead of the title, e.g. K-12. Given by the centre. */
export const KnowledgeCode = z.string().regex(/^[\p{L}\p{N}_-]{1,40}$/u);

/** The published version of an article, as every desk has it. Withdrawn: the row is deleted. */
export const KnowledgeArticle = KnowledgeContent.extend({
  id: Id,
  code: KnowledgeCode,
  /** 1, 2, 3 … of this article; what a note cites. */
  number: z.int().min(1),
  publishedAt: Instant,
  publishedBy: z.string().max(100),
});
export type KnowledgeArticle = z.infer<typeof KnowledgeArticle>;

/** How often agents cited a published article, and how often they said that it helped. A row of its own: it changes all day. */
export const KnowledgeCount = z.object({ id: Id, cited: z.int().min(0), helped: z.int().min(0) });
export type KnowledgeCount = z.infer<typeof KnowledgeCount>;

export const KnowledgeUse = z.enum(['cited', 'helped']);
export type KnowledgeUse = z.infer<typeof KnowledgeUse>;

/** What the call is about, as far as the screen shows it. Nothing of a customer but what they own and what is open. */
export const KnowledgeAbout = z.object({
  queue: z.string().max(100).nullable(),
  dispositionCode: z.string().max(40).nullable(),
  productCodes: z.array(z.string().max(40)).max(100),
  cases: z.array(z.object({ number: z.string().max(40), subject: z.string().max(300) })).max(50),
  note: z.string().max(20_000),
});
export type KnowledgeAbout = z.infer<typeof KnowledgeAbout>;

/** Why an article is suggested. */
export const KnowledgeReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('note'), word: z.string() }),
  z.object({ kind: z.literal('case'), word: z.string(), number: z.string() }),
  z.object({ kind: z.literal('disposition'), code: z.string() }),
  z.object({ kind: z.literal('product'), code: z.string(), name: LocalText }),
  z.object({ kind: z.literal('queue'), name: z.string() }),
]);
export type KnowledgeReason = z.infer<typeof KnowledgeReason>;

/** One line of the list. */
export const KnowledgeHit = z.object({
  id: Id,
  code: z.string(),
  number: z.int(),
  title: z.string(),
  shortAnswer: z.string(),
  cited: z.int(),
  helped: z.int(),
  reasons: z.array(KnowledgeReason),
});
export type KnowledgeHit = z.infer<typeof KnowledgeHit>;

/** What counts most first: what is said in this call, then what is known of the customer, then where the call came in. */
export const WEIGHT: Readonly<Record<KnowledgeReason['kind'], number>> = {
  note: 8,
  case: 5,
  disposition: 4,
  product: 2,
  queue: 1,
};

/** The weight of its reasons: each kind once, or an article with twenty topics would win every call. */
export function weightOf(reasons: readonly KnowledgeReason[]): number {
  return [...new Set(reasons.map(({ kind }) => kind))].reduce((sum, kind) => sum + WEIGHT[kind], 0);
}

/** As words are compared: composed, small, and without spaces, which Korean writers set as they like. */
export const plainWords = (text: string) => text.normalize('NFC').toLowerCase().replace(/\s+/gu, '');

/** Why this article may answer what the call is about, the strongest reason first; empty: it is not suggested. */
export function reasonsFor(
  article: Pick<KnowledgeContent, 'topics' | 'queues' | 'productCodes' | 'dispositionCodes'>,
  about: KnowledgeAbout,
  nameOfProduct: (code: string) => LocalText | null,
): KnowledgeReason[] {
  const said = plainWords(about.note);
  const named = (text: string) =>
    article.topics.find((topic) => plainWords(topic) !== '' && text.includes(plainWords(topic)));
  const word = named(said);
  const cases = about.cases.flatMap(({ number, subject }) => {
    const found = named(plainWords(subject));
    return found === undefined ? [] : [{ kind: 'case' as const, word: found, number }];
  });
  const { dispositionCode: code, queue } = about;
  const products = about.productCodes.filter((owned) => article.productCodes.includes(owned));
  return [
    ...(word === undefined ? [] : [{ kind: 'note' as const, word }]),
    ...cases.slice(0, 1),
    ...(code !== null && article.dispositionCodes.includes(code) ? [{ kind: 'disposition' as const, code }] : []),
    ...products.slice(0, 1).map((owned) => ({
      ...{ kind: 'product' as const, code: owned },
      name: nameOfProduct(owned) ?? { ko: owned, en: owned },
    })),
    ...(queue !== null && article.queues.includes(queue) ? [{ kind: 'queue' as const, name: queue }] : []),
  ];
}
