import { Button } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DangolError } from '../../../shared/errors.ts';
import type { UnassignedNote } from '../../../shared/host-types.ts';
import { MarkBadge } from '../../components/mark.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { keyOfFocus } from '../../desk-work.ts';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import classes from './attention.module.css';

/** Saved notes of calls whose customer nobody has said: no customer's screen has them, so they are here. */
export function UnassignedList() {
  const desk = useDesk();
  const { t } = useWords();
  const [notes, setNotes] = useState<readonly UnassignedNote[]>([]);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const read = useCallback(
    () =>
      desk.api.note.unassigned({}).then(
        (found) => setNotes(found.notes),
        (error: unknown) => setProblem(toDangolError(error)),
      ),
    [desk],
  );
  useEffect(() => {
    void read();
  }, [read]);
  const assign = (callId: string, customerId: string) =>
    desk.api.call.assign({ callId, customerId }).then(read, (error: unknown) => setProblem(toDangolError(error)));
  if (notes.length === 0 && !problem) return null;
  return (
    <section className={classes.drafts} aria-label={t('unassigned.title')}>
      <h3 className={classes.subtitle}>{t('unassigned.title')}</h3>
      <p className={classes.lead}>{t('unassigned.lead')}</p>
      {problem && <Problem problem={problem} />}
      <ul className={classes.list}>
        {notes.map((note) => (
          <NoteItem key={note.noteId} note={note} onAssign={assign} />
        ))}
      </ul>
    </section>
  );
}

interface NoteItemProps {
  note: UnassignedNote;
  onAssign: (callId: string, customerId: string) => unknown;
}

function NoteItem({ note, onAssign }: NoteItemProps) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(60_000);
  const { callId } = note;
  const key = useStore(desk.calls.store, ({ focus }) => keyOfFocus(focus));
  const shown = useStore(desk.customers.store, ({ panes }) => {
    const pane = panes[key];
    return pane?.state === 'open' ? pane.view.customer : null;
  });
  const practice = useStore(desk.sync.store, ({ status }) => status?.practiceStore ?? false);
  return (
    <li className={classes.item}>
      <div className={classes.itemHead}>
        <MarkBadge mark={note.mark} practice={practice} />
        <span title={format.exact(note.at)}>{format.relative(note.at, now)}</span>
      </div>
      <p className={classes.summary} data-clamp="true">
        {note.text}
      </p>
      {callId !== null && shown && (
        <div className={classes.acts}>
          <Button variant="default" onClick={() => onAssign(callId, shown.id)}>
            {t('unassigned.assign', { name: shown.name })}
          </Button>
        </div>
      )}
    </li>
  );
}
