import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconPhone, IconX } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { Role } from '../../../shared/agent.ts';
import type { DangolError } from '../../../shared/errors.ts';
import type { GateRefusal } from '../../../shared/host-types.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { type DeskUi, type DialTarget, EMPTY_DIAL } from '../desk/desk-target.ts';
import classes from './call.module.css';
import { Listed, Refused } from './dial-verdict.tsx';
import { RecentCalls } from './recent-calls.tsx';

type Purpose = 'service' | 'marketing';
type Verdict =
  | { state: 'none' }
  | { state: 'asking' }
  | { state: 'refused'; refusals: readonly GateRefusal[] }
  /** May be called; the number wants no advertising, and whoever calls shall know first. */
  | { state: 'listed'; target: string }
  | { state: 'error'; problem: DangolError };

/** What a call of theirs is for until they say otherwise; what they say is recorded. */
export function usualPurpose(role: Role | null): Purpose {
  return role === 'telemarketer' ? 'marketing' : 'service';
}

/** What the strip asks and hears: number, purpose, and the gate's word on them. */
function useGate(ui: DeskUi, dial: DialTarget) {
  const desk = useDesk();
  const role = useStore(desk.session.store, ({ session }) =>
    session && 'agent' in session ? session.agent.role : null,
  );
  const [number, setNumber] = useState(dial.number);
  const [purpose, setPurpose] = useState<Purpose>(usualPurpose(role));
  const [verdict, setVerdict] = useState<Verdict>({ state: 'none' });
  const close = () => ui.setDial(null);
  const call = (target: string) => {
    desk.line.phone()?.call(target);
    close();
  };
  const place = async (overrideReason: string | null) => {
    if (verdict.state === 'listed') return call(verdict.target);
    setVerdict({ state: 'asking' });
    try {
      // A number taken from the customer's card belongs to them; an edited one does not.
      const { customerId, contactPointId, whole, callId = null } = number === dial.number ? dial : EMPTY_DIAL;
      const asked = { number: whole ?? number, contactPointId, callId, customerId, purpose, overrideReason };
      const answer = await desk.api.dial.check(asked);
      if (!answer.allowed) return setVerdict({ state: 'refused', refusals: answer.refusals });
      if (answer.doNotCall) return setVerdict({ state: 'listed', target: answer.target });
      call(answer.target);
    } catch (error) {
      setVerdict({ state: 'error', problem: toDangolError(error) });
    }
  };
  /** Another number or purpose is another question. */
  const ask = (change: { number: string } | { purpose: Purpose }) => {
    if ('number' in change) setNumber(change.number);
    else setPurpose(change.purpose);
    setVerdict({ state: 'none' });
  };
  return { number, purpose, verdict, ask, place, close };
}
type Gate = ReturnType<typeof useGate>;

/** Every outgoing call: the legal gate is asked first, and says no in words. */
export function DialStrip({ ui, dial }: { ui: DeskUi; dial: DialTarget }) {
  const desk = useDesk();
  const { t } = useWords();
  const gate = useGate(ui, dial);
  const { number, verdict } = gate;
  const [reason, setReason] = useState('');
  const registered = useStore(desk.line.store, (line) => line.registration.state === 'registered');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void gate.place(verdict.state === 'refused' && reason.trim().length >= 2 ? reason.trim() : null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') gate.close();
  };
  return (
    <form className={classes.dial} aria-label={t('call:dial')} onSubmit={submit} onKeyDown={onKeyDown}>
      <DialRow gate={gate} registered={registered} />
      {number === '' && <RecentCalls onPick={ui.setDial} />}
      {!registered && <p className={classes.dialNote}>{t('call:dial_no_line')}</p>}
      {verdict.state === 'listed' && <Listed />}
      {verdict.state === 'refused' && <Refused refusals={verdict.refusals} reason={reason} onReason={setReason} />}
      {verdict.state === 'error' && <Problem problem={verdict.problem} />}
    </form>
  );
}

function DialRow({ gate, registered }: { gate: Gate; registered: boolean }) {
  const { t } = useWords();
  const { number, purpose, verdict, ask } = gate;
  return (
    <div className={classes.dialRow}>
      <TextInput
        className={classes.dialField}
        size="sm"
        type="tel"
        data-autofocus
        autoFocus
        aria-label={t('call:dial_number')}
        placeholder={t('call:dial_placeholder')}
        value={number}
        leftSection={<IconPhone size={16} />}
        onChange={(event) => ask({ number: event.currentTarget.value })}
      />
      <SegmentedControl
        aria-label={t('call:purpose')}
        value={purpose}
        data={[
          { value: 'service', label: t('call:purpose_service') },
          { value: 'marketing', label: t('call:purpose_marketing') },
        ]}
        onChange={(value) => ask({ purpose: value === 'marketing' ? 'marketing' : 'service' })}
      />
      <Button
        type="submit"
        size="sm"
        loading={verdict.state === 'asking'}
        disabled={number.trim() === '' || !registered}
      >
        {t('call:dial_do')}
      </Button>
      <ActionIcon aria-label={t('close')} onClick={gate.close}>
        <IconX size={18} />
      </ActionIcon>
    </div>
  );
}
