import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { NOTE_MAX_LENGTH } from '../../../shared/interaction.ts';
import { useWords } from '../../i18n.ts';
import type { HeldEdit } from '../../stores/sync-store.ts';
import classes from './attention.module.css';

interface EditProps {
  edit: HeldEdit;
  onType: (text: string) => void;
  onDone: (text: string | null) => void;
  onBack: () => void;
}

/** The whole note, never its summary. The words stay in the store: a sheet that is closed loses none of them. */
export function Edit({ edit, onType, onDone, onBack }: EditProps) {
  const { t } = useWords();
  const { original, text } = edit;
  return (
    <div className={classes.form}>
      <Textarea
        size="sm"
        autoFocus
        autosize
        minRows={3}
        maxRows={16}
        maxLength={NOTE_MAX_LENGTH}
        aria-label={t('note.title')}
        value={text}
        onChange={(event) => onType(event.currentTarget.value)}
      />
      <div className={classes.acts}>
        <Button disabled={text.trim() === ''} onClick={() => onDone(text === original ? null : text)}>
          {t('attention.retry')}
        </Button>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </div>
  );
}

export function Discard({ onDone, onBack }: { onDone: (reason: string) => void; onBack: () => void }) {
  const { t } = useWords();
  const [reason, setReason] = useState('');
  return (
    <div className={classes.form}>
      <TextInput
        size="sm"
        autoFocus
        label={t('attention.discard_reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={classes.acts}>
        <Button color="red" disabled={reason.trim().length < 2} onClick={() => onDone(reason.trim())}>
          {t('attention.discard_do')}
        </Button>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </div>
  );
}
