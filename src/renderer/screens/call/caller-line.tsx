import { useStore } from 'zustand';
import { maskPhone } from '../../../shared/masking.ts';
import { useDesk, useSeesCustomers } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import type { DeskCall } from '../../stores/call-store.ts';
import { callKey } from '../../work-keys.ts';
import classes from './call.module.css';

/** How a caller's number is shown: masked, or in words where there is none; null without a call. All of it is text from strangers. */
export function useCallerNumber(call: Pick<DeskCall, 'caller'>): string;
export function useCallerNumber(call: Pick<DeskCall, 'caller'> | null): string | null;
export function useCallerNumber(call: Pick<DeskCall, 'caller'> | null): string | null {
  const desk = useDesk();
  const { t } = useWords();
  const country = useStore(desk.session.store, ({ session }) =>
    session?.status === 'signed_in' ? (session.config?.policy.country ?? 'KR') : 'KR',
  );
  if (!call) return null;
  const { number, e164, withheld } = call.caller;
  return withheld || number === null ? t('call:withheld') : maskPhone(e164 ?? number, country);
}

export function useQueueName(queue: string | null): string | null {
  const desk = useDesk();
  const { language } = useWords();
  const known = useStore(desk.session.store, ({ catalogue }) => catalogue.queues.find((row) => row.name === queue));
  return known ? known.label[language] : queue;
}

interface CallerLineProps {
  call: DeskCall;
  label: string;
  /** The first paint of a ring is measured (Element Timing): a fresh element for each call. */
  elementTiming?: boolean;
}

/** Paint A: the number, from the INVITE alone. The name joins it when the local store has answered. */
export function CallerLine({ call, label, elementTiming = false }: CallerLineProps) {
  const desk = useDesk();
  const { t } = useWords();
  const number = useCallerNumber(call);
  const pane = useStore(desk.customers.store, ({ panes }) => panes[callKey(call.callId)]);
  const seen = useSeesCustomers();
  const name = seen && pane?.state === 'open' ? nameOf(t, pane.view.customer) : null;
  return (
    <div className={classes.caller}>
      <div className={classes.phase}>{label}</div>
      <div className={classes.who}>
        <div
          className={classes.number}
          {...(elementTiming ? { elementtiming: 'paint-a' } : {})}
          data-call={call.callId}
        >
          {number}
        </div>
        {name && <div className={classes.name}>{name}</div>}
      </div>
    </div>
  );
}
