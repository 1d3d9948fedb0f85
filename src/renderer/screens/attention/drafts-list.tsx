import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DangolError } from '../../../shared/errors.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { keyOfFocus, keysInHand, type LeftDraft, leftDrafts, moveDraftHere, openDraft } from '../../desk-work.ts';
import { useWords } from '../../i18n.ts';
import { LOOSE_KEY } from '../../work-keys.ts';
import classes from './attention.module.css';

/** What was typed and not saved, and is on no screen: of calls long over, of customers looked up, of nobody. */
export function DraftsList() {
  const desk = useDesk();
  const { t } = useWords();
  const drafts = useLeftDrafts();
  useEffect(() => {
    void desk.notes.flushAll().then(desk.notes.readKept, () => undefined);
  }, [desk]);
  if (drafts.length === 0) return null;
  return (
    <section className={classes.drafts} aria-label={t('drafts.title')}>
      <h3 className={classes.subtitle}>{t('drafts.title')}</h3>
      <p className={classes.lead}>{t('drafts.lead')}</p>
      <ul className={classes.list}>
        {drafts.map((draft) => (
          <DraftItem key={draft.noteId} draft={draft} />
        ))}
      </ul>
    </section>
  );
}

/** Every draft that is not on screen now. */
export function useLeftDrafts(): readonly LeftDraft[] {
  const desk = useDesk();
  const notes = useStore(desk.notes.store);
  // Read for its changes: which calls there are and what is shown decides what is left over.
  useStore(desk.calls.store);
  return leftDrafts(notes, keysInHand(desk));
}

function DraftItem({ draft }: { draft: LeftDraft }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(60_000);
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const shown = useStore(desk.calls.store, ({ focus }) => keyOfFocus(focus));
  const ofNobody = draft.customerId === null;
  const kind = draft.callId !== null ? 'call' : ofNobody ? 'nobody' : 'customer';
  return (
    <li className={classes.item}>
      <div className={classes.itemHead}>
        <strong>{t(`drafts.kind.${kind}`)}</strong>
        {draft.at !== null && <span title={format.exact(draft.at)}>{format.relative(draft.at, now)}</span>}
      </div>
      <p className={classes.summary} data-clamp="true">
        {draft.text}
      </p>
      {problem && <Problem problem={problem} />}
      <div className={classes.acts}>
        {!asked && (
          <>
            <Button onClick={() => void openDraft(desk, draft).then(setProblem)}>{t('drafts.open')}</Button>
            {ofNobody && shown !== LOOSE_KEY && (
              <Button variant="default" onClick={() => void moveDraftHere(desk, draft).then(setProblem)}>
                {t('drafts.move_here')}
              </Button>
            )}
            <Button variant="default" onClick={() => setAsked(true)}>
              {t('attention.discard')}
            </Button>
          </>
        )}
        {asked && (
          <>
            <Button color="red" onClick={() => void desk.notes.discard(draft.noteId).then(setProblem)}>
              {t('drafts.discard_do')}
            </Button>
            <Button variant="default" onClick={() => setAsked(false)}>
              {t('back')}
            </Button>
          </>
        )}
      </div>
    </li>
  );
}
