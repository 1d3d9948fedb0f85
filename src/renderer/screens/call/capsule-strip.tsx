import { Button } from '@mantine/core';
import { IconArrowForwardUp, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk, useShownCall } from '../../desk-context.tsx';
import { otherCustomer, switchCustomer } from '../../handed-over.ts';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import { nameOf } from '../../lib/customer-name.ts';
import { callKey } from '../../work-keys.ts';
import classes from './call.module.css';

/** What the colleague who handed this call over had written: under the call, above the customer, until it is put away. */
export function CapsuleStrip() {
  const desk = useDesk();
  const { t, format } = useWords();
  const callId = useShownCall()?.callId;
  const capsule = useStore(desk.capsules.store, ({ received }) => (callId ? received[callId] : undefined));
  if (!capsule || !callId) return null;
  return (
    <section className={classes.capsule} aria-label={t('call:capsule')}>
      <IconArrowForwardUp size={16} aria-hidden="true" />
      <div>
        <strong>{t('call:capsule_from', { name: capsule.fromName })}</strong>
        <span className={classes.dialNote} title={format.exact(capsule.at)}>
          {format.clockTime(Date.parse(capsule.at))}
        </span>
        <About callId={callId} />
        <p>{capsule.note.trim() === '' ? t('call:capsule_empty') : capsule.note}</p>
      </div>
      <Switch callId={callId} />
      <button
        type="button"
        className={classes.putAway}
        aria-label={t('close')}
        onClick={() => desk.capsules.forget(callId)}
      >
        <IconX size={16} />
      </button>
    </section>
  );
}

/** Whose story it is, and that somebody else is on the screen. */
function About({ callId }: { callId: string }) {
  const desk = useDesk();
  const { t } = useWords();
  const about = useStore(desk.capsules.store, ({ received }) => received[callId]?.about);
  const shown = useShownId(callId);
  if (!about) return null;
  if (!about.handed) return <p role="status">{t('call:capsule_not_here')}</p>;
  return (
    <p className={classes.dialNote} role="status">
      {t('call:capsule_about', { name: nameOf(t, about.handed) })}
      {shown !== null && shown !== about.handed.id && ` · ${t('call:capsule_other')}`}
    </p>
  );
}

/** The number, or the agent, named somebody else: one key shows them, and shows the story's customer again. */
function Switch({ callId }: { callId: string }) {
  const desk = useDesk();
  const { t } = useWords();
  useStore(desk.capsules.store, ({ received }) => received[callId]?.about);
  useShownId(callId);
  const gone = useStore(desk.connection, (state) => state.status === 'gone');
  const next = otherCustomer(desk, callId);
  if (!next) return null;
  return (
    <Button
      variant="default"
      disabled={gone}
      aria-keyshortcuts={keyOf('switch_customer')}
      rightSection={<KeyHint act="switch_customer" />}
      onClick={() => void switchCustomer(desk)}
    >
      {t('call:capsule_switch', { name: nameOf(t, next) })}
    </Button>
  );
}

function useShownId(callId: string): string | null {
  return useStore(useDesk().customers.store, ({ panes }) => {
    const pane = panes[callKey(callId)];
    return pane?.state === 'open' ? pane.view.customer.id : null;
  });
}
