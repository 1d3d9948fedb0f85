import { implement, ORPCError } from '@orpc/server';
import { KNOWLEDGE } from '../../src/sandbox/setup/knowledge.ts';
import { contract } from '../../src/shared/contract.ts';
import { type KnowledgeArticle, type KnowledgeUse, reasonsFor, weightOf } from '../../src/shared/knowledge.ts';
import type { ArticleDraft, KnowledgeHead, KnowledgeVersion } from '../../src/shared/knowledge-authoring.ts';
import { fixedId } from './desk-fixtures.ts';

/** Articles as a desk has them and as the centre keeps them. */
export interface FakeKnowledge {
  articles: KnowledgeArticle[];
  counts: Map<string, Record<KnowledgeUse, number>>;
  /** What was pressed: `article use occasion`. */
  presses: string[];
  versions: KnowledgeVersion[];
  withdrawn: Set<string>;
  /** What the author has not saved. */
  drafts: Map<string, ArticleDraft>;
  /** Ids of articles whose publication finds a newer version. */
  changedMeanwhile: Set<string>;
}

const HOUR = 3_600_000;

export function sampleKnowledge(now: number): FakeKnowledge {
  const articles = KNOWLEDGE.map((content, index) => ({
    ...{ ...content, id: fixedId(900 + index), code: `K-${1001 + index}`, number: 1 },
    ...{ publishedAt: new Date(now - (30 + index) * HOUR).toISOString(), publishedBy: '정해린' },
  }));
  return {
    articles,
    counts: new Map(articles.map(({ id }, index) => [id, { cited: 40 - index * 3, helped: 21 - index * 2 }])),
    presses: [],
    versions: articles.map(({ id, code: _, number, publishedAt, publishedBy, ...content }) => ({
      ...{ articleId: id, number, title: content.title, basedOn: null },
      ...{ savedAt: publishedAt, savedBy: publishedBy, content },
    })),
    withdrawn: new Set(),
    drafts: new Map(),
    changedMeanwhile: new Set(),
  };
}

function headOf(state: FakeKnowledge, id: string): KnowledgeHead {
  const latest = state.versions.filter(({ articleId }) => articleId === id).at(-1);
  if (!latest) throw new ORPCError('NOT_FOUND', { data: { next: 'none' } });
  const article = state.articles.find((one) => one.id === id);
  const { articleId: _, content: __, ...info } = latest;
  const withdrawn = state.withdrawn.has(id);
  return {
    ...{ id, code: article?.code ?? 'K-1099', latest: info, withdrawn },
    ...{ published: withdrawn ? null : (article?.number ?? null), ...countsOf(state, id) },
  };
}

const countsOf = (state: FakeKnowledge, id: string) => state.counts.get(id) ?? { cited: 0, helped: 0 };

type Implementer = ReturnType<typeof implementerOf>;
function implementerOf() {
  return implement(contract).use(({ next }) => next());
}

export function knowledgeActs(os: Implementer, { knowledge: state }: { knowledge: FakeKnowledge }, now: () => number) {
  const used = (id: string, occasion: string) => ({
    cited: state.presses.includes(`${id} cited ${occasion}`),
    helped: state.presses.includes(`${id} helped ${occasion}`),
  });
  const article = (id: string) => {
    const found = state.articles.find((one) => one.id === id);
    if (!found || state.withdrawn.has(id)) throw new ORPCError('NOT_FOUND', { data: { next: 'none' } });
    return found;
  };
  return {
    search: os.knowledge.search.handler(({ input: { text, about } }) => {
      const hits = state.articles
        .filter((one) => [one.title, ...one.topics].some((word) => word.includes(text.trim())))
        .map((one) => ({ ...one, ...countsOf(state, one.id), reasons: reasonsFor(one, about, () => null) }))
        .sort((a, b) => weightOf(b.reasons) - weightOf(a.reasons));
      return { hits: hits.slice(0, 20), more: false, total: state.articles.length };
    }),
    read: os.knowledge.read.handler(({ input: { articleId, occasionId } }) => ({
      ...{ article: article(articleId), ...countsOf(state, articleId), used: used(articleId, occasionId) },
    })),
    use: os.knowledge.use.handler(({ input: { articleId, use, occasionId } }) => {
      const press = `${articleId} ${use} ${occasionId}`;
      const counted = !state.presses.includes(press);
      if (counted) {
        state.presses.push(press);
        const counts = countsOf(state, articleId);
        state.counts.set(articleId, { ...counts, [use]: counts[use] + 1 });
      }
      return { ...countsOf(state, articleId), used: used(articleId, occasionId), counted };
    }),
    author: authorActs(os, state, now),
  };
}

function authorActs(os: Implementer, state: FakeKnowledge, now: () => number) {
  const { author } = os.knowledge;
  const infos = (id: string) =>
    state.versions
      .filter(({ articleId }) => articleId === id)
      .map(({ articleId: _, content: __, ...info }) => info)
      .reverse();
  return {
    drafts: author.drafts.handler(() => ({
      drafts: [...state.drafts].map(([articleId, draft]) => ({ articleId, draft })),
    })),
    keepDraft: author.keepDraft.handler(({ input: { articleId, draft } }) => {
      if (draft) state.drafts.set(articleId, draft);
      else state.drafts.delete(articleId);
      return {};
    }),
    list: author.list.handler(() => ({
      articles: [...new Set(state.versions.map(({ articleId }) => articleId))].map((id) => headOf(state, id)),
    })),
    versions: author.versions.handler(({ input: { articleId } }) => ({
      ...{ head: headOf(state, articleId), versions: infos(articleId) },
    })),
    version: author.version.handler(({ input }) => {
      const found = state.versions.find((one) => one.articleId === input.articleId && one.number === input.number);
      if (!found) throw new ORPCError('NOT_FOUND', { data: { next: 'none' } });
      return found;
    }),
    save: author.save.handler(({ input: { articleId, basedOn, content } }) => {
      const number = (infos(articleId)[0]?.number ?? 0) + 1;
      const savedAt = new Date(now()).toISOString();
      state.versions.push({ articleId, number, title: content.title, basedOn, savedAt, savedBy: '정해린', content });
      const others = infos(articleId).filter((one) => one.number > (basedOn ?? 0) && one.number < number);
      return { number, head: headOf(state, articleId), others };
    }),
    publish: author.publish.handler(({ input: { articleId, number } }) => {
      if (state.changedMeanwhile.has(articleId)) throw new ORPCError('CHANGED_MEANWHILE', { data: { next: 'retry' } });
      const version = state.versions.find((one) => one.articleId === articleId && one.number === number);
      if (!version) throw new ORPCError('NOT_FOUND', { data: { next: 'none' } });
      const code = state.articles.find(({ id }) => id === articleId)?.code ?? 'K-1099';
      const { content, savedBy: publishedBy, savedAt: publishedAt } = version;
      state.articles = state.articles.filter(({ id }) => id !== articleId);
      state.articles.push({ ...content, id: articleId, code, number, publishedAt, publishedBy });
      state.withdrawn.delete(articleId);
      return { number, head: headOf(state, articleId), others: [] };
    }),
    withdraw: author.withdraw.handler(({ input }) => {
      state.withdrawn.add(input.articleId);
      return {};
    }),
  };
}
