import { Button } from '@mantine/core';
import { IconPhone, IconPhoneOff, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import type { DeskCall } from '../../stores/call-store.ts';
import { useAgentState } from '../desk/agent-state.ts';
import { type DeskUi, EMPTY_DIAL } from '../desk/desk-target.ts';
import { openCustomer } from '../desk/use-desk-keys.ts';
import classes from './call.module.css';
import { CallerLine, useCallerNumber } from './caller-line.tsx';
import { PickUpButton } from './parked-calls.tsx';

/** The call bar at rest: what was missed, whom the last call was with, and the way to call somebody. */
export function IdleBar({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const { state } = useAgentState();
  const missed = useStore(desk.calls.store, (calls) => calls.missed);
  const last = useStore(desk.calls.store, (calls) => calls.last);
  const registered = useStore(desk.line.store, (line) => line.registration.state === 'registered');
  return (
    <section className={classes.bar} data-tone="idle" aria-label={t('call:bar')}>
      {missed ? (
        <>
          <span className={classes.icon}>
            <IconPhoneOff size={20} />
          </span>
          <CallerLine call={missed} label={t('call:missed')} />
          <CallBack call={missed} ui={ui} disabled={!registered} />
          <Button variant="subtle" color="gray" leftSection={<IconX size={14} />} onClick={desk.calls.dismissMissed}>
            {t('call:dismiss')}
          </Button>
        </>
      ) : (
        <>
          <span className={classes.rest}>
            {t(state.state === 'available' ? 'call:rest_ready' : 'call:rest_not_ready')}
          </span>
          {last?.customerId && <OpenLast call={last} customerId={last.customerId} />}
        </>
      )}
      <span className={classes.spacer} />
      <PickUpButton />
      <Button
        variant="default"
        size="sm"
        leftSection={<IconPhone size={16} />}
        rightSection={<KeyHint act="dial" />}
        aria-keyshortcuts={keyOf('dial')}
        onClick={() => ui.setDial(ui.dial ? null : EMPTY_DIAL)}
      >
        {t('call:dial')}
      </Button>
    </section>
  );
}

function OpenLast({ call, customerId }: { call: DeskCall; customerId: string }) {
  const desk = useDesk();
  const { t } = useWords();
  const number = useCallerNumber(call);
  return (
    <Button variant="subtle" color="gray" onClick={() => openCustomer(desk, customerId)}>
      {t('call:open_last', { number })}
    </Button>
  );
}

function CallBack({ call, ui, disabled }: { call: DeskCall; ui: DeskUi; disabled: boolean }) {
  const { t } = useWords();
  const shown = useCallerNumber(call);
  const { number, e164, withheld } = call.caller;
  if (withheld || number === null) return null;
  const dial = { number: shown, whole: e164 ?? number, customerId: call.customerId, contactPointId: null };
  return (
    <Button variant="default" disabled={disabled} onClick={() => ui.setDial(dial)}>
      {t('call:call_back')}
    </Button>
  );
}
