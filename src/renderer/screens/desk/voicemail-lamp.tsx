import { IconMail } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import classes from './desk.module.css';

/** New messages in the mailbox of this line (RFC 3842), as the PBX tells; nothing where there are none. */
export function VoicemailLamp() {
  const desk = useDesk();
  const { t } = useWords();
  const n = useStore(desk.line.store, (line) => line.newVoicemail);
  if (n === 0) return null;
  return (
    <span className={classes.line} role="status">
      <IconMail size={15} stroke={1.8} aria-hidden="true" />
      {t('call:voicemail', { n })}
    </span>
  );
}
