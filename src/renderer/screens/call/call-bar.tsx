import {
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhone,
  IconPhoneCalling,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { PhoneCall } from '../../../telephony/phone-types.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import type { Desk } from '../../desk.ts';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { type KeyAct, keyOf } from '../../keys/key-table.ts';
import { duration } from '../../lib/format.ts';
import type { CallState, DeskCall } from '../../stores/call-store.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { callAct } from '../desk/use-desk-keys.ts';
import classes from './call.module.css';
import { CallerLine, useQueueName } from './caller-line.tsx';
import { IdleBar } from './idle-bar.tsx';
import { Keypad } from './keypad.tsx';

/** The call that the bar is about: the one on screen, else the first live one, else the newest. */
export function barCall({ calls, focus }: CallState): DeskCall | null {
  const shown = focus.kind === 'call' ? calls.find((call) => call.callId === focus.callId) : undefined;
  return shown ?? calls.find((call) => call.stage === 'live') ?? calls.at(-1) ?? null;
}

/** Always in the same place; its state is told by colour, icon and word. */
export function CallBar({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const call = useStore(desk.calls.store, barCall);
  if (!call) return <IdleBar ui={ui} />;
  return <OneCall key={call.callId} call={call} ui={ui} />;
}

const TONES = {
  ringing: 'ringing',
  answering: 'talking',
  dialling: 'ringing',
  talking: 'talking',
  ended: 'wrap',
} as const;

interface OneCallProps {
  call: DeskCall;
  ui: DeskUi;
}

export function OneCall({ call, ui }: OneCallProps) {
  const { t } = useWords();
  const live = call.live;
  const held = live?.phase === 'talking' && live.hold === 'held';
  const tone = live ? (held ? 'held' : TONES[live.phase]) : 'wrap';
  return (
    <section className={classes.bar} data-tone={tone} aria-label={t('call:bar')}>
      <span className={classes.icon}>{live ? phaseIcon(live, held) : <IconPhoneOff size={20} />}</span>
      <CallerLine call={call} label={phaseWord(call, t)} elementTiming={live?.phase === 'ringing'} />
      <CallClock call={call} />
      <CallTrouble live={live} />
      <span className={classes.spacer} />
      {live && <CallButtons live={live} ui={ui} />}
    </section>
  );
}

function phaseIcon(live: PhoneCall, held: boolean): ReactNode {
  if (held) return <IconPlayerPause size={20} />;
  if (live.phase === 'ringing') return <IconPhoneIncoming size={20} />;
  return live.phase === 'dialling' ? <IconPhoneCalling size={20} /> : <IconPhone size={20} />;
}

function phaseWord(call: DeskCall, t: (key: string) => string): string {
  const live = call.live;
  if (!live) return t('call:phase.wrap_up');
  if (live.phase === 'talking') return t(`call:phase.${live.hold === 'none' ? 'talking' : live.hold}`);
  if (live.phase === 'dialling') return t(live.ringingThere ? 'call:phase.ringing_there' : 'call:phase.dialling');
  return t(`call:phase.${live.phase}`);
}

function CallClock({ call }: { call: DeskCall }) {
  const now = useNow(1000);
  const { t } = useWords();
  const queue = useQueueName(call.queue);
  const from = call.live ? (call.answeredAt ?? call.startedAt) : (call.endedAt ?? now);
  return (
    <span className={classes.clock}>
      {queue && <span className={classes.queue}>{queue}</span>}
      <span className={classes.time} role="timer" aria-label={t('call:clock')}>
        {duration(now - from)}
      </span>
    </span>
  );
}

/** What is wrong with the call, said where the call is. */
function CallTrouble({ live }: { live: PhoneCall | null }) {
  const { t } = useWords();
  if (live?.phase !== 'talking') return null;
  const trouble = live.holdProblem
    ? t(`call:hold_problem.${live.holdProblem}`)
    : live.media === 'connected'
      ? null
      : t(`call:media.${live.media}`);
  return trouble && <span className={classes.trouble}>{trouble}</span>;
}

function CallButtons({ live, ui }: { live: PhoneCall; ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  if (live.phase === 'ended') return null;
  if (live.phase === 'ringing') {
    return (
      <>
        <Act act="answer" tone="answer" icon={<IconPhone size={17} />} desk={desk} callId={live.callId} />
        <Act act="decline" icon={<IconPhoneOff size={17} />} desk={desk} callId={live.callId} />
      </>
    );
  }
  const talking = live.phase === 'talking' ? live : null;
  return (
    <>
      {talking && (
        <>
          <Act
            act="mute"
            on={talking.muted}
            label={t(talking.muted ? 'call:unmute' : 'call:mute')}
            icon={talking.muted ? <IconMicrophoneOff size={17} /> : <IconMicrophone size={17} />}
            desk={desk}
            callId={live.callId}
          />
          <Act
            act="hold"
            on={talking.hold === 'held'}
            busy={talking.hold === 'holding' || talking.hold === 'resuming'}
            label={t(talking.hold === 'held' ? 'call:resume' : 'call:hold')}
            icon={talking.hold === 'held' ? <IconPlayerPlay size={17} /> : <IconPlayerPause size={17} />}
            desk={desk}
            callId={live.callId}
          />
          <Keypad callId={live.callId} open={ui.keypad} onOpen={ui.setKeypad} icon={<IconDialpad size={17} />} />
        </>
      )}
      <Act act="hang_up" tone="end" icon={<IconPhoneOff size={17} />} desk={desk} callId={live.callId} />
    </>
  );
}

interface ActProps {
  act: Extract<KeyAct, 'answer' | 'decline' | 'hang_up' | 'mute' | 'hold'>;
  desk: Desk;
  callId: string;
  icon: ReactNode;
  label?: string;
  on?: boolean;
  busy?: boolean;
  tone?: 'answer' | 'end';
}

export function Act({ act, desk, callId, icon, label, on, busy = false, tone }: ActProps) {
  const { t } = useWords();
  return (
    <button
      type="button"
      className={classes.act}
      data-tone={tone}
      data-on={on}
      aria-pressed={on}
      aria-busy={busy}
      aria-keyshortcuts={keyOf(act)}
      disabled={busy}
      onClick={() => callAct(act, desk, callId)}
    >
      {icon}
      <span>{label ?? t(`call:${act}`)}</span>
      <KeyHint act={act} />
    </button>
  );
}
