import { z } from 'zod';
import { act, Nothing } from './contract-base.ts';
import { Id } from './ids.ts';
import { KnowledgeAbout, KnowledgeArticle, KnowledgeHit, KnowledgeUse } from './knowledge.ts';
import {
  ArticleDraft,
  KnowledgeDesk,
  KnowledgePublish,
  KnowledgeSave,
  KnowledgeSaved,
  KnowledgeVersion,
  KnowledgeVersionList,
} from './knowledge-authoring.ts';

export const KNOWLEDGE_MAX_HITS = 20;

/** What was pressed for this article in this call (outside of one: in this note). */
const Used = z.object({ cited: z.boolean(), helped: z.boolean() });
const Counts = z.object({ cited: z.int(), helped: z.int(), used: Used });

/** The articles of the business: read and counted at the desk, also offline; written at the centre. */
export const knowledge = {
  /** By words, two syllables or 초성; without a text what fits the call, each with its reasons, then the most helpful. At most 20. */
  search: act(
    z.object({ text: z.string().max(100), about: KnowledgeAbout }),
    z.object({ hits: z.array(KnowledgeHit).max(KNOWLEDGE_MAX_HITS), more: z.boolean(), total: z.int() }),
  ),
  /** `occasionId`: the call; outside of one the note. NOT_FOUND: withdrawn meanwhile. */
  read: act(z.object({ articleId: Id, occasionId: Id }), Counts.extend({ article: KnowledgeArticle })),
  /** One durable commit. Counts once for an agent, an occasion and an article, however often it is pressed. */
  use: act(
    z.object({ articleId: Id, number: z.int().min(1), use: KnowledgeUse, occasionId: Id }),
    Counts.extend({ counted: z.boolean() }),
  ),
  /** Everything below is asked of the centre: supervisors and administrators. FORBIDDEN, CENTRE_UNREACHABLE. */
  author: {
    list: act(Nothing, KnowledgeDesk),
    /** What this author has not saved yet: kept on this desk, over reloads and without the centre. */
    drafts: act(Nothing, z.object({ drafts: z.array(z.object({ articleId: Id, draft: ArticleDraft })) })),
    /** null: saved, or let go. */
    keepDraft: act(z.object({ articleId: Id, draft: ArticleDraft.nullable() }), Nothing),
    versions: act(z.object({ articleId: Id }), KnowledgeVersionList),
    version: act(z.object({ articleId: Id, number: z.int().min(1) }), KnowledgeVersion),
    /** A new version each time; the same versionId again is the same save. Nobody's words are replaced. */
    save: act(KnowledgeSave, KnowledgeSaved),
    /** CHANGED_MEANWHILE: somebody saved a version that the publisher has not seen. Nothing was published. */
    publish: act(KnowledgePublish.extend({ articleId: Id }), KnowledgeSaved),
    /** Agents do not find it any more; its versions stay. */
    withdraw: act(z.object({ articleId: Id }), Nothing),
  },
};
