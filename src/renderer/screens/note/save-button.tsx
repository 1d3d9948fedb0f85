import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import type { DeskCall } from '../../stores/call-store.ts';
import { saveAndShow } from '../desk/use-desk-keys.ts';
import classes from './note.module.css';

/** One key for "done": saves the note, and ends the wrap-up where a disposition is chosen. */
export function SaveButton({ slotKey, call }: { slotKey: string; call: DeskCall | null }) {
  const desk = useDesk();
  const { t } = useWords();
  const slot = useStore(desk.notes.store, ({ slots }) => slots[slotKey]);
  const hasText = (slot?.text ?? '').trim() !== '';
  // A note of nobody's would be on no screen: it stays a draft until a call or a customer is there for it.
  const ofNobody = !slot || (slot.callId === null && slot.customerId === null);
  const finishes = call?.stage === 'wrap_up' && call.dispositionCode !== null;
  const word = finishes ? (hasText ? 'note.save_and_finish' : 'note.finish') : 'note.save';
  return (
    <Button
      data-safe
      className={classes.save}
      size="sm"
      variant={finishes || hasText ? 'filled' : 'default'}
      loading={slot?.saving ?? false}
      disabled={ofNobody || (!hasText && !finishes)}
      rightSection={<KeyHint act="save" />}
      aria-keyshortcuts={keyOf('save')}
      onClick={() => void saveAndShow(desk)}
    >
      {t(word)}
    </Button>
  );
}
