import { Button, TextInput } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { DangolError } from '../../../shared/errors.ts';
import { Drop } from '../../components/drop.tsx';
import { KeyHint } from '../../components/key-hint.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { PLACES } from '../desk/places.ts';
import classes from './customer.module.css';
import type { OpenPane } from './customer-view.tsx';

/** Unmasked for 30 s, with a reason that goes into the access log. */
export function Peek({ paneKey, pane }: { paneKey: string; pane: OpenPane }) {
  const desk = useDesk();
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<DangolError | null>(null);
  const { shared } = useStore(desk.screen.store);
  if (pane.unmaskedUntil !== null) return <PeekClock paneKey={paneKey} until={pane.unmaskedUntil} />;
  const look = async (why: string) => {
    const failed = await desk.customers.peek(paneKey, why);
    setProblem(failed);
    if (!failed) setOpen(false);
  };
  const ready = [
    t('customer:peek.reason_identity'),
    t('customer:peek.reason_contact'),
    t('customer:peek.reason_address'),
  ];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void look(reason.trim());
  };
  const control = (
    <button
      type="button"
      data-place={PLACES.peek}
      className={classes.peek}
      aria-expanded={open}
      disabled={shared}
      onClick={() => setOpen(!open)}
    >
      <IconEye size={15} aria-hidden="true" />
      {t('customer:peek.do')}
      <KeyHint act="peek" />
    </button>
  );
  return (
    <Drop
      open={open && !shared}
      onClose={() => setOpen(false)}
      label={t('customer:peek.title')}
      width={320}
      control={control}
    >
      <form className={classes.peekForm} onSubmit={submit}>
        <strong>{t('customer:peek.title')}</strong>
        <div className={classes.peekReasons}>
          {ready.map((text) => (
            <Button key={text} variant="default" onClick={() => void look(text)}>
              {text}
            </Button>
          ))}
        </div>
        <TextInput
          data-autofocus
          aria-label={t('customer:peek.reason')}
          placeholder={t('customer:peek.reason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit" disabled={reason.trim().length < 2}>
          {t('customer:peek.show')}
        </Button>
        <span className={classes.dim}>{t('customer:peek.logged')}</span>
        {problem && <Problem problem={problem} />}
      </form>
    </Drop>
  );
}

function PeekClock({ paneKey, until }: { paneKey: string; until: number }) {
  const desk = useDesk();
  const { t } = useWords();
  const now = useNow(1000);
  return (
    <button type="button" className={classes.peek} data-open="true" onClick={() => void desk.customers.mask(paneKey)}>
      <IconEyeOff size={15} aria-hidden="true" />
      {t('customer:peek.left', { n: Math.max(0, Math.ceil((until - now) / 1000)) })}
    </button>
  );
}
