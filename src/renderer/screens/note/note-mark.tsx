import { IconAlertTriangle, IconClock, IconDeviceFloppy } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { MarkBadge } from '../../components/mark.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { LOOSE_KEY } from '../../work-keys.ts';
import classes from './note.module.css';

/** Where the note is, in two steps: kept here while it is written; saved here, then at the centre. */
export function NoteMark({ slotKey }: { slotKey: string }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const slot = useStore(desk.notes.store, ({ slots }) => slots[slotKey]);
  // At rest the mark of the work just done goes on: "saved here" becomes "at the centre" before the agent's eyes.
  const last = useStore(desk.notes.store, (state) => (slotKey === LOOSE_KEY ? state.last : null));
  const gone = useStore(desk.connection, (state) => state.status === 'gone');
  const practice = useStore(desk.sync.store, ({ status }) => status?.practiceStore ?? false);
  if (!slot) return null;
  if (slot.problem) {
    return (
      <span className={classes.markHarm} role="alert">
        <IconAlertTriangle size={14} aria-hidden="true" />
        {t(`errors:${slot.problem.code}.what`)} {t(`errors:next.${slot.problem.next}`)}
      </span>
    );
  }
  const saved = slot.saved ?? last;
  const unsaved = slot.text !== '' && slot.revision !== slot.journaledRevision;
  return (
    <span
      className={classes.mark}
      role="status"
      data-kept={slot.text === '' ? undefined : unsaved ? 'waiting' : 'kept'}
    >
      {gone && (unsaved || slot.saving) && (
        <span className={classes.waiting}>
          <IconClock size={14} aria-hidden="true" />
          {t('note.waits_for_host')}
        </span>
      )}
      {!gone && slot.text !== '' && (
        <span>
          <IconDeviceFloppy size={14} aria-hidden="true" />
          {slot.journaledAt === null || unsaved
            ? t('note.writing')
            : t('note.draft_kept', { at: format.clockTime(slot.journaledAt) })}
        </span>
      )}
      {saved && (
        <span>
          <MarkBadge mark={saved.mark} practice={practice} /> {format.clockTime(saved.at)}
        </span>
      )}
    </span>
  );
}
