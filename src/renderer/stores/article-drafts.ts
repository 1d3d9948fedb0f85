import type { ArticleDraft } from '../../shared/knowledge-authoring.ts';
import type { DeskApi } from '../host-client.ts';
import type { ReplayQueue } from '../replay-queue.ts';

/**
 * Articles that are being written, by author and article ("<agent> <article>"): closing their sheet loses nothing, and the host keeps
 * them over reloads and crashes, as it keeps a note's draft.
 */
export interface ArticleDrafts {
  get: (key: string) => ArticleDraft | undefined;
  has: (key: string) => boolean;
  set: (key: string, draft: ArticleDraft) => void;
  delete: (key: string) => void;
  all: () => [key: string, draft: ArticleDraft][];
  /** What the host has of this author: what is written on this page already stays. */
  read: (agentId: string) => Promise<void>;
  /** Whatever is not at the host yet goes there now. */
  flush: () => void;
}

export interface ArticleDraftsOptions {
  api: DeskApi;
  queue: ReplayQueue;
  /** Who is signed in: nothing is kept under another's name. */
  sitting: () => string | null;
  log: (event: string, facts: Record<string, string>) => void;
}

const KEEP_AFTER_MS = 250;

export function createArticleDrafts({ api, queue, sitting, log }: ArticleDraftsOptions): ArticleDrafts {
  const drafts = new Map<string, ArticleDraft>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const keep = (key: string) => {
    clearTimeout(timers.get(key));
    timers.delete(key);
    const [agentId, articleId = ''] = key.split(' ');
    queue
      .send(`article:${key}`, 'keep', async () => {
        if (sitting() !== agentId) return;
        await api.knowledge.author.keepDraft({ articleId, draft: drafts.get(key) ?? null });
      })
      .catch((error: unknown) => log('article_draft_failed', { error: String(error) }));
  };
  const keepSoon = (key: string) => {
    // Not a debounce: who writes without a pause is kept all the same.
    if (!timers.has(key))
      timers.set(
        key,
        setTimeout(() => keep(key), KEEP_AFTER_MS),
      );
  };
  return {
    get: (key) => drafts.get(key),
    has: (key) => drafts.has(key),
    set: (key, draft) => {
      drafts.set(key, draft);
      keepSoon(key);
    },
    delete: (key) => {
      if (drafts.delete(key)) keep(key);
    },
    all: () => [...drafts],
    read: async (agentId) => {
      const { drafts: kept } = await api.knowledge.author.drafts({});
      if (sitting() !== agentId) return;
      for (const { articleId, draft } of kept) {
        const key = `${agentId} ${articleId}`;
        if (!drafts.has(key) && !timers.has(key)) drafts.set(key, draft);
      }
    },
    flush: () => {
      for (const key of [...timers.keys()]) keep(key);
    },
  };
}
