import { IconMicrophoneOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Grade, Judgement, Way } from '../../../telephony/quality.ts';
import { Drop } from '../../components/drop.tsx';
import { KeyHint } from '../../components/key-hint.tsx';
import { LevelBar } from '../../components/level-bar.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords, type Words } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import { LOOK_EVERY_MS, mutedTalk } from '../../sound/muted-talk.ts';
import type { CallStore } from '../../stores/call-store.ts';
import classes from './line-meter.module.css';

/** The call that is talked now, or the first that waits for it. */
function talked({ calls }: ReturnType<CallStore['store']['getState']>) {
  const talking = calls.flatMap(({ live }) => (live?.phase === 'talking' ? [live] : []));
  return talking.find((call) => call.hold === 'none') ?? talking[0] ?? null;
}

/** How the call is heard: bars and a word; the rest on demand. There only while somebody talks. */
export function LineMeter() {
  const desk = useDesk();
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const callId = useStore(desk.calls.store, (state) => talked(state)?.callId ?? null);
  const muted = useStore(desk.calls.store, (state) => talked(state)?.muted ?? false);
  const last = useStore(desk.quality.store, ({ calls }) => (callId ? (calls[callId]?.last ?? null) : null));
  if (!callId) return null;
  const word = last ? wordOf(last, t) : t('audio:quality.measuring');
  return (
    <>
      <Drop
        open={open}
        onClose={() => setOpen(false)}
        label={t('audio:quality.open', { word })}
        width={312}
        // The keys of the call stay in sight.
        below={66}
        control={
          <button
            type="button"
            className={classes.meter}
            data-place="line-meter"
            data-grade={last?.grade}
            aria-expanded={open}
            aria-keyshortcuts={keyOf('quality')}
            title={t('audio:quality.open', { word })}
            onClick={() => setOpen(!open)}
          >
            <Bars grade={last?.grade ?? null} cut={last !== null && last.silence !== 'none'} />
            {word}
            <KeyHint act="quality" />
          </button>
        }
      >
        <Details last={last} word={word} />
      </Drop>
      {last && last.grade !== 'good' && (
        <span className="sr-only" role="status">
          {word}
        </span>
      )}
      {muted && <MutedTalk />}
    </>
  );
}

function wordOf({ silence, grade }: Judgement, t: Words['t']): string {
  return silence === 'none' ? t(`audio:quality.grade.${grade}`) : t(`audio:quality.silence.${silence}`);
}

const FULL: Record<Grade, number> = { good: 4, fair: 3, poor: 2, bad: 1 };

function Bars({ grade, cut }: { grade: Grade | null; cut: boolean }) {
  const full = cut || !grade ? 0 : FULL[grade];
  return (
    <svg className={classes.bars} width="18" height="14" viewBox="0 0 18 14" aria-hidden="true">
      {[0, 1, 2, 3].map((bar) => (
        <rect key={bar} x={bar * 4.5} y={9 - bar * 3} width="3" height={5 + bar * 3} rx="1" data-full={bar < full} />
      ))}
      {cut && <path d="M1 1 L17 13 M17 1 L1 13" />}
    </svg>
  );
}

function Details({ last, word }: { last: Judgement | null; word: string }) {
  const { t } = useWords();
  return (
    <div className={classes.details}>
      <h3>
        {t('audio:quality.title')} <span data-grade={last?.grade}>{word}</span>
      </h3>
      {last?.culprit && <p className={classes.advice}>{t(`audio:quality.advice.${last.culprit}`)}</p>}
      <div className={classes.levels}>
        <span>{t('audio:you')}</span>
        <LevelBar side="here" label={t('audio:level_here')} />
        <span>{t('audio:customer')}</span>
        <LevelBar side="there" label={t('audio:level_there')} />
      </div>
      {last && <Figures last={last} />}
    </div>
  );
}

function Figures({ last }: { last: Judgement }) {
  const { t, format } = useWords();
  const unknown = t('audio:quality.unknown');
  const ms = (value: number | null) =>
    value === null ? unknown : t('audio:quality.milliseconds', { n: Math.round(value) });
  const percent = (value: number | null) =>
    value === null ? unknown : `${format.number(Math.round(value * 1000) / 10)}%`;
  const score = ({ mos }: Way) => (mos === null ? unknown : mos.toFixed(1));
  return (
    <>
      <table className={classes.figures}>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('audio:quality.way_in')}</th>
            <th scope="col">{t('audio:quality.way_out')}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('audio:quality.score')}</th>
            <td>{score(last.in)}</td>
            <td>{score(last.out)}</td>
          </tr>
          <tr>
            <th scope="row">{t('audio:quality.loss')}</th>
            <td>{percent(last.in.loss)}</td>
            <td>{percent(last.out.loss)}</td>
          </tr>
          <tr>
            <th scope="row">{t('audio:quality.jitter')}</th>
            <td>{ms(last.in.jitterMs)}</td>
            <td>{ms(last.out.jitterMs)}</td>
          </tr>
          <tr>
            <th scope="row">{t('audio:quality.round_trip')}</th>
            <td colSpan={2}>{ms(last.roundTripMs)}</td>
          </tr>
        </tbody>
      </table>
      <p className={classes.hint}>{t('audio:quality.score_hint')}</p>
    </>
  );
}

/** Quiet, and only where it matters: somebody talks and is not heard. */
function MutedTalk() {
  const desk = useDesk();
  const { t } = useWords();
  const [talking, setTalking] = useState(false);
  useEffect(() => {
    const watch = desk.audio.watch('here');
    const notice = mutedTalk();
    const timer = setInterval(() => setTalking(notice(watch.read(), desk.now())), LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      watch.stop();
    };
  }, [desk]);
  return (
    <span className={classes.muted} role="status">
      {talking && (
        <>
          <IconMicrophoneOff size={15} aria-hidden="true" /> {t('audio:muted_talk')}
        </>
      )}
    </span>
  );
}
