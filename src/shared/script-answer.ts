import type { Question, ScriptText, Step } from './script.ts';
import type { AnswerValue } from './script-run.ts';
import { Day } from './text.ts';

/** Whether a step cannot have this answer. */
export function answerMisfit(step: Step, value: AnswerValue): boolean {
  if (step.kind === 'statement') return value !== true;
  if (step.kind === 'offer') return value !== 'accepted' && value !== 'declined' && value !== 'later';
  return step.kind !== 'ask' || !fits(step.question, value);
}

function fits(question: Question, value: AnswerValue): boolean {
  switch (question.type) {
    case 'choice':
      return question.options.some(({ code }) => code === value);
    case 'several': {
      const codes = question.options.map(({ code }) => code);
      return (
        Array.isArray(value) &&
        value.length > 0 &&
        new Set(value).size === value.length &&
        value.every((one) => codes.includes(one))
      );
    }
    case 'scale':
      return Number.isInteger(value) && Number(value) >= question.from && Number(value) <= question.to;
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return false;
      return value >= (question.min ?? -Infinity) && value <= (question.max ?? Infinity);
    }
    case 'date':
      return Day.safeParse(value).success;
    case 'text':
      return typeof value === 'string' && value.trim() !== '' && value.length <= (question.max ?? 2000);
  }
}

/** The words of an option, where the answer is one; null: the answer speaks for itself. */
export function optionLabel(step: Step, code: string): ScriptText | null {
  if (step.kind !== 'ask' || !('options' in step.question)) return null;
  return step.question.options.find((option) => option.code === code)?.label ?? null;
}
