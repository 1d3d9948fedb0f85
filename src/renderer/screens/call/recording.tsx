import { IconCreditCard, IconPlayerRecord, IconPlayerStop } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { toggleCardPause, toggleRecording } from '../../desk-pbx.ts';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import { duration } from '../../lib/format.ts';
import type { RecordedCall } from '../../stores/recording-store.ts';
import classes from './call.module.css';
import { heardCall } from './call-keys.ts';

/** The recording of the call that is heard, as the PBX tells it. Nothing where the centre hears no PBX. */
export function RecordingStrip() {
  const desk = useDesk();
  const { t } = useWords();
  const heard = useStore(desk.calls.store, ({ calls }) => {
    const call = heardCall(calls);
    return call?.phase === 'talking' ? call.callId : null;
  });
  const call = useStore(desk.recordings.store, ({ calls }) => (heard === null ? undefined : calls[heard]));
  if (heard === null || !call) return null;
  return (
    <section className={classes.recording} data-recording={call.state} aria-label={t('pbx:recording.label')}>
      <RecordingLamp call={call} />
      <span className={classes.spacer} />
      <RecordingButtons callId={heard} call={call} />
    </section>
  );
}

/** Not paused although it was asked for, or paused once and now nobody knows: nothing worse can be said, so it is said in red. */
function warningOf(call: RecordedCall): string | null {
  if (call.notPaused) return 'not_paused';
  if (call.asking === 'pause' && call.state !== 'paused') return 'pausing';
  if (call.failedAct) return `failed_${call.failedAct}`;
  const last = call.times.at(-2);
  return call.state === 'unknown' && last?.state === 'paused' ? 'lost' : null;
}

/** The lamp: what the PBX says, never what was asked. */
function RecordingLamp({ call }: { call: RecordedCall }) {
  const { t } = useWords();
  const warning = warningOf(call);
  return (
    <>
      <span className={classes.lamp} data-recording={call.state} aria-hidden="true" />
      <span role="status" data-recording={call.state}>
        {t(`pbx:recording.${call.state}`)}
      </span>
      {call.state === 'paused' && call.resumesAt !== null && <PauseLeft until={call.resumesAt} />}
      {warning && (
        <strong className={classes.trouble} data-recording-warning={warning} role="alert">
          {t(`pbx:recording.${warning}`)}
        </strong>
      )}
    </>
  );
}

function PauseLeft({ until }: { until: number }) {
  const now = useNow(1000);
  const { t } = useWords();
  return <span className={classes.left}>{t('pbx:recording.left', { left: duration(Math.max(0, until - now)) })}</span>;
}

/** Pause for a card number, and start or stop. */
function RecordingButtons({ callId, call }: { callId: string; call: RecordedCall }) {
  const desk = useDesk();
  const { t } = useWords();
  const paused = call.state === 'paused';
  const off = call.state === 'off';
  return (
    <>
      {!off && (
        <button
          type="button"
          data-safe
          className={classes.act}
          data-on={paused}
          aria-pressed={paused}
          aria-busy={call.asking !== null}
          aria-keyshortcuts={keyOf('card_pause')}
          onClick={() => toggleCardPause(desk, callId)}
        >
          <IconCreditCard size={15} />
          <span>{t(paused ? 'pbx:card_resume' : 'pbx:card_pause')}</span>
          <KeyHint act="card_pause" />
        </button>
      )}
      <button
        type="button"
        data-safe
        className={classes.act}
        aria-keyshortcuts={keyOf('record')}
        onClick={() => toggleRecording(desk, callId)}
      >
        {off ? <IconPlayerRecord size={15} /> : <IconPlayerStop size={15} />}
        <span>{t(off ? 'pbx:start' : 'pbx:stop')}</span>
        <KeyHint act="record" />
      </button>
    </>
  );
}
