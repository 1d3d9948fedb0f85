import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconPhone, IconX } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { Role } from '../../../shared/agent.ts';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { emergencyTarget } from '../../outgoing.ts';
import { type DeskUi, type DialTarget, EMPTY_DIAL } from '../desk/desk-target.ts';
import classes from './call.module.css';
import { GateWord, useGateTalk } from './dial-verdict.tsx';
import { dialAgain, RecentCalls, useRecentCalls } from './recent-calls.tsx';

type Purpose = 'service' | 'marketing';

/** What a call of theirs is for until they say otherwise; what they say is recorded. */
export function usualPurpose(role: Role | null): Purpose {
  return role === 'telemarketer' ? 'marketing' : 'service';
}

/** What the strip asks and hears: number, purpose, and the gate's word on them. */
function useDial(ui: DeskUi, dial: DialTarget) {
  const { talk, verdict } = useGateTalk();
  const role = useStore(useDesk().session.store, ({ session }) =>
    session && 'agent' in session ? session.agent.role : null,
  );
  const [number, setNumber] = useState(dial.number);
  const [purpose, setPurpose] = useState<Purpose>(usualPurpose(role));
  const close = () => ui.setDial(null);
  const place = (overrideReason: string | null) => {
    // A number taken from the customer's card belongs to them; an edited one does not.
    const { customerId, contactPointId, whole, callId = null } = number === dial.number ? dial : EMPTY_DIAL;
    const question = { number: whole ?? number, contactPointId, callId, customerId, purpose, overrideReason };
    return talk.place(question, (passed) => {
      passed.call();
      close();
    });
  };
  /** Another number or purpose is another question. */
  const ask = (change: { number: string } | { purpose: Purpose }) => {
    if ('number' in change) setNumber(change.number);
    else setPurpose(change.purpose);
    talk.reset();
  };
  return { number, purpose, verdict, ask, place, close };
}
type Dial = ReturnType<typeof useDial>;

/**
 * Every outgoing call: the legal gate is asked first, and says no in words.
 * @param props.shut the desk is locked, or nobody is signed in: emergency numbers only, and nothing of a customer.
 */
export function DialStrip({ ui, dial, shut = false }: { ui: DeskUi; dial: DialTarget; shut?: boolean }) {
  const desk = useDesk();
  const { t } = useWords();
  const state = useDial(ui, dial);
  const { number, verdict } = state;
  const [reason, setReason] = useState('');
  const registered = useStore(desk.line.store, (line) => line.registration.state === 'registered');
  const emergency = emergencyTarget(desk, number) !== null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void state.place(verdict.state === 'refused' && reason.trim().length >= 2 ? reason.trim() : null);
  };
  const recent = useRecentCalls(!shut);
  const last = recent.find(({ direction }) => direction === 'out');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') state.close();
    // As on every phone: nothing typed and the call key is the number of before. It is seen first, and called by the next press.
    const typing = event.target instanceof HTMLInputElement && event.target.type === 'tel';
    if (event.key !== 'Enter' || !typing || number !== '' || !last) return;
    event.preventDefault();
    ui.setDial(dialAgain(last));
  };
  return (
    <form className={classes.dial} aria-label={t('call:dial')} onSubmit={submit} onKeyDown={onKeyDown}>
      <DialRow state={state} mayCall={registered || emergency} shut={shut} />
      {shut && <p className={classes.dialNote}>{t('call:dial_shut')}</p>}
      {number === '' && !shut && (
        <RecentCalls calls={recent} redial={last} onPick={(call) => ui.setDial(dialAgain(call))} />
      )}
      {!registered && (
        <p className={classes.dialNote}>{t(emergency ? 'call:dial_without_line' : 'call:dial_no_line')}</p>
      )}
      <GateWord verdict={verdict} reason={reason} onReason={setReason} />
    </form>
  );
}

function DialRow({ state, mayCall, shut }: { state: Dial; mayCall: boolean; shut: boolean }) {
  const { t } = useWords();
  const { number, purpose, verdict, ask } = state;
  return (
    <div className={classes.dialRow}>
      <TextInput
        className={classes.dialField}
        size="sm"
        type="tel"
        data-autofocus
        autoFocus
        aria-label={t('call:dial_number')}
        placeholder={t(shut ? 'call:dial_shut_placeholder' : 'call:dial_placeholder')}
        value={number}
        leftSection={<IconPhone size={16} />}
        onChange={(event) => ask({ number: event.currentTarget.value })}
      />
      {!shut && (
        <SegmentedControl
          aria-label={t('call:purpose')}
          value={purpose}
          data={[
            { value: 'service', label: t('call:purpose_service') },
            { value: 'marketing', label: t('call:purpose_marketing') },
          ]}
          onChange={(value) => ask({ purpose: value === 'marketing' ? 'marketing' : 'service' })}
        />
      )}
      <Button type="submit" size="sm" loading={verdict.state === 'asking'} disabled={number.trim() === '' || !mayCall}>
        {t('call:dial_do')}
      </Button>
      <ActionIcon aria-label={t('close')} onClick={state.close}>
        <IconX size={18} />
      </ActionIcon>
    </div>
  );
}
