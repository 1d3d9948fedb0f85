import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPhoneOutgoing, IconX } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Colleague } from '../../../shared/central-api.ts';
import type { Presence } from '../../../telephony/phone-types.ts';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import classes from './call.module.css';
import { GateWord, GO_ON, useGateTalk } from './dial-verdict.tsx';
import { handoverOf } from './handover.ts';

const NOBODY: readonly Colleague[] = [];
const SHOWN = 6;

type Way = 'consult' | 'blind' | 'deflect';

/**
 * Hands the customer to somebody: first talking to them (Enter) or at once. While a call is only ringing it is sent elsewhere
 * without being answered. Numbers outside the house pass the same gate as every call.
 */
export function TransferStrip({ ui }: { ui: DeskUi }) {
  const { t } = useWords();
  const [target, setTarget] = useState('');
  const [reason, setReason] = useState('');
  const found = useColleagues(target);
  const hand = useHandOver(ui);
  const { handover, verdict } = hand;
  const chosen = /^[\d+*#]/.test(target.trim()) ? target.trim() : (found.at(0)?.extension ?? target.trim());
  const first: Way = handover ? 'consult' : 'deflect';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const override = verdict.state === 'refused' && reason.trim().length >= 2 ? reason.trim() : null;
    if (isGoOn(event.nativeEvent)) hand.goOn(override);
    else if (chosen !== '') hand.go(first, chosen, override);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') hand.close();
  };
  const change = (text: string) => {
    setTarget(text);
    hand.reset();
  };
  return (
    <form className={classes.dial} aria-label={t('call:transfer')} onSubmit={submit} onKeyDown={onKeyDown}>
      <div className={classes.dialRow}>
        <TargetField target={target} onChange={change} />
        <Button type="submit" size="sm" disabled={chosen === ''}>
          {t(handover ? 'call:consult' : 'call:deflect')}
        </Button>
        {handover && (
          <Button size="sm" variant="default" disabled={chosen === ''} onClick={() => hand.go('blind', chosen)}>
            {t('call:transfer_now')}
          </Button>
        )}
        <span className={classes.dialNote}>{t(handover ? 'call:transfer_hint' : 'call:deflect_hint')}</span>
        <span className={classes.spacer} />
        <ActionIcon aria-label={t('close')} onClick={hand.close}>
          <IconX size={18} />
        </ActionIcon>
      </div>
      <Colleagues found={found} empty={target.trim() !== ''} onPick={(to) => hand.go(first, to)} />
      <GateWord verdict={verdict} reason={reason} onReason={setReason} />
    </form>
  );
}

function TargetField({ target, onChange }: { target: string; onChange: (target: string) => void }) {
  const { t } = useWords();
  return (
    <TextInput
      className={classes.dialField}
      size="sm"
      autoFocus
      aria-label={t('call:transfer_to')}
      placeholder={t('call:transfer_placeholder')}
      value={target}
      leftSection={<IconPhoneOutgoing size={16} />}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** The button under the gate's word, not the strip's own. */
function isGoOn(event: Event): boolean {
  return event instanceof SubmitEvent && event.submitter?.getAttribute('name') === GO_ON;
}

/** Who is to be handed over, and the way there through the gate. The strip closes when nobody is left. */
function useHandOver(ui: DeskUi) {
  const desk = useDesk();
  const { talk, verdict } = useGateTalk();
  const [asked, setAsked] = useState<{ way: Way; to: string } | null>(null);
  const handover = useStore(desk.calls.store, ({ calls }) => handoverOf(calls)?.customer.callId ?? null);
  const ringing = useStore(
    desk.calls.store,
    ({ calls }) => calls.find((call) => call.live?.phase === 'ringing')?.callId ?? null,
  );
  const close = () => ui.setTransfer(false);
  // Whoever was to be handed over is gone: nothing is left to do here.
  const over = handover === null && ringing === null;
  useEffect(() => {
    if (over) ui.setTransfer(false);
  }, [over, ui.setTransfer]);
  const go = (way: Way, to: string, overrideReason: string | null = null) => {
    setAsked({ way, to });
    const rest = { contactPointId: null, customerId: null, purpose: 'service', overrideReason } as const;
    void talk.place({ number: to, ...rest }, async (passed) => {
      if (way === 'deflect' && ringing) passed.deflect(ringing);
      const headers = handover ? await desk.capsules.seal(handover) : {};
      if (way === 'consult' && handover) passed.consult(handover, headers);
      if (way === 'blind' && handover) passed.transfer(handover, headers);
      close();
    });
  };
  const goOn = (overrideReason: string | null) => {
    if (asked) go(asked.way, asked.to, overrideReason);
  };
  return { handover, verdict, go, goOn, close, reset: talk.reset };
}

/** Colleagues whose name, extension or team fits, the free ones first; presence is asked for while the strip is open. */
function useColleagues(query: string): readonly (Colleague & { presence: Presence })[] {
  const desk = useDesk();
  const directory = useStore(desk.session.store, ({ session }) =>
    session?.status === 'signed_in' ? (session.config?.directory ?? NOBODY) : NOBODY,
  );
  const presence = useStore(desk.line.store, (line) => line.presence);
  const wanted = query.trim().toLowerCase();
  const fitting = useMemo(
    () =>
      directory.filter(({ name, extension, team }) =>
        [name, extension, team ?? ''].some((word) => word.toLowerCase().includes(wanted)),
      ),
    [directory, wanted],
  );
  const watched = fitting
    .slice(0, 50)
    .map(({ extension }) => extension)
    .join(' ');
  useEffect(() => {
    if (watched !== '') desk.line.watch('colleagues', watched.split(' '));
  }, [desk, watched]);
  const order: readonly Presence[] = ['idle', 'unknown', 'ringing', 'busy'];
  return fitting
    .map((one) => ({ ...one, presence: presence[one.extension] ?? ('unknown' as const) }))
    .toSorted((a, b) => order.indexOf(a.presence) - order.indexOf(b.presence))
    .slice(0, SHOWN);
}

interface ColleaguesProps {
  found: readonly (Colleague & { presence: Presence })[];
  empty: boolean;
  onPick: (extension: string) => void;
}

function Colleagues({ found, empty, onPick }: ColleaguesProps) {
  const { t } = useWords();
  if (found.length === 0) return empty ? <p className={classes.dialNote}>{t('call:no_colleague')}</p> : null;
  return (
    <ul className={classes.colleagues} aria-label={t('call:colleagues')}>
      {found.map(({ name, extension, team, presence }) => (
        <li key={extension}>
          <button type="button" className={classes.colleague} onClick={() => onPick(extension)}>
            <span className={classes.presence} data-presence={presence} aria-hidden="true" />
            <strong>{name}</strong>
            <span>{[extension, team].filter(Boolean).join(' · ')}</span>
            <span className={classes.presenceWord}>{t(`call:presence.${presence}`)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
