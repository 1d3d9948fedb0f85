import { useEffect, useState } from 'react';
import { useDesk } from '../../desk-context.tsx';
import { OneCall } from '../call/call-bar.tsx';
import type { DeskUi } from '../desk/desk-target.ts';
import classes from './customer.module.css';
import { CustomerView } from './customer-view.tsx';
import { rehearsalCall } from './rehearsal-call.ts';

const ROUNDS = 3;
const ROUND_MS = 150;

/**
 * The first pop must not be slower than the later ones: code that has not run yet and letters that were not drawn yet cost it
 * 100 ms and more. So the pop of nobody is drawn a few times behind the resting screen, while nothing else happens.
 */
export function Rehearsal({ ui, onDone }: { ui: DeskUi; onDone: () => void }) {
  const desk = useDesk();
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (round === ROUNDS * 2) return onDone();
    const timer = setTimeout(() => setRound(round + 1), ROUND_MS);
    return () => clearTimeout(timer);
  }, [round, onDone]);
  const shown = round % 2 === 1;
  const [{ call, view }] = useState(() => rehearsalCall(desk.now()));
  if (!shown) return null;
  const pane = { state: 'open', view, remembered: false, others: [], unmaskedUntil: null } as const;
  return (
    <div className={classes.rehearsal} aria-hidden="true" inert>
      <OneCall call={call} ui={ui} measured={false} />
      <CustomerView paneKey="rehearsal" pane={pane} tie={null} ui={ui} measured={false} />
    </div>
  );
}
