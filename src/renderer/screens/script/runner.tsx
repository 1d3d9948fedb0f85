import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { type ShownStep, wordsOf } from '../../../shared/script.ts';
import { type AnswerValue, progressOf, type RunEvent, shownStep, unsaid } from '../../../shared/script-run.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { isTextField } from '../../lib/focus.ts';
import { fillBlock } from '../../lib/note-words.ts';
import type { ScriptSlot } from '../../stores/script-store.ts';
import { PLACES } from '../desk/places.ts';
import { useMergeValues } from '../note/note-entries.ts';
import { Answer } from './answer.tsx';
import { JumpList } from './jump-list.tsx';
import classes from './script.module.css';

interface RunnerProps {
  /** Of the run: a call's, a customer's. */
  place: string;
  slot: ScriptSlot;
}

/**
 * One step at a time, large enough to be read out. Enter goes on, Backspace and Alt+Left go back, digits answer. It takes the focus only
 * where the agent's last key was its own.
 */
export function Runner({ place, slot }: RunnerProps) {
  const desk = useDesk();
  const { t } = useWords();
  const { run } = slot;
  const { language } = run;
  const { content } = run.version;
  const step = shownStep(content, run.state);
  const said = useSaid(slot);
  const root = useRef<HTMLDivElement>(null);
  const byOwnKey = useRef(true);
  const act = (event: RunEvent) => {
    byOwnKey.current = root.current?.contains(document.activeElement) ?? false;
    desk.scripts.act(place, event);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is another step that leads the focus
  useLayoutEffect(() => {
    if (!byOwnKey.current) return;
    byOwnKey.current = false;
    const field = root.current?.querySelector<HTMLElement>('textarea, input');
    (field ?? root.current)?.focus();
  }, [run.state.stepId]);
  if (!step) return null;
  const at = () => new Date(desk.now()).toISOString();
  const onward = () => act({ type: step.kind === 'end' ? 'finish' : 'next', at: at(), said });
  const back = () => act({ type: 'back' });
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.code === 'Digit0' || event.code === 'Numpad0') {
      const figure = zeroOn(step, run.state.answers[step.id]?.value ?? null);
      if (figure === null || isTextField(event.target as Element)) return;
      act({ type: 'answer', stepId: step.id, value: figure, at: at() });
      return;
    }
    const away = event.key === 'Backspace' && !isTextField(event.target as Element);
    if (away || (event.altKey && event.key === 'ArrowLeft')) back();
    else if (event.key === 'Enter' && !event.altKey && !event.shiftKey && !isOtherButton(event.target)) onward();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the whole run; every act has a button beside it
    <div ref={root} className={classes.runner} data-place={PLACES.runner} tabIndex={-1} onKeyDown={onKeyDown}>
      <Head slot={slot} onSpeak={(next) => desk.scripts.speak(place, next)} />
      {slot.adopted && <p className={classes.news}>{t('script:adopted', { n: run.version.number })}</p>}
      <div className={classes.step} aria-live="polite">
        <span className={classes.kind}>{t(`script:step.${step.kind}`)}</span>
        <p className={classes.said} data-statement={step.kind === 'statement'}>
          {said}
        </p>
        {step.hint && <p className={classes.hint}>{wordsOf(step.hint, language)}</p>}
      </div>
      <Answer
        key={step.id}
        step={step}
        value={run.state.answers[step.id]?.value ?? null}
        language={language}
        onAnswer={(value) => act({ type: 'answer', stepId: step.id, value, at: at() })}
      />
      {slot.problem && (
        <p className={classes.lacking} role="alert">
          {t(`script:problem.${slot.problem}`, {
            topics: unsaid(content, run.state)
              .map((topic) => t(`script:topic.${topic}`))
              .join(', '),
          })}
        </p>
      )}
      {slot.trouble && <Problem problem={slot.trouble} />}
      <div className={classes.foot}>
        <button type="button" className={classes.go} onClick={onward}>
          {t(step.kind === 'end' ? 'script:finish' : 'script:next')} <span className="key">Enter</span>
        </button>
        <button type="button" className={classes.plain} disabled={run.state.path.length === 0} onClick={back}>
          {t('script:back')} <span className="key">Backspace</span>
        </button>
        <button type="button" className={classes.plain} onClick={() => act({ type: 'give_up' })}>
          {t('script:give_up')}
        </button>
      </div>
      <JumpList slot={slot} onJump={(stepId) => act({ type: 'jump', stepId, at: at(), said })} />
    </div>
  );
}

/** The digit 0 on a scale, which is no choice of a numbered list: after a 1 it makes ten. */
function zeroOn(step: ShownStep, value: AnswerValue | null): number | null {
  if (step.kind !== 'ask' || step.question.type !== 'scale') return null;
  const { from, to } = step.question;
  const figure = value === 1 && to >= 10 ? 10 : 0;
  return figure >= from ? figure : null;
}

/** Enter on another button presses that; on an answer it goes on, as with radio buttons. */
function isOtherButton(target: EventTarget): boolean {
  const button = target instanceof Element ? target.closest('button, summary') : null;
  return button !== null && !button.hasAttribute('data-answer');
}

/** What is to be said, with its fields filled in. */
function useSaid({ run }: ScriptSlot): string {
  const { t } = useWords();
  const values = useMergeValues();
  const step = shownStep(run.version.content, run.state);
  return step
    ? fillBlock(wordsOf(step.text, run.language), values(), (field) => t(`note.field.${field}`)).slice(0, 4000)
    : '';
}

function Head({ slot, onSpeak }: { slot: ScriptSlot; onSpeak: (language: 'ko' | 'en') => void }) {
  const { t } = useWords();
  const { run } = slot;
  const { language } = run;
  const { done, ahead } = progressOf(run.version.content, run.state);
  const other = language === 'ko' ? 'en' : 'ko';
  return (
    <div className={classes.head}>
      <b>{wordsOf(run.version.content.title, language)}</b>
      <span className={classes.quiet}>{t('script:version', { n: run.version.number })}</span>
      <button type="button" className={classes.plain} onClick={() => onSpeak(other)}>
        {t(`script:speak.${other}`)}
      </button>
      <progress
        className={classes.bar}
        max={done + ahead + 1}
        value={done + 1}
        aria-label={t('script:progress', { done: done + 1, ahead })}
      />
      <span className={classes.quiet}>{t('script:progress', { done: done + 1, ahead })}</span>
    </div>
  );
}
