import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { DangolError } from '../../../shared/errors.ts';
import { newId } from '../../../shared/ids.ts';
import type { KnowledgeContent } from '../../../shared/knowledge.ts';
import type { ArticleDraft, KnowledgeVersionList } from '../../../shared/knowledge-authoring.ts';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { draftOf, EMPTY_DRAFT } from './article-draft.ts';

export type Said =
  | { word: 'said_saved' | 'said_published' | 'restored'; number: number }
  | { word: 'said_withdrawn' | 'others' | 'changed' | 'save_first' };

/** One article at the centre, and what is being written of it here. @param isNew it has no version yet. */
export function useArticle(articleId: string, isNew: boolean) {
  const desk = useDesk();
  const agentId = useStore(desk.session.store, ({ session }) =>
    session?.status === 'signed_in' ? session.agent.id : '',
  );
  const key = `${agentId} ${articleId}`;
  const kept = desk.articleDrafts.get(key);
  const [draft, setDraft] = useState<ArticleDraft | null>(kept ?? (isNew ? EMPTY_DRAFT : null));
  const [list, setList] = useState<KnowledgeVersionList | null>(null);
  const [said, setSaid] = useState<Said | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const [busy, setBusy] = useState(false);
  // The same save until it is answered, however often it is sent.
  const versionId = useRef(newId());
  const author = desk.api.knowledge.author;

  const change = useCallback(
    (part: Partial<ArticleDraft>) => {
      setDraft((before) => {
        const after = { ...(before ?? EMPTY_DRAFT), ...part };
        desk.articleDrafts.set(key, after);
        return after;
      });
      versionId.current = newId();
    },
    [desk, key],
  );
  const readList = useCallback(async () => setList(await author.versions({ articleId })), [author, articleId]);
  const load = useCallback(async () => {
    try {
      const found = await author.versions({ articleId });
      setList(found);
      const { number } = found.head.latest;
      const { content } = await author.version({ articleId, number });
      setDraft((before) => before ?? draftOf(content, number));
      setProblem(null);
    } catch (error) {
      setProblem(toDangolError(error));
    }
  }, [author, articleId]);
  useEffect(() => {
    if (!isNew) void load();
  }, [isNew, load]);

  const attempt = async (act: () => Promise<Said>) => {
    setBusy(true);
    setSaid(null);
    setProblem(null);
    try {
      setSaid(await act());
      await readList();
    } catch (error) {
      const failed = toDangolError(error);
      if (failed.code === 'CHANGED_MEANWHILE') {
        setSaid({ word: 'changed' });
        await readList().catch(() => undefined);
      } else setProblem(failed);
    }
    setBusy(false);
  };
  const save = (content: KnowledgeContent, andPublish: boolean) =>
    attempt(async () => {
      const sent = desk.articleDrafts.get(key);
      const basedOn = draft?.basedOn ?? null;
      const { number, others } = await author.save({ articleId, versionId: versionId.current, basedOn, content });
      versionId.current = newId();
      // What was typed while the answer was on its way stays, as something that is not saved yet.
      const later = desk.articleDrafts.get(key);
      const isLater = later !== undefined && later !== sent;
      if (isLater) desk.articleDrafts.set(key, { ...later, basedOn: number });
      else desk.articleDrafts.delete(key);
      setDraft(isLater ? { ...later, basedOn: number } : draftOf(content, number));
      if (others.length > 0) return { word: 'others' };
      if (!andPublish) return { word: 'said_saved', number };
      await author.publish({ articleId, number, seen: number });
      return { word: 'said_published', number };
    });
  return {
    ...{ draft, list, said, problem, busy, change, load, save },
    unsaved: desk.articleDrafts.has(key),
    publish: (number: number) =>
      attempt(async () => {
        await author.publish({ articleId, number, seen: list?.head.latest.number ?? number });
        return { word: 'said_published', number };
      }),
    withdraw: () =>
      attempt(async () => {
        await author.withdraw({ articleId });
        return { word: 'said_withdrawn' };
      }),
    /** Into the editor, where nothing there is unsaved; what it is based on stays the newest version that was seen. */
    restore: (number: number) =>
      attempt(async () => {
        if (desk.articleDrafts.has(key)) return { word: 'save_first' };
        const { content } = await author.version({ articleId, number });
        change({ ...draftOf(content, number), basedOn: list?.head.latest.number ?? number });
        return { word: 'restored', number };
      }),
    readVersion: (number: number) => author.version({ articleId, number }),
  };
}
export type ArticleAtWork = ReturnType<typeof useArticle>;
