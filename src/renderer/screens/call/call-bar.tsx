import {
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhone,
  IconPhoneCalling,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPhoneOutgoing,
  IconPlayerPause,
  IconPlayerPlay,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { PhoneCall } from '../../../telephony/phone-types.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import { duration } from '../../lib/format.ts';
import type { CallState, DeskCall } from '../../stores/call-store.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import classes from './call.module.css';
import { Act } from './call-act.tsx';
import { heardCall } from './call-keys.ts';
import { CallNews } from './call-news.tsx';
import { phaseWord, soundWord } from './call-words.ts';
import { CallerLine, useQueueName } from './caller-line.tsx';
import { handOver, handoverOf } from './handover.ts';
import { IdleBar } from './idle-bar.tsx';
import { Keypad } from './keypad.tsx';
import { ParkButton } from './parked-calls.tsx';

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
  return (
    <>
      <OneCall key={call.callId} call={call} ui={ui} />
      <CallNews live={call.live} />
    </>
  );
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
      <CallerLine call={call} label={t(phaseWord(call))} elementTiming={live?.phase === 'ringing'} />
      <CallClock call={call} />
      <Sound live={live} />
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

function CallClock({ call }: { call: DeskCall }) {
  const now = useNow(1000);
  const { t } = useWords();
  const queue = useQueueName(call.queue);
  const from = call.live ? (call.answeredAt ?? call.startedAt) : (call.endedAt ?? now);
  return (
    <span className={classes.clock} data-safe>
      {queue && <span className={classes.queue}>{queue}</span>}
      <span className={classes.time} role="timer" aria-label={t('call:clock')}>
        {duration(now - from)}
      </span>
    </span>
  );
}

/** Whether the voices are there. Short and often gone in a moment: it stays in the bar. */
function Sound({ live }: { live: PhoneCall | null }) {
  const { t } = useWords();
  const word = soundWord(live);
  return word && <span className={classes.trouble}>{t(word)}</span>;
}

function CallButtons({ live, ui }: { live: PhoneCall; ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const heard = useStore(desk.calls.store, ({ calls }) => heardCall(calls)?.callId === live.callId);
  if (live.phase === 'ended') return null;
  if (live.phase === 'ringing') {
    return (
      <>
        <Act act="answer" tone="answer" icon={<IconPhone size={17} />} desk={desk} callId={live.callId} />
        <Act act="decline" icon={<IconPhoneOff size={17} />} desk={desk} callId={live.callId} />
      </>
    );
  }
  // While a colleague is heard the keys mean that call, and the customer's bar keeps what must never need a key.
  const talking = live.phase === 'talking' && heard ? live : null;
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
          <TransferButton ui={ui} />
          {talking.consultFor === null && !talking.transfer && <ParkButton callId={live.callId} />}
          <Keypad callId={live.callId} open={ui.keypad} onOpen={ui.setKeypad} icon={<IconDialpad size={17} />} />
        </>
      )}
      <Act act="hang_up" tone="end" icon={<IconPhoneOff size={17} />} desk={desk} callId={live.callId} keyed={heard} />
    </>
  );
}

function TransferButton({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const asking = useStore(desk.calls.store, ({ calls }) => handoverOf(calls)?.consult != null);
  if (asking) return null;
  return (
    <button
      type="button"
      data-safe
      className={classes.act}
      aria-expanded={ui.transfer}
      aria-keyshortcuts={keyOf('transfer')}
      onClick={() => handOver(desk, ui)}
    >
      <IconPhoneOutgoing size={17} />
      <span>{t('call:transfer')}</span>
      <KeyHint act="transfer" />
    </button>
  );
}
