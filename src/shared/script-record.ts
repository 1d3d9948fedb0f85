import { z } from 'zod';
import { Id } from './ids.ts';
import { ScriptCode, type ScriptContent, ScriptHash, StepId, type StepOf } from './script.ts';
import { optionLabel } from './script-answer.ts';
import { AnswerValue, RUN_MAX_STEPS, type RunState } from './script-run.ts';
import { bookOf } from './script-ways.ts';
import { Instant, Language } from './text.ts';

/** One step of a run as it was: what stood on screen to be said, when it was left, what was answered. */
export const RunLine = z.object({
  stepId: StepId,
  kind: z.enum(['say', 'ask', 'statement', 'offer', 'end']),
  said: z.string().max(4000),
  at: Instant,
  answer: AnswerValue.nullable(),
  /** The words of the options that were chosen, in the language of the run; null: the answer speaks for itself. */
  answerText: z.string().max(4000).nullable(),
  /** false: answered on a way that was left again. */
  counted: z.boolean(),
});
export type RunLine = z.infer<typeof RunLine>;

/** What both the operation and the row say of a run that is over. */
export const RunFacts = z.object({
  interactionId: Id.nullable(),
  customerId: Id.nullable(),
  scriptId: Id,
  code: ScriptCode,
  title: z.string().max(200),
  /** The version in whose words it ended; `begunWith` the one that it began with, where that was another. */
  number: z.int().min(1),
  hash: ScriptHash,
  begunWith: ScriptHash.optional(),
  language: Language,
  status: z.enum(['finished', 'given_up']),
  startedAt: Instant,
  endedAt: Instant,
  disposition: z.string().max(40).nullable(),
  lines: z.array(RunLine).max(RUN_MAX_STEPS * 2),
});
export type RunFacts = z.infer<typeof RunFacts>;

/** A run that is over, as the centre has it: the evidence of what was said and answered in a call. */
export const ScriptRun = RunFacts.extend({
  id: Id,
  agentId: Id,
  agentName: z.string().max(100),
  /** When the centre heard of it. */
  at: Instant,
});
export type ScriptRun = z.infer<typeof ScriptRun>;

/** Together; beyond it words are shortened, never those of a statement: it is the evidence. */
const MOST_LETTERS = 100_000;

/** What is kept of a run: the way that was taken, then the answers that lie beside it. */
export function linesOf(script: ScriptContent, state: RunState, language: Language, now: string): RunLine[] {
  const book = bookOf(script);
  const line = (stepId: string, at: string, said: string, counted: boolean): RunLine[] => {
    const step = book.get(stepId);
    if (!step || step.kind === 'branch') return [];
    const answer = state.answers[stepId]?.value ?? null;
    const codes = typeof answer === 'string' ? [answer] : Array.isArray(answer) ? answer : [];
    const labels = codes.map((code) => optionLabel(step, code)?.[language]).filter(Boolean);
    const answerText = labels.length === 0 ? null : labels.join(', ').slice(0, 4000);
    return [{ stepId, kind: step.kind, said, at, answer, answerText, counted }];
  };
  const way = state.path.flatMap(({ stepId, at, said }) => line(stepId, at, said, true));
  const onWay = new Set(state.path.map(({ stepId }) => stepId));
  const beside = Object.entries(state.answers)
    .filter(([stepId]) => !onWay.has(stepId))
    .flatMap(([stepId, { at }]) => line(stepId, at || now, '', stepId === state.stepId));
  // The step where the run was left comes where it was.
  return shortened([...way, ...beside.sort((a, b) => Number(b.counted) - Number(a.counted))]);
}

function shortened(lines: RunLine[]): RunLine[] {
  const letters = lines.reduce((sum, { said }) => sum + said.length, 0);
  if (letters <= MOST_LETTERS) return lines;
  const each = Math.floor(MOST_LETTERS / lines.length);
  return lines.map((line) => (line.kind === 'statement' ? line : { ...line, said: line.said.slice(0, each) }));
}

/** The proposed result of the call: what was answered for it last, else what the end proposes. */
export function dispositionOf(script: ScriptContent, state: RunState): string | null {
  const book = bookOf(script);
  const steps = [...state.path.map(({ stepId }) => stepId), state.stepId].flatMap((id) => book.get(id) ?? []);
  const answered = steps.findLast(
    (step): step is StepOf<'ask'> => step.kind === 'ask' && step.to?.of === 'disposition',
  );
  const code = answered ? state.answers[answered.id]?.value : undefined;
  if (typeof code === 'string') return code;
  const last = steps.at(-1);
  return last?.kind === 'end' ? (last.disposition ?? null) : null;
}
