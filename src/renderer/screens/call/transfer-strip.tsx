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
import { moved, NO_MARK, transferChoice } from './transfer-choice.ts';

const NOBODY: readonly Colleague[] = [];
const SHOWN = 6;
const WATCH_MS = 200;

type Way = 'consult' | 'blind' | 'deflect';

/**
 * Hands the customer to somebody: first talking to them (Enter) or at once. While a call is only ringing it is sent elsewhere
 * without being answered. Numbers outside the house pass the same gate as every call.
 */
export function TransferStrip({ ui }: { ui: DeskUi }) {
  const { t } = useWords();
  const [target, setTarget] = useState('');
  const [reason, setReason] = useState('');
  const { found, marked, choice, step } = useChoice(target);
  const hand = useHandOver(ui);
  const { handover, verdict } = hand;
  const { to } = choice;
  const first: Way = handover ? 'consult' : 'deflect';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const override = verdict.state === 'refused' && reason.trim().length >= 2 ? reason.trim() : null;
    if (isGoOn(event.nativeEvent)) hand.goOn(override);
    else if (to !== '') hand.go(first, to, override);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') hand.close();
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') step(event);
  };
  const change = (text: string) => {
    setTarget(text);
    hand.reset();
  };
  return (
    <form className={classes.dial} aria-label={t('call:transfer')} onSubmit={submit} onKeyDown={onKeyDown}>
      <div className={classes.dialRow}>
        <TargetField target={target} onChange={change} />
        <Button type="submit" size="sm" loading={hand.busy} disabled={to === ''}>
          {t(handover ? 'call:consult' : 'call:deflect')}
        </Button>
        {handover && (
          <Button
            size="sm"
            variant="default"
            loading={hand.busy}
            disabled={!choice.sure}
            onClick={() => hand.go('blind', to)}
          >
            {t('call:transfer_now')}
          </Button>
        )}
        <span className={classes.dialNote}>{t(handover ? 'call:transfer_hint' : 'call:deflect_hint')}</span>
        <span className={classes.spacer} />
        <ActionIcon aria-label={t('close')} onClick={hand.close}>
          <IconX size={18} />
        </ActionIcon>
      </div>
      <Colleagues found={found} marked={marked} empty={target.trim() !== ''} onPick={(to) => hand.go(first, to)} />
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
    // Pressed again while the first press is on its way.
    if (talk.store.getState().state === 'asking') return;
    setAsked({ way, to });
    const rest = { contactPointId: null, customerId: null, purpose: 'service', overrideReason } as const;
    void talk.place({ number: to, ...rest }, async (passed, stillAsked) => {
      if (way === 'deflect' && ringing) passed.deflect(ringing);
      const headers = handover ? await desk.capsules.seal(handover) : {};
      // Closed, or another name typed, while the story was on its way to the centre.
      if (!stillAsked()) return;
      if (way === 'consult' && handover) passed.consult(handover, headers);
      if (way === 'blind' && handover) passed.transfer(handover, headers);
      close();
    });
  };
  const goOn = (overrideReason: string | null) => {
    if (asked) go(asked.way, asked.to, overrideReason);
  };
  const busy = verdict.state === 'asking';
  return { handover, verdict, busy, go, goOn, close, reset: talk.reset };
}

/** The list and whom the keys mean. */
function useChoice(target: string) {
  const fitting = useColleagues(target);
  const [mark, setMark] = useState(NO_MARK);
  const choice = transferChoice(
    target,
    fitting.map(({ extension }) => extension),
    mark,
  );
  if (choice.mark !== mark) setMark(choice.mark);
  const found = fitting.slice(0, SHOWN);
  const step = (event: KeyboardEvent) => {
    event.preventDefault();
    const shown = found.map(({ extension }) => extension);
    setMark(moved(choice, shown, event.key === 'ArrowDown' ? 1 : -1));
  };
  return { found, marked: choice.marked, choice, step };
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
    // Not for every letter: each name that leaves the list or joins it is a subscription at the PBX.
    const typed = setTimeout(() => desk.line.watch('colleagues', watched === '' ? [] : watched.split(' ')), WATCH_MS);
    return () => clearTimeout(typed);
  }, [desk, watched]);
  useEffect(() => () => desk.line.watch('colleagues', []), [desk]);
  const order: readonly Presence[] = ['idle', 'unknown', 'ringing', 'busy'];
  return fitting
    .map((one) => ({ ...one, presence: presence[one.extension] ?? ('unknown' as const) }))
    .toSorted((a, b) => order.indexOf(a.presence) - order.indexOf(b.presence));
}

interface ColleaguesProps {
  found: readonly (Colleague & { presence: Presence })[];
  marked: string | null;
  empty: boolean;
  onPick: (extension: string) => void;
}

function Colleagues({ found, marked, empty, onPick }: ColleaguesProps) {
  const { t } = useWords();
  if (found.length === 0) return empty ? <p className={classes.dialNote}>{t('call:no_colleague')}</p> : null;
  return (
    <ul className={classes.colleagues} aria-label={t('call:colleagues')}>
      {found.map(({ name, extension, team, presence }) => (
        <li key={extension}>
          <button
            type="button"
            className={classes.colleague}
            aria-current={extension === marked}
            onClick={() => onPick(extension)}
          >
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
