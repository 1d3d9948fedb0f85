import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { DisclosureView } from '../../../shared/contract-privacy.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { keyOfFocus } from '../../desk-work.ts';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { PLACES } from '../desk/places.ts';
import { mayWriteKnowledge } from '../desk/use-desk-keys.ts';
import { Held } from './held.tsx';
import classes from './privacy.module.css';

/** What is held about the customer on screen, for their own request: seen, handed out, erased; each with its reason. */
export function PrivacySheet() {
  const desk = useDesk();
  const { t } = useWords();
  const key = keyOfFocus(useStore(desk.calls.store, ({ focus }) => focus));
  const pane = useStore(desk.customers.store, ({ panes }) => panes[key]);
  if (!mayWriteKnowledge(desk)) return <p className={classes.none}>{t('privacy:supervisors')}</p>;
  if (pane?.state !== 'open') return <p className={classes.none}>{t('privacy:nobody')}</p>;
  const { id } = pane.view.customer;
  return <OfCustomer key={id} customerId={id} />;
}

function OfCustomer({ customerId }: { customerId: string }) {
  const desk = useDesk();
  const { t } = useWords();
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState<{ reason: string; view: DisclosureView } | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const read = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const request = { customerId, reason: reason.trim() };
      setAsked({ reason: request.reason, view: await desk.api.privacy.read(request) });
      setProblem(null);
    } catch (error) {
      setProblem(toDangolError(error));
    }
    setBusy(false);
  };
  if (asked) return <Held customerId={customerId} {...asked} />;
  return (
    <form className={classes.ask} onSubmit={(event) => void read(event)}>
      <p className={classes.about}>{t('privacy:about')}</p>
      <TextInput
        id={PLACES.privacy}
        label={t('privacy:reason')}
        placeholder={t('privacy:reason_example')}
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button type="submit" disabled={busy || reason.trim().length < 2}>
        {t('privacy:show')}
      </Button>
      <p className={classes.none}>{t('privacy:logged')}</p>
      {problem && <Problem problem={problem} />}
    </form>
  );
}
