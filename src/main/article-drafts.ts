import { z } from 'zod';
import { ArticleDraft } from '../shared/knowledge-authoring.ts';
import type { HostContext } from './host-context.ts';
import { readKeep, writeKeep } from './keep.ts';

const Kept = z.record(z.string(), ArticleDraft);
const nameOf = (agentId: string) => `articles.${agentId}`;

/** What this author is writing and has not saved at the centre. It is on this desk alone. */
export function readArticleDrafts({ outbox, seat }: HostContext): { articleId: string; draft: ArticleDraft }[] {
  const kept = readKeep(outbox, nameOf(seat.author().id), Kept) ?? {};
  return Object.entries(kept).map(([articleId, draft]) => ({ articleId, draft }));
}

/** Durable when it returns. null: it was saved, or let go. */
export function keepArticleDraft({ outbox, seat }: HostContext, articleId: string, draft: ArticleDraft | null): void {
  const name = nameOf(seat.author().id);
  outbox
    .transaction(() => {
      const { [articleId]: _, ...others } = readKeep(outbox, name, Kept) ?? {};
      const next = draft === null ? others : { ...others, [articleId]: draft };
      writeKeep(outbox, name, Object.keys(next).length === 0 ? null : next);
    })
    .immediate();
}
