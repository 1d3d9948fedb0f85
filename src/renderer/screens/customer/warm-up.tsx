import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useDesk } from '../../desk-context.tsx';
import { OneCall } from '../call/call-bar.tsx';
import type { DeskUi } from '../desk/desk-target.ts';
import { CustomerView } from './customer-view.tsx';
import { warmUpCall } from './warm-up-call.ts';

const ROUNDS = 3;
const REST_MS = 200;

/**
 * The first pop must not be slower than the later ones, and code that never ran costs it 50 ms and more. So the pop of nobody
 * is rendered a few times into an element that belongs to no page: nothing is drawn, found, focused or read aloud.
 */
export function WarmUp({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const [place] = useState(() => document.createElement('div'));
  const [{ call, view }] = useState(() => warmUpCall(desk.now()));
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (round >= ROUNDS * 2) return;
    const timer = setTimeout(() => setRound(round + 1), REST_MS);
    return () => clearTimeout(timer);
  }, [round]);
  if (round % 2 === 0) return null;
  const pane = { state: 'open', view, remembered: false, others: [], unmaskedUntil: null } as const;
  return createPortal(
    <>
      <OneCall call={call} ui={ui} />
      <CustomerView paneKey="warm-up" pane={pane} tie={null} ui={ui} />
    </>,
    place,
  );
}
