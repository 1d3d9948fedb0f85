import { IconCreditCard, IconPlayerRecord, IconPlayerStop } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { PhoneCall } from '../../../telephony/phone-types.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { toggleCardPause, toggleRecording } from '../../desk-pbx.ts';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import { duration } from '../../lib/format.ts';
import type { RecordedCall } from '../../stores/recording-store.ts';
import classes from './call.module.css';

/** The recording of a call as the PBX tells it; null where the centre hears no PBX, or not yet of this call. */
function useRecording(callId: string): RecordedCall | null {
  const desk = useDesk();
  const call = useStore(desk.recordings.store, ({ calls }) => calls[callId]);
  return call ?? null;
}

/** Not paused although it was asked for, or paused once and now nobody knows: nothing worse can be said, so it is said in red. */
function warningOf(call: RecordedCall): 'not_paused' | 'pausing' | 'lost' | null {
  if (call.notPaused) return 'not_paused';
  if (call.asking === 'pause' && call.state !== 'paused') return 'pausing';
  const last = call.times.at(-2);
  return call.state === 'unknown' && last?.state === 'paused' ? 'lost' : null;
}

/** The lamp: what the PBX says, never what was asked. */
export function RecordingLamp({ live }: { live: PhoneCall | null }) {
  const { t } = useWords();
  const call = useRecording(live?.callId ?? '');
  if (!call || live?.phase !== 'talking') return null;
  const warning = warningOf(call);
  return (
    <span className={classes.recording} data-recording={call.state} role="status">
      <span className={classes.lamp} data-recording={call.state} aria-hidden="true" />
      {t(`pbx:recording.${call.state}`)}
      {call.state === 'paused' && call.resumesAt !== null && <PauseLeft until={call.resumesAt} />}
      {warning && (
        <strong className={classes.trouble} data-recording-warning={warning} role="alert">
          {t(`pbx:recording.${warning}`)}
        </strong>
      )}
    </span>
  );
}

function PauseLeft({ until }: { until: number }) {
  const now = useNow(1000);
  const { t } = useWords();
  return <span className={classes.left}>{t('pbx:recording.left', { left: duration(Math.max(0, until - now)) })}</span>;
}

/** Pause for a card number, and start or stop. */
export function RecordingButtons({ callId }: { callId: string }) {
  const desk = useDesk();
  const { t } = useWords();
  const call = useRecording(callId);
  if (!call) return null;
  const paused = call.state === 'paused';
  const off = call.state === 'off';
  return (
    <>
      {!off && (
        <button
          type="button"
          className={classes.act}
          data-on={paused}
          aria-pressed={paused}
          aria-busy={call.asking !== null}
          aria-keyshortcuts={keyOf('card_pause')}
          onClick={() => toggleCardPause(desk, callId)}
        >
          <IconCreditCard size={17} />
          <span>{t(paused ? 'pbx:card_resume' : 'pbx:card_pause')}</span>
          <KeyHint act="card_pause" />
        </button>
      )}
      <button
        type="button"
        className={classes.act}
        aria-label={t(off ? 'pbx:start' : 'pbx:stop')}
        title={t(off ? 'pbx:start' : 'pbx:stop')}
        aria-keyshortcuts={keyOf('record')}
        onClick={() => toggleRecording(desk, callId)}
      >
        {off ? <IconPlayerRecord size={17} /> : <IconPlayerStop size={17} />}
        <KeyHint act="record" />
      </button>
    </>
  );
}
