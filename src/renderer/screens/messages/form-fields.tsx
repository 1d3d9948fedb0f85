import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DangolError } from '../../../shared/errors.ts';
import { MASKED } from '../../../shared/masking.ts';
import type { MessageField } from '../../../shared/message.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { PEEK_MS } from '../../stores/peeks.ts';
import classes from './messages.module.css';

interface FormFieldsProps {
  messageId: string;
  fields: readonly MessageField[];
}

/** What else a form asked: hidden, and as it was filled in for 30 s where somebody says why. */
export function FormFields({ messageId, fields }: FormFieldsProps) {
  const { t } = useWords();
  const { shared } = useStore(useDesk().screen.store);
  const [asking, setAsking] = useState(false);
  const [seen, setSeen] = useState<readonly MessageField[] | null>(null);
  useEffect(() => {
    if (seen === null) return;
    const timer = setTimeout(() => setSeen(null), PEEK_MS);
    return () => clearTimeout(timer);
  }, [seen]);
  useEffect(() => {
    if (shared) setSeen(null);
  }, [shared]);
  const open = shared ? null : seen;
  const hidden = open === null && fields.some(({ value }) => value === MASKED);
  return (
    <>
      <dl className={classes.fields} aria-label={t('message:fields')}>
        {(open ?? fields).map(({ name, value }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a form may ask twice under one name, and never changes
          <div key={`${index} ${name}`}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {hidden && !shared && (
        <button type="button" className={classes.small} aria-expanded={asking} onClick={() => setAsking(!asking)}>
          {t('message:fields_show')}
        </button>
      )}
      {hidden && !shared && asking && (
        <Ask
          messageId={messageId}
          onAnswer={(answer) => {
            setSeen(answer);
            setAsking(false);
          }}
        />
      )}
    </>
  );
}

interface AskProps {
  messageId: string;
  onAnswer: (fields: readonly MessageField[]) => void;
}

function Ask({ messageId, onAnswer }: AskProps) {
  const { t } = useWords();
  const { api } = useDesk();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<DangolError | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    api.messages.read({ messageId, reason: reason.trim() }).then(
      ({ interaction }) => onAnswer(interaction.message?.fields ?? []),
      (error: unknown) => setProblem(toDangolError(error)),
    );
  };
  return (
    <form className={classes.askFor} onSubmit={submit}>
      <TextInput
        label={t('customer:peek.reason')}
        maxLength={200}
        value={reason}
        onChange={({ currentTarget: { value } }) => setReason(value)}
      />
      <Button type="submit" size="xs" variant="default" disabled={reason.trim().length < 2}>
        {t('customer:peek.show')}
      </Button>
      <p className={classes.dim}>{t('customer:peek.logged')}</p>
      {problem && <Problem problem={problem} />}
    </form>
  );
}
