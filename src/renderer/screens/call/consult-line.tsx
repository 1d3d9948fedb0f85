import {
  IconArrowsExchange,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconPhoneOutgoing,
  IconUsers,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { type KeyAct, keyOf } from '../../keys/key-table.ts';
import { duration } from '../../lib/format.ts';
import type { DeskCall } from '../../stores/call-store.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import classes from './call.module.css';
import { Act } from './call-act.tsx';
import { heardCall } from './call-keys.ts';
import { colleagueWord } from './call-words.ts';
import { useColleagueName } from './colleague-name.ts';
import { handOver, handoverOf, swap, toggleConference } from './handover.ts';

/** The colleague who is asked about the customer of the bar: connect the two, swap, three together, or back. */
export function ConsultLine({ call, ui }: { call: DeskCall; ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const now = useNow(1000);
  const name = useColleagueName(call.caller.number ?? '');
  const customer = useStore(desk.calls.store, ({ calls }) => handoverOf(calls)?.customer ?? null);
  const heard = useStore(desk.calls.store, ({ calls }) => heardCall(calls)?.callId === call.callId);
  const joining = useStore(desk.completion.store, ({ consultCallId }) => consultCallId === call.callId);
  const { live } = call;
  if (!live || live.phase === 'ended') return null;
  const talking = live.phase === 'talking' ? live : null;
  const joined = talking?.conference === true;
  const asked = customer?.transfer?.state === 'asking' || customer?.transfer?.state === 'trying';
  return (
    <section className={classes.other} data-tone="talking" aria-label={t('call:consulting')}>
      <strong>{t(colleagueWord(live))}</strong>
      <div className={classes.otherNumber}>{name}</div>
      {talking && <span className={classes.queue}>{duration(now - talking.answeredAt)}</span>}
      <span className={classes.spacer} />
      {talking && heard && (
        <Act
          act="mute"
          on={talking.muted}
          label={t(talking.muted ? 'call:unmute' : 'call:mute')}
          icon={talking.muted ? <IconMicrophoneOff size={15} /> : <IconMicrophone size={15} />}
          desk={desk}
          callId={call.callId}
        />
      )}
      {talking && customer && (
        <>
          {!joined && (
            <>
              <Control
                act="transfer"
                label={t(joining ? 'call:completing' : 'call:complete')}
                busy={joining || asked}
                tone="answer"
                icon={<IconPhoneOutgoing size={15} />}
                onClick={() => handOver(desk, ui)}
              />
              <Control
                act="swap"
                label={t('call:swap')}
                icon={<IconArrowsExchange size={15} />}
                onClick={() => swap(desk)}
              />
            </>
          )}
          <Control
            act="conference"
            label={t(joined ? 'call:split' : 'call:conference')}
            icon={<IconUsers size={15} />}
            onClick={() => toggleConference(desk)}
          />
        </>
      )}
      <Act
        act="hang_up"
        label={t(joined ? 'call:drop_colleague' : customer ? 'call:cancel_consult' : 'call:hang_up')}
        icon={<IconPhoneOff size={15} />}
        desk={desk}
        callId={call.callId}
        keyed={heard}
      />
    </section>
  );
}

interface ControlProps {
  act: KeyAct;
  label: string;
  icon: ReactNode;
  tone?: 'answer';
  busy?: boolean;
  onClick: () => void;
}

function Control({ act, label, icon, tone, busy = false, onClick }: ControlProps) {
  return (
    <button
      type="button"
      className={classes.act}
      data-tone={tone}
      aria-busy={busy}
      disabled={busy}
      aria-keyshortcuts={keyOf(act)}
      onClick={onClick}
    >
      {icon}
      <span>{label}</span>
      <KeyHint act={act} />
    </button>
  );
}
