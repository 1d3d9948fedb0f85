import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { DisclosureView } from '../../../shared/contract-privacy.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { Problem } from '../../components/problem.tsx';
import { Section } from '../../components/section.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import classes from './privacy.module.css';

interface EraseProps {
  customerId: string;
  reason: string;
  view: DisclosureView;
}

/** What of a customer goes; who looked stays, as the law wants it. */
const STAYS = 'looks';

/** For good, so nothing is chosen by default: what goes is said, and the customer's number is typed. */
export function Erase({ customerId, reason, view }: EraseProps) {
  const desk = useDesk();
  const { t } = useWords();
  const [number, setNumber] = useState('');
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<number | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const rows = Object.entries(view.counts).reduce((sum, [kind, n]) => (kind === STAYS ? sum : sum + n), 0);
  const erase = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const { erasedRows } = await desk.api.privacy.erase({ customerId, reason, customerNumber: number.trim() });
      setDone(erasedRows);
      setProblem(null);
    } catch (error) {
      setProblem(toDangolError(error));
    }
    setBusy(false);
  };
  if (done !== null) {
    return (
      <p className={classes.about} role="status">
        {t('privacy:erased', { n: done })}
      </p>
    );
  }
  return (
    <Section title={t('privacy:erase')}>
      <form className={classes.ask} onSubmit={(event) => void erase(event)}>
        <p className={classes.none}>{t('privacy:erase_about', { n: rows + 1 + view.merged })}</p>
        <TextInput
          size="xs"
          label={t('privacy:erase_type', { number: view.customerNumber })}
          autoComplete="off"
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <Button
          type="submit"
          size="xs"
          color="red"
          variant="outline"
          disabled={busy || number.trim() !== view.customerNumber}
        >
          {t('privacy:erase_do')}
        </Button>
        {problem && <Problem problem={problem} />}
      </form>
    </Section>
  );
}
