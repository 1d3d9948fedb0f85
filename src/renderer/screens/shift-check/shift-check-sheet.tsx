import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircle, IconCircleCheck, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { LevelBar } from '../../components/level-bar.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { MicrophoneTrouble } from '../settings/devices.tsx';
import { CHECK_STEPS, type CheckRun, type CheckStep, createCheckRun, SAY_SECONDS, type Verdict } from './check-run.ts';
import classes from './shift-check.module.css';

/** Ten seconds before the first call: does it hear me, do I hear it, does it ring, is the line there. */
export function ShiftCheckSheet({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const [run] = useState(() =>
    createCheckRun({
      audio: desk.audio,
      ringer: desk.ringer,
      registered: () => desk.line.store.getState().registration.state === 'registered',
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    }),
  );
  useEffect(() => run.stop, [run]);
  const { status, steps } = useStore(run.store);
  const inCall = useStore(desk.calls.store, ({ calls }) => calls.some((call) => call.stage === 'live'));
  useEffect(() => {
    if (inCall) run.stop();
  }, [run, inCall]);
  const allGood = CHECK_STEPS.every((step) => steps[step] === 'ok');
  return (
    <div className={classes.check}>
      <p className={classes.lead}>{t(inCall ? 'audio:check.in_call' : 'audio:check.lead')}</p>
      <MicrophoneTrouble />
      <ol className={classes.steps}>
        {CHECK_STEPS.map((step) => (
          <Step key={step} step={step} verdict={steps[step]} run={run} ui={ui} />
        ))}
      </ol>
      {status === 'done' && (
        <p className={classes.end} role="status" data-good={allGood}>
          {t(allGood ? 'audio:check.all_good' : 'audio:check.not_all_good')}
        </p>
      )}
      {status !== 'running' && (
        <Button
          leftSection={<IconPlayerPlay size={15} />}
          disabled={inCall}
          data-autofocus
          onClick={() => void run.start()}
        >
          {t(status === 'new' ? 'audio:check.start' : 'audio:check.again')}
        </Button>
      )}
    </div>
  );
}

interface StepProps {
  step: CheckStep;
  verdict: Verdict;
  run: CheckRun;
  ui: DeskUi;
}

function Step({ step, verdict, run, ui }: StepProps) {
  const { t } = useWords();
  const device = useDeviceOf(step);
  const word = useBadWord(step);
  return (
    <li
      className={classes.step}
      data-verdict={verdict}
      aria-current={verdict === 'running' || verdict === 'asked' ? 'step' : undefined}
    >
      <Sign verdict={verdict} />
      <div>
        <b>{t(`audio:check.step.${step}`)}</b>
        {verdict === 'waiting' && <span>{t('audio:check.waiting')}</span>}
        {verdict === 'running' && <Running step={step} device={device} />}
        {verdict === 'asked' && (step === 'self' || step === 'ring') && <Question step={step} run={run} />}
        {verdict === 'ok' && <span>{t(`audio:check.ok.${step}`, { device })}</span>}
        {verdict === 'bad' && (
          <>
            <span role="alert">{t(word)}</span>
            {step !== 'line' && (
              <Button variant="default" onClick={() => ui.setSheet('settings')}>
                {t('audio:check.to_settings')}
              </Button>
            )}
          </>
        )}
      </div>
    </li>
  );
}

function Sign({ verdict }: { verdict: Verdict }) {
  if (verdict === 'ok') return <IconCircleCheck size={20} aria-hidden="true" />;
  return verdict === 'bad' ? (
    <IconAlertTriangle size={20} aria-hidden="true" />
  ) : (
    <IconCircle size={20} aria-hidden="true" />
  );
}

function useDeviceOf(step: CheckStep): string {
  const desk = useDesk();
  const { t } = useWords();
  const { microphone, speaker, ring } = useStore(desk.audio.store);
  const place = { microphone, self: speaker, ring, line: null }[step];
  return place?.label ?? t('settings.system_default');
}

/** A microphone that could not be opened needs no word about its mute switch, nor the headset one about its volume. */
function useBadWord(step: CheckStep): string {
  const status = useStore(useDesk().audio.store, ({ microphone }) => microphone.status);
  const shut = status === 'denied' || status === 'missing' || status === 'busy';
  return `audio:check.bad.${step}${shut && (step === 'microphone' || step === 'self') ? '_shut' : ''}`;
}

function Running({ step, device }: { step: CheckStep; device: string }) {
  const { t } = useWords();
  if (step === 'self') return <span role="status">{t('audio:check.listen')}</span>;
  if (step === 'ring') return <span role="status">{t('audio:check.ringing', { device })}</span>;
  return (
    <>
      <span role="status">{t('audio:check.say', { n: SAY_SECONDS })}</span>
      <LevelBar side="here" label={t('audio:level_here')} />
    </>
  );
}

function Question({ step, run }: { step: 'self' | 'ring'; run: CheckRun }) {
  const { t } = useWords();
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => yes.current?.focus(), []);
  return (
    <>
      <span role="status">{t(step === 'self' ? 'audio:check.heard_self' : 'audio:check.heard_ring')}</span>
      <span className={classes.answers}>
        <Button ref={yes} onClick={() => run.answer(step, true)}>
          {t('audio:check.heard')}
        </Button>
        <Button variant="default" onClick={() => run.answer(step, false)}>
          {t('audio:check.not_heard')}
        </Button>
      </span>
    </>
  );
}
