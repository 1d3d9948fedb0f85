import { IconArrowForwardUp, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useDesk, useShownCall } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
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
        <p>{capsule.note.trim() === '' ? t('call:capsule_empty') : capsule.note}</p>
      </div>
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
