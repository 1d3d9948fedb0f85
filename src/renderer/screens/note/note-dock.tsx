import { IconPlus } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk, useShownCall } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { customerKey, LOOSE_KEY } from '../../work-keys.ts';
import { useLeftDrafts } from '../attention/drafts-list.tsx';
import type { DeskUi } from '../desk/desk-target.ts';
import { shownKey } from '../desk/use-desk-keys.ts';
import { ScriptChip } from '../script/script-chip.tsx';
import { BlockChips } from './block-chips.tsx';
import classes from './note.module.css';
import { NoteField } from './note-field.tsx';
import { NoteMark } from './note-mark.tsx';
import { SaveButton } from './save-button.tsx';
import { WrapUpRow } from './wrap-up-row.tsx';

/** The note: always here, always open for typing. One element for ever, so that a caret in it is never lost. */
export function NoteDock({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const focus = useStore(desk.calls.store, (state) => state.focus);
  const call = useShownCall();
  const key = shownKey(focus) ?? LOOSE_KEY;
  useEffect(() => {
    if (key === LOOSE_KEY) desk.notes.open(LOOSE_KEY, { callId: null, customerId: null });
    if (focus.kind === 'customer') {
      desk.notes.open(customerKey(focus.customerId), { callId: null, customerId: focus.customerId });
    }
  }, [desk, key, focus]);
  return (
    <section className={classes.dock} aria-label={t('note.title')}>
      <div className={classes.head}>
        <label htmlFor="note-field" className={classes.label} data-safe>
          {t('note.title')}
        </label>
        <FollowUpButton ui={ui} />
        <ScriptChip ui={ui} />
        <BlockChips />
        <PastCall slotKey={key} />
        <LeftDrafts />
        <NoteMark slotKey={key} />
      </div>
      <div className={classes.body}>
        <NoteField slotKey={key} />
        <SaveButton slotKey={key} call={call} />
      </div>
      <WrapUpRow call={call} />
    </section>
  );
}

/** What was promised is written down beside the note. */
function FollowUpButton({ ui }: { ui: DeskUi }) {
  const { t } = useWords();
  return (
    <button
      type="button"
      className={classes.followUp}
      aria-expanded={ui.followUp}
      aria-keyshortcuts="Alt+Shift+F"
      onClick={() => ui.setFollowUp(!ui.followUp)}
    >
      <IconPlus size={14} aria-hidden="true" />
      {t('keys:follow_up')} <KeyHint act="follow_up" />
    </button>
  );
}

/** An older draft that was opened here is of its own call, not of whoever is on screen. */
function PastCall({ slotKey }: { slotKey: string }) {
  const desk = useDesk();
  const { t } = useWords();
  const past = useStore(
    desk.notes.store,
    ({ slots }) => !slotKey.startsWith('call:') && slots[slotKey]?.callId != null,
  );
  return past ? <span className={classes.hint}>{t('drafts.kind.call')}</span> : null;
}

/** That there is more, and which key leads to it. */
function LeftDrafts() {
  const { t } = useWords();
  const { length } = useLeftDrafts();
  if (length === 0) return null;
  return (
    <span className={classes.hint}>
      {t('drafts.left', { n: length })} <KeyHint act="attention" />
    </span>
  );
}
