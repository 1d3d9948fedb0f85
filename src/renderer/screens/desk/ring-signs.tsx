import { useEffect } from 'react';
import { useStore } from 'zustand';
import { maskPhone } from '../../../shared/masking.ts';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { CallState } from '../../stores/call-store.ts';
import classes from './desk.module.css';

const ringingCall = ({ calls }: CallState) => calls.find((call) => call.live?.phase === 'ringing');

/** A ring is seen at the edge of the window, and in the title where the window is behind another. */
export function RingEdge() {
  const desk = useDesk();
  const { t } = useWords();
  const ringing = useStore(desk.calls.store, ringingCall);
  const callId = ringing?.callId;
  useEffect(() => {
    document.title = callId ? `● ${t('call:title_ringing')} - Dangol` : 'Dangol';
  }, [callId, t]);
  return ringing ? <div className={classes.ringEdge} aria-hidden="true" /> : null;
}

/** Announced to a screen reader without taking the focus. */
export function Announcer() {
  const desk = useDesk();
  const { t } = useWords();
  const text = useStore(desk.calls.store, (state) => {
    const ringing = ringingCall(state);
    if (ringing) {
      const number = ringing.caller.number;
      const who =
        ringing.caller.withheld || number === null ? t('call:withheld') : maskPhone(ringing.caller.e164 ?? number);
      return t('call:announce_ringing', { who });
    }
    return state.missed ? t('call:announce_missed') : '';
  });
  return (
    <div className="sr-only" role="alert" aria-live="assertive">
      {text}
    </div>
  );
}
