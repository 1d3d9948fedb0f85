import { assertNever } from './assert-never.ts';
import { rulesOf } from './rules/rule.ts';
import type { ScriptContent, Step, StepId } from './script.ts';

/** One way out of a step. `by`: the steps whose answers decide about it; empty: it is always the same for this customer. */
export interface Way {
  to: StepId;
  by: readonly StepId[];
}

const ANSWER = 'answer.';
/** The fact that the answer to a step is: rules name it so. */
export const answerFact = (stepId: StepId): string => `${ANSWER}${stepId}`;

/** Every way out of a step, in the order in which it is looked at. An end has none. */
export function waysOf(step: Step): Way[] {
  switch (step.kind) {
    case 'say':
    case 'statement':
      return [{ to: step.next, by: [] }];
    case 'ask': {
      const { question, next, id } = step;
      if (question.type !== 'choice') return [{ to: next, by: [] }];
      const led = new Set(question.options.map((option) => option.next ?? next));
      return [...(step.optional ? led.add(next) : led)].map((to) => ({ to, by: led.size > 1 ? [id] : [] }));
    }
    case 'offer': {
      const led = new Set([step.accepted, step.declined, step.later].map((to) => to ?? step.next));
      return [...led].map((to) => ({ to, by: led.size > 1 ? [step.id] : [] }));
    }
    case 'branch': {
      const by = step.ways.flatMap(({ when }) => rulesOf(when)).flatMap(({ field }) => answeredStep(field) ?? []);
      return [...step.ways, { to: step.next }].map(({ to }) => ({ to, by }));
    }
    case 'end':
      return [];
    default:
      return assertNever(step);
  }
}

/** The step whose answer a fact is; null: it is none. */
export function answeredStep(field: string): StepId | null {
  return field.startsWith(ANSWER) ? field.slice(ANSWER.length) : null;
}

export type StepBook = ReadonlyMap<StepId, Step>;
export const bookOf = (script: Pick<ScriptContent, 'steps'>): StepBook =>
  new Map(script.steps.map((step) => [step.id, step]));

/** Every step that can be reached from some, they included. `through`: whether it goes on from a step. */
export function reachable(
  book: StepBook,
  from: readonly StepId[],
  through: (step: Step) => boolean = () => true,
): Set<StepId> {
  const seen = new Set<StepId>(from.filter((id) => book.has(id)));
  for (const id of seen) {
    const step = book.get(id);
    if (!step || !through(step)) continue;
    for (const { to } of waysOf(step)) if (book.has(to)) seen.add(to);
  }
  return seen;
}
