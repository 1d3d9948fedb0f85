import { useEffect } from 'react';
import { useStore } from 'zustand';
import { maskPhone } from '../../../shared/masking.ts';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { CallState } from '../../stores/call-store.ts';
import classes from './desk.module.css';

const ringingCall = ({ calls }: CallState) => calls.find((call) => call.live?.phase === 'ringing');

const EDGES = ['top', 'right', 'bottom', 'left'] as const;

/** A ring is seen at the edge of the window, and in the title where the window is behind another. */
export function RingEdge() {
  const desk = useDesk();
  const { t } = useWords();
  const ringing = useStore(desk.calls.store, ringingCall);
  const callId = ringing?.callId;
  useEffect(() => {
    // After the paint: the title is news to the whole browser and costs 2 ms.
    const timer = setTimeout(() => {
      document.title = callId ? `● ${t('call:title_ringing')} - Dangol` : 'Dangol';
    }, 50);
    return () => clearTimeout(timer);
  }, [callId, t]);
  // Four bars and not one frame: a layer as large as the window costs the pop's first paint.
  return ringing
    ? EDGES.map((edge) => <div key={edge} className={classes.ringEdge} data-edge={edge} aria-hidden="true" />)
    : null;
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
