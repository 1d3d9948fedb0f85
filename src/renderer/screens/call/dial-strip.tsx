import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconPhone, IconX } from '@tabler/icons-react';
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

/** Every outgoing call: the legal gate is asked first, and says no in words. */
export function DialStrip({ ui, dial }: { ui: DeskUi; dial: DialTarget }) {
  const desk = useDesk();
  const { t } = useWords();
  const [number, setNumber] = useState(dial.number);
  const role = useStore(desk.session.store, ({ session }) =>
    session && 'agent' in session ? session.agent.role : null,
  );
  const [purpose, setPurpose] = useState<Purpose>(usualPurpose(role));
  const [verdict, setVerdict] = useState<Verdict>({ state: 'none' });
  const [reason, setReason] = useState('');
  const registered = useStore(desk.line.store, (line) => line.registration.state === 'registered');
  const close = () => ui.setDial(null);
  const call = (target: string) => {
    desk.line.phone()?.call(target);
    close();
  };
  const place = async (overrideReason: string | null) => {
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (verdict.state === 'listed') return call(verdict.target);
    void place(verdict.state === 'refused' && reason.trim().length >= 2 ? reason.trim() : null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
  };
  return (
    <form className={classes.dial} aria-label={t('call:dial')} onSubmit={submit} onKeyDown={onKeyDown}>
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
          onChange={(event) => {
            setNumber(event.currentTarget.value);
            setVerdict({ state: 'none' });
          }}
        />
        <SegmentedControl
          aria-label={t('call:purpose')}
          value={purpose}
          data={[
            { value: 'service', label: t('call:purpose_service') },
            { value: 'marketing', label: t('call:purpose_marketing') },
          ]}
          onChange={(value) => {
            setPurpose(value === 'marketing' ? 'marketing' : 'service');
            setVerdict({ state: 'none' });
          }}
        />
        <Button
          type="submit"
          size="sm"
          loading={verdict.state === 'asking'}
          disabled={number.trim() === '' || !registered}
        >
          {t('call:dial_do')}
        </Button>
        <ActionIcon aria-label={t('close')} onClick={close}>
          <IconX size={18} />
        </ActionIcon>
      </div>
      {number === '' && <RecentCalls onPick={ui.setDial} />}
      {!registered && <p className={classes.dialNote}>{t('call:dial_no_line')}</p>}
      {verdict.state === 'listed' && <Listed />}
      {verdict.state === 'refused' && <Refused refusals={verdict.refusals} reason={reason} onReason={setReason} />}
      {verdict.state === 'error' && <Problem problem={verdict.problem} />}
    </form>
  );
}

function Listed() {
  const { t } = useWords();
  return (
    <div className={classes.refused} role="alert">
      <IconAlertTriangle size={16} aria-hidden="true" />
      <div>{t('call:dial_listed')}</div>
      <Button type="submit" variant="default">
        {t('call:dial_listed_do')}
      </Button>
    </div>
  );
}

interface RefusedProps {
  refusals: readonly GateRefusal[];
  reason: string;
  onReason: (reason: string) => void;
}

function Refused({ refusals, reason, onReason }: RefusedProps) {
  const { t, format } = useWords();
  const overridable = refusals.every((refusal) => refusal.overridable);
  const words = (refusal: GateRefusal) => {
    const data = Object.fromEntries(
      Object.entries(refusal.data).map(([key, value]) => [key, isInstant(value) ? format.exact(value) : value]),
    );
    return t(`call:refusal.${refusal.rule}`, data);
  };
  return (
    <div className={classes.refused} role="alert">
      <IconAlertTriangle size={16} aria-hidden="true" />
      <div>
        {refusals.map((refusal) => (
          <div key={refusal.rule}>{words(refusal)}</div>
        ))}
        <div className={classes.dialNote}>{t(overridable ? 'call:override_hint' : 'call:override_never')}</div>
      </div>
      {overridable && (
        <>
          <TextInput
            className={classes.dialField}
            aria-label={t('call:override_reason')}
            placeholder={t('call:override_reason')}
            value={reason}
            onChange={(event) => onReason(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={reason.trim().length < 2}>
            {t('call:override_do')}
          </Button>
        </>
      )}
    </div>
  );
}

function isInstant(value: string | number): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
}
