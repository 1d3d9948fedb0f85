import { z } from 'zod';
import { Id } from './ids.ts';
import { KnowledgeCode, KnowledgeContent } from './knowledge.ts';
import { Instant } from './text.ts';

/** Of an article; from 1. */
const Version = z.int().min(1).max(1_000_000);

/** Who wrote which version, without its words. */
export const KnowledgeVersionInfo = z.object({
  number: Version,
  title: z.string(),
  /** The version that its author had in front of them; null: the first. Two of the same parent were written at the same time. */
  basedOn: Version.nullable(),
  savedAt: Instant,
  savedBy: z.string(),
});
export type KnowledgeVersionInfo = z.infer<typeof KnowledgeVersionInfo>;

/** An article as those who write see it. */
export const KnowledgeHead = z.object({
  id: Id,
  code: KnowledgeCode,
  latest: KnowledgeVersionInfo,
  /** The version that agents read; null: never published, or withdrawn. */
  published: Version.nullable(),
  /** It was published once. */
  withdrawn: z.boolean(),
  cited: z.int(),
  helped: z.int(),
});
export type KnowledgeHead = z.infer<typeof KnowledgeHead>;

/** What somebody is writing, as the fields have it: also what is too long or incomplete yet. Kept by the desk until it is saved. */
export const ArticleDraft = z.object({
  title: z.string().max(10_000),
  shortAnswer: z.string().max(20_000),
  body: z.string().max(200_000),
  /** Separated by commas, as it was typed. */
  topics: z.string().max(20_000),
  products: z.string().max(20_000),
  queues: z.array(z.string().max(100)).max(200),
  dispositions: z.array(z.string().max(100)).max(200),
  /** The version that the author had in front of them. */
  basedOn: Version.nullable(),
});
export type ArticleDraft = z.infer<typeof ArticleDraft>;

/** GET /v1/knowledge: every article, the one that was written last first. */
export const KnowledgeDesk = z.object({ articles: z.array(KnowledgeHead) });
export type KnowledgeDesk = z.infer<typeof KnowledgeDesk>;

export const KNOWLEDGE_MAX_VERSIONS = 500;
/** GET /v1/knowledge/{id}/versions: the newest first. */
export const KnowledgeVersionList = z.object({
  head: KnowledgeHead,
  versions: z.array(KnowledgeVersionInfo).max(KNOWLEDGE_MAX_VERSIONS),
});
export type KnowledgeVersionList = z.infer<typeof KnowledgeVersionList>;

/** GET /v1/knowledge/{id}/versions/{number}: whole, however old. */
export const KnowledgeVersion = KnowledgeVersionInfo.extend({ articleId: Id, content: KnowledgeContent });
export type KnowledgeVersion = z.infer<typeof KnowledgeVersion>;

/** PUT /v1/knowledge/versions. Both ids are made by the page, so that a repeat is the same save. */
export const KnowledgeSave = z.object({
  articleId: Id,
  versionId: Id,
  basedOn: Version.nullable(),
  content: KnowledgeContent,
});
export type KnowledgeSave = z.infer<typeof KnowledgeSave>;

export const KnowledgeSaved = z.object({
  number: Version,
  head: KnowledgeHead,
  /** Versions that others saved since `basedOn`: to be read, and taken over or not, before anything is published. */
  others: z.array(KnowledgeVersionInfo),
});
export type KnowledgeSaved = z.infer<typeof KnowledgeSaved>;

/** POST /v1/knowledge/{id}/publish. `seen`: the newest version that the publisher knows of. */
export const KnowledgePublish = z.object({ number: Version, seen: Version });
export type KnowledgePublish = z.infer<typeof KnowledgePublish>;
