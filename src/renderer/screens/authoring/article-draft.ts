import { KNOWLEDGE_BODY_MAX, KnowledgeContent } from '../../../shared/knowledge.ts';
import type { ArticleDraft } from '../../../shared/knowledge-authoring.ts';

export const EMPTY_DRAFT: ArticleDraft = {
  ...{ title: '', shortAnswer: '', body: '', topics: '', products: '' },
  ...{ queues: [], dispositions: [], basedOn: null },
};

export function draftOf(content: KnowledgeContent, basedOn: number): ArticleDraft {
  const { title, shortAnswer, body, queues, dispositionCodes } = content;
  return {
    ...{ title, shortAnswer, body, queues, dispositions: dispositionCodes, basedOn },
    ...{ topics: content.topics.join(', '), products: content.productCodes.join(', ') },
  };
}

const LISTS: ReadonlySet<string> = new Set(['topics', 'productCodes', 'queues', 'dispositionCodes']);

const listed = (text: string) => [
  ...new Set(
    text
      .split(/[,，、\n]/u)
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
];

/** What is saved, or the word for what is wrong: nothing is cut in silence. */
export function contentOf(draft: ArticleDraft): KnowledgeContent | 'required' | 'too_long' | 'too_many' | 'unreadable' {
  if (draft.body.length > KNOWLEDGE_BODY_MAX) return 'too_long';
  const { title, shortAnswer, body, queues, dispositions } = draft;
  const parsed = KnowledgeContent.safeParse({
    ...{ title, shortAnswer, body, queues: [...queues], dispositionCodes: [...dispositions] },
    topics: listed(draft.topics),
    productCodes: listed(draft.products),
  });
  if (parsed.success) return parsed.data;
  if (title.trim() === '' || shortAnswer.trim() === '') return 'required';
  const isList = parsed.error.issues.some(({ path }) => LISTS.has(String(path[0])));
  return isList ? 'too_many' : 'unreadable';
}

/** One text of everything, for comparing two versions in words. */
export function textOf(draft: ArticleDraft): string {
  const lists = [draft.topics, draft.products, draft.queues.join(', '), draft.dispositions.join(', ')];
  return [draft.title, draft.shortAnswer, draft.body, ...lists.filter((list) => list !== '')].join('\n\n');
}
