import { Button } from '@mantine/core';
import { IconPhone, IconPhoneOff } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { useDesk, useSeesCustomers } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import type { DeskCall } from '../../stores/call-store.ts';
import { callKey } from '../../work-keys.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import classes from './call.module.css';
import { Act } from './call-act.tsx';
import { barCall } from './call-bar.tsx';
import { phaseWord } from './call-words.ts';
import { useCallerNumber, useQueueName } from './caller-line.tsx';
import { ConsultLine } from './consult-line.tsx';

/** Every other call: one line each under the bar. The call on screen, its note and its customer stay as they are. */
export function OtherCalls({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const others = useStore(
    desk.calls.store,
    useShallow((state) => {
      const bar = barCall(state);
      return state.calls.filter((call) => call !== bar);
    }),
  );
  return others.map((call) =>
    call.consultFor === null ? (
      <OtherCall key={call.callId} call={call} />
    ) : (
      <ConsultLine key={call.callId} call={call} ui={ui} />
    ),
  );
}

function OtherCall({ call }: { call: DeskCall }) {
  const desk = useDesk();
  const { t } = useWords();
  const number = useCallerNumber(call);
  const queue = useQueueName(call.queue);
  const pane = useStore(desk.customers.store, ({ panes }) => panes[callKey(call.callId)]);
  const seen = useSeesCustomers();
  const customer = seen && pane?.state === 'open' ? pane.view.customer : null;
  const ringing = call.live?.phase === 'ringing';
  return (
    <section
      className={classes.other}
      data-tone={ringing ? 'ringing' : call.stage === 'wrap_up' ? 'wrap' : 'held'}
      aria-label={t('call:other')}
    >
      <strong>{t(phaseWord(call))}</strong>
      <div className={classes.otherNumber} {...(ringing ? { elementtiming: 'paint-a' } : {})} data-call={call.callId}>
        {number}
      </div>
      {customer && (
        <span>
          {nameOf(t, customer)} · {t(`customer:tier.${customer.tier}`)}
        </span>
      )}
      {queue && <span className={classes.queue}>{queue}</span>}
      <span className={classes.spacer} />
      {ringing && (
        <>
          <Act act="answer" tone="answer" icon={<IconPhone size={15} />} desk={desk} callId={call.callId} />
          <Act act="decline" icon={<IconPhoneOff size={15} />} desk={desk} callId={call.callId} />
        </>
      )}
      {!ringing && (
        <Button variant="default" onClick={() => desk.calls.focus({ kind: 'call', callId: call.callId })}>
          {t('call:show')}
        </Button>
      )}
    </section>
  );
}
