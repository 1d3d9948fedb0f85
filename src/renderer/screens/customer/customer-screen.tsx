import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useShownCall } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { CallTie, CustomerPane } from '../../stores/customer-store.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { shownKey } from '../desk/use-desk-keys.ts';
import classes from './customer.module.css';
import { CustomerView } from './customer-view.tsx';
import { IdleScreen } from './idle-screen.tsx';
import { lookAgain } from './look-again.ts';
import { NewCustomerScreen } from './new-customer-screen.tsx';
import { Offer } from './offer.tsx';
import { PickerScreen } from './picker-screen.tsx';
import { WarmUp } from './warm-up.tsx';

/** Whom the screen is about: the caller, a customer who was looked up, or nobody. */
export function CustomerScreen({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const focus = useStore(desk.calls.store, (state) => state.focus);
  const key = shownKey(focus);
  const pane = useStore(desk.customers.store, ({ panes }) => (key ? panes[key] : undefined));
  const call = useShownCall();
  const [warm, setWarm] = useState(false);
  const done = useCallback(() => setWarm(true), []);
  if (!key || !pane) {
    return (
      <>
        {!warm && <WarmUp ui={ui} onDone={done} />}
        <IdleScreen ui={ui} />
      </>
    );
  }
  const tie = call && {
    callId: call.callId,
    number: call.caller.number,
    customerRef: call.customerRef,
    direction: call.direction,
  };
  return (
    <div className={classes.place} data-pane={key}>
      {/* A fresh tree for each call and answer: its first paint is measured. */}
      <Pane key={`${key}:${pane.state}`} paneKey={key} pane={pane} tie={tie} ui={ui} />
      <Offer paneKey={key} />
    </div>
  );
}

interface PaneProps {
  paneKey: string;
  pane: CustomerPane;
  tie: CallTie | null;
  ui: DeskUi;
}

function Pane({ paneKey, pane, tie, ui }: PaneProps) {
  const desk = useDesk();
  switch (pane.state) {
    case 'loading':
      return <Skeleton />;
    case 'open':
      return <CustomerView paneKey={paneKey} pane={pane} tie={tie} ui={ui} />;
    case 'several':
      return <PickerScreen paneKey={paneKey} candidates={pane.candidates} asOf={pane.asOf} tie={tie} />;
    case 'none':
      return <NewCustomerScreen paneKey={paneKey} pane={pane} tie={tie} />;
    case 'withheld':
      return <NewCustomerScreen paneKey={paneKey} pane={null} tie={tie} />;
    case 'error':
      return (
        <div className={classes.alone}>
          <Problem problem={pane.problem} onRetry={() => lookAgain(desk.customers, paneKey, tie)} />
        </div>
      );
  }
}

/** After 150 ms: the local store answers sooner, and nothing should flash. */
function Skeleton() {
  const { t } = useWords();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div className={classes.skeleton} role="status" aria-label={t('loading')}>
      <span style={{ width: 180, height: 26 }} />
      <span style={{ width: 420 }} />
      <span style={{ width: 520 }} />
      <span style={{ width: 360 }} />
    </div>
  );
}
