import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { DangolError } from '../../../shared/errors.ts';
import type { KnowledgeAbout, KnowledgeArticle, KnowledgeHit, KnowledgeUse } from '../../../shared/knowledge.ts';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';

const SEARCH_AFTER_MS = 80;

export interface Listing {
  hits: readonly KnowledgeHit[];
  more: boolean;
  /** How many articles this desk has. */
  total: number;
  /** The text that these were found for. */
  text: string;
}

/** What is found as one types; null until the first answer. Read again when the call is about something else, or an article came. */
export function useListing(text: string, about: KnowledgeAbout) {
  const desk = useDesk();
  const [listing, setListing] = useState<Listing | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const [again, setAgain] = useState(0);
  // The catalogue is read anew when articles come from the centre, too.
  const catalogue = useStore(desk.session.store, (state) => state.catalogue);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` and `catalogue` only say that it is time
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(() => {
      desk.api.knowledge.search({ text: text.slice(0, 100), about }).then(
        (found) => {
          if (stale) return;
          setListing({ ...found, text: text.trim() });
          setProblem(null);
        },
        (error: unknown) => !stale && setProblem(toDangolError(error)),
      );
    }, SEARCH_AFTER_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [desk, text, about, again, catalogue]);
  return { listing, problem, retry: useCallback(() => setAgain((n) => n + 1), []) };
}

export interface OpenArticle {
  article: KnowledgeArticle;
  cited: number;
  helped: number;
  used: Record<KnowledgeUse, boolean>;
}

export type Reading =
  | { state: 'list' }
  | { state: 'opening'; id: string }
  | { state: 'open'; open: OpenArticle }
  | { state: 'failed'; id: string; problem: DangolError };

/** The article on screen, read again when another call is on screen: what was pressed there is another matter. */
export function useReading(occasionId: string | null) {
  const desk = useDesk();
  /** Whose answer is still wanted; null: the list is. */
  const wanted = useRef<string | null>(null);
  const [reading, setReading] = useState<Reading>({ state: 'list' });
  const read = useCallback(
    async (articleId: string) => {
      try {
        const open = await desk.api.knowledge.read({ articleId, occasionId: occasionId ?? articleId });
        if (wanted.current === articleId) setReading({ state: 'open', open });
      } catch (error) {
        if (wanted.current === articleId) setReading({ state: 'failed', id: articleId, problem: toDangolError(error) });
      }
    },
    [desk, occasionId],
  );
  useEffect(() => {
    if (wanted.current !== null) void read(wanted.current);
  }, [read]);
  const show = useCallback(
    (articleId: string | null) => {
      wanted.current = articleId;
      if (articleId === null) setReading({ state: 'list' });
      else void read(articleId);
    },
    [read],
  );
  return { reading, show, again: () => wanted.current !== null && void read(wanted.current) };
}
