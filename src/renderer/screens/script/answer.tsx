import { type Question, type ShownStep, wordsOf } from '../../../shared/script.ts';
import type { AnswerValue } from '../../../shared/script-run.ts';
import { useWords } from '../../i18n.ts';
import { choiceProps } from '../../keys/choices.ts';
import classes from './script.module.css';
import { Digit } from './script-sheet.tsx';

interface AnswerProps {
  step: ShownStep;
  value: AnswerValue | null;
  language: 'ko' | 'en';
  onAnswer: (value: AnswerValue | null) => void;
}

/** What the agent presses or types for one step. */
export function Answer({ step, value, language, onAnswer }: AnswerProps) {
  const { t } = useWords();
  switch (step.kind) {
    case 'say':
    case 'end':
      return null;
    case 'statement':
      return (
        <Buttons
          label={t('script:tick')}
          several
          chosen={value === true ? ['said'] : []}
          options={[{ code: 'said', label: t('script:tick') }]}
          onPress={() => onAnswer(value === true ? null : true)}
        />
      );
    case 'offer':
      return (
        <>
          <p className={classes.offer}>{wordsOf(step.name, language)}</p>
          <Buttons
            label={t('script:step.offer')}
            chosen={typeof value === 'string' ? [value] : []}
            options={(['accepted', 'declined', 'later'] as const).map((code) => ({
              code,
              label: t(`script:offer.${code}`),
            }))}
            onPress={onAnswer}
          />
        </>
      );
    case 'ask':
      return <Asked question={step.question} value={value} language={language} onAnswer={onAnswer} />;
  }
}

function Asked({ question, value, language, onAnswer }: Omit<AnswerProps, 'step'> & { question: Question }) {
  const { t } = useWords();
  switch (question.type) {
    case 'choice':
    case 'several': {
      const chosen = Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
      const toggled = (code: string) => {
        const rest = chosen.filter((one) => one !== code);
        const next = chosen.includes(code) ? rest : [...chosen, code];
        return next.length === 0 ? null : next;
      };
      return (
        <Buttons
          label={t(question.type === 'choice' ? 'script:choose_one' : 'script:choose_several')}
          several={question.type === 'several'}
          chosen={chosen}
          options={question.options.map(({ code, label }) => ({ code, label: wordsOf(label, language) }))}
          onPress={(code) => onAnswer(question.type === 'choice' ? code : toggled(code))}
        />
      );
    }
    case 'scale':
      return <Scale question={question} value={typeof value === 'number' ? value : null} onAnswer={onAnswer} />;
    case 'number':
    case 'date':
    case 'text':
      return <Typed question={question} value={value} onAnswer={onAnswer} />;
  }
}

/** Buttons that are radio buttons or boxes to tick: real ones would take the digits for themselves. */
const setOf = (label: string, several: boolean) => ({ role: several ? 'group' : 'radiogroup', 'aria-label': label });
const mark = (several: boolean, chosen: boolean) => ({ role: several ? 'checkbox' : 'radio', 'aria-checked': chosen });

interface ButtonsProps {
  label: string;
  several?: boolean;
  chosen: readonly string[];
  options: readonly { code: string; label: string }[];
  onPress: (code: string) => void;
}

function Buttons({ label, several = false, chosen, options, onPress }: ButtonsProps) {
  return (
    <div className={classes.options} {...setOf(label, several)}>
      {options.map((option, index) => (
        <button
          key={option.code}
          type="button"
          {...mark(several, chosen.includes(option.code))}
          className={classes.option}
          data-answer
          {...choiceProps(index)}
          onClick={() => onPress(option.code)}
        >
          <Digit n={index + 1} />
          {option.label}
        </button>
      ))}
    </div>
  );
}

interface ScaleProps {
  question: Extract<Question, { type: 'scale' }>;
  value: number | null;
  onAnswer: (value: number) => void;
}

/** A digit is its figure; 0, and 1 and then 0 for ten, the runner hears. */
function Scale({ question: { of, from, to }, value, onAnswer }: ScaleProps) {
  const { t } = useWords();
  const figures = Array.from({ length: Math.min(21, to - from + 1) }, (_, index) => from + index);
  return (
    <div>
      <div className={classes.figures} {...setOf(t(`script:scale.${of}`, { from, to }), false)}>
        {figures.map((figure) => (
          <button
            key={figure}
            type="button"
            {...mark(false, figure === value)}
            className={classes.figure}
            data-answer
            {...(figure >= 1 && figure <= 9 ? { 'data-choice': String(figure) } : {})}
            onClick={() => onAnswer(figure)}
          >
            {figure}
          </button>
        ))}
      </div>
      <p className={classes.quiet}>{t(`script:scale.${of}`, { from, to })}</p>
    </div>
  );
}

interface TypedProps {
  question: Extract<Question, { type: 'number' | 'date' | 'text' }>;
  value: AnswerValue | null;
  onAnswer: (value: AnswerValue | null) => void;
}

/** Uncontrolled: nothing is written into a field while a syllable is composed. */
function Typed({ question, value, onAnswer }: TypedProps) {
  const { t } = useWords();
  const label = t(`script:type.${question.type}`);
  const first = value === null ? '' : String(value);
  if (question.type === 'text') {
    return (
      <textarea
        className={classes.field}
        aria-label={label}
        placeholder={label}
        rows={3}
        maxLength={question.max ?? 2000}
        defaultValue={first}
        onChange={({ currentTarget }) => onAnswer(currentTarget.value.trim() === '' ? null : currentTarget.value)}
      />
    );
  }
  const isNumber = question.type === 'number';
  const read = (text: string) => {
    if (text.trim() === '') return null;
    return isNumber ? Number(text.replaceAll(',', '')) : text;
  };
  return (
    <input
      className={classes.field}
      type={isNumber ? 'text' : 'date'}
      inputMode={isNumber ? 'decimal' : undefined}
      aria-label={label}
      placeholder={label}
      defaultValue={first}
      onChange={({ currentTarget }) => onAnswer(read(currentTarget.value))}
    />
  );
}
