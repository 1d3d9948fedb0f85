import { type ShownStep, type StepId, wordsOf } from '../../../shared/script.ts';
import { useWords } from '../../i18n.ts';
import type { ScriptSlot } from '../../stores/script-store.ts';
import classes from './script.module.css';

/** To any step: one that was passed already is gone back to, with its answer. */
export function JumpList({ slot, onJump }: { slot: ScriptSlot; onJump: (stepId: StepId) => void }) {
  const { t } = useWords();
  const { state, version, language } = slot.run;
  const passed = new Set(state.path.map(({ stepId }) => stepId));
  const steps = version.content.steps.filter((step): step is ShownStep => step.kind !== 'branch');
  return (
    <details className={classes.jump}>
      <summary>{t('script:jump', { n: steps.length })}</summary>
      <ol>
        {steps.map((step) => (
          <li key={step.id}>
            <button
              type="button"
              className={classes.jumpTo}
              aria-current={step.id === state.stepId ? 'step' : undefined}
              onClick={() => onJump(step.id)}
            >
              <span>{t(`script:step.${step.kind}`)}</span>
              {wordsOf(step.text, language)}
              {passed.has(step.id) && <em>{t('script:passed')}</em>}
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}
