import { z } from 'zod';
import { assertNever } from './assert-never.ts';
import { canonicalJson } from './canonical-json.ts';
import { evaluate } from './rules/evaluate.ts';
import type { Facts, FactValue } from './rules/facts.ts';
import { type ScriptContent, type ShownStep, type Step, StepId, type Topic } from './script.ts';
import { answerMisfit } from './script-answer.ts';
import { answerFact, bookOf, reachable, type StepBook, waysOf } from './script-ways.ts';
import { Instant } from './text.ts';

/** What was answered: the code of an option, several of them, a figure, a day (YYYY-MM-DD), words, or that a statement was said. */
export const AnswerValue = z.union([
  z.string().max(2000),
  z.number(),
  z.literal(true),
  z.array(z.string().max(40)).max(20),
]);
export type AnswerValue = z.infer<typeof AnswerValue>;

/** More steps than any call has: a run that goes round is stopped here. */
export const RUN_MAX_STEPS = 300;
const Said = z.string().max(4000);

/**
 *              answer, back, jump
 *                 ┌──────┐
 *                 ▼      │
 *   beginRun ─► running ─┴─ finish (at an end) ─► finished
 *                 └──────── give_up ────────────► given_up
 */
export const RunState = z.object({
  status: z.enum(['running', 'finished', 'given_up']),
  /** Where the agent is. */
  stepId: StepId,
  /** The way that was taken, without the step where the agent is: when each was left, and the words that were on screen. */
  path: z.array(z.object({ stepId: StepId, at: Instant, said: Said })).max(RUN_MAX_STEPS),
  /** Everything that was ever answered in this run, by step; only what lies on the way counts. */
  answers: z.record(StepId, z.object({ value: AnswerValue, at: Instant })),
});
export type RunState = z.infer<typeof RunState>;

export type RunEvent =
  | { type: 'answer'; stepId: StepId; value: AnswerValue | null; at: string }
  | { type: 'next'; at: string; said: string }
  | { type: 'back' }
  | { type: 'jump'; stepId: StepId; at: string; said: string }
  | { type: 'finish'; at: string; said: string }
  | { type: 'give_up' };

/** Why an event changed nothing. */
export type RunProblem =
  | 'OVER'
  | 'NO_STEP'
  | 'NEEDS_ANSWER'
  | 'NEEDS_TICK'
  | 'WRONG_ANSWER'
  | 'MISSING_STATEMENT'
  | 'NOT_AT_END'
  | 'STUCK';

export interface Moved {
  state: RunState;
  problem: RunProblem | null;
}

/** A script, and what was known when the run began: the same for the whole run, so that its way can be told again. */
export interface Running {
  script: ScriptContent;
  facts: Facts;
}

/** The first step that is shown. A script that was checked always has one. */
export function beginRun(running: Running): RunState {
  const empty: RunState = { status: 'running', stepId: running.script.start, path: [], answers: {} };
  return { ...empty, stepId: shownFrom(running, empty, running.script.start) ?? running.script.start };
}

/** What an event makes of a run. Pure; where it may not be, the run stays as it is and says why. */
export function nextRun(running: Running, state: RunState, event: RunEvent): Moved {
  const refuse = (problem: RunProblem): Moved => ({ state, problem });
  if (state.status !== 'running') return refuse('OVER');
  const moved = move(running, state, event);
  return moved.problem === null ? moved : refuse(moved.problem);
}

function move(running: Running, state: RunState, event: RunEvent): Moved {
  const refuse = (problem: RunProblem): Moved => ({ state, problem });
  switch (event.type) {
    case 'answer':
      return answered(running, state, event);
    case 'next':
      return gone(running, state, event);
    case 'back': {
      const last = state.path.at(-1);
      return last
        ? { state: { ...state, stepId: last.stepId, path: state.path.slice(0, -1) }, problem: null }
        : refuse('NO_STEP');
    }
    case 'jump':
      return jumped(running, state, event);
    case 'finish':
      return finished(running, state, event);
    case 'give_up':
      return { state: { ...state, status: 'given_up' }, problem: null };
    default:
      return assertNever(event);
  }
}

function answered(running: Running, state: RunState, event: Extract<RunEvent, { type: 'answer' }>): Moved {
  const { stepId, value, at } = event;
  const step = bookOf(running.script).get(stepId);
  if (stepId !== state.stepId || !step) return { state, problem: 'NO_STEP' };
  const { [stepId]: _, ...others } = state.answers;
  if (value === null) return { state: { ...state, answers: others }, problem: null };
  if (answerMisfit(step, value)) return { state, problem: 'WRONG_ANSWER' };
  return { state: { ...state, answers: { ...others, [stepId]: { value, at } } }, problem: null };
}

function gone(running: Running, state: RunState, { at, said }: Extract<RunEvent, { type: 'next' }>): Moved {
  const step = bookOf(running.script).get(state.stepId);
  if (!step || step.kind === 'branch' || step.kind === 'end') return { state, problem: 'NO_STEP' };
  const lacking = lackOf(step, state);
  if (lacking) return { state, problem: lacking };
  return arrive(running, left(state, at, said), leadsTo(step, state));
}

/** What keeps an agent from going on. */
export function lackOf(step: Step, state: Pick<RunState, 'answers'>): 'NEEDS_ANSWER' | 'NEEDS_TICK' | null {
  const has = state.answers[step.id] !== undefined;
  if (step.kind === 'statement') return has ? null : 'NEEDS_TICK';
  return has || (step.kind === 'ask' ? step.optional : step.kind !== 'offer') ? null : 'NEEDS_ANSWER';
}

function leadsTo(step: Exclude<Step, { kind: 'branch' | 'end' }>, state: RunState): StepId {
  const value = state.answers[step.id]?.value;
  if (step.kind === 'offer') return step[value as 'accepted' | 'declined' | 'later'] ?? step.next;
  if (step.kind !== 'ask' || step.question.type !== 'choice') return step.next;
  return step.question.options.find(({ code }) => code === value)?.next ?? step.next;
}

const left = (state: RunState, at: string, said: string): RunState => ({
  ...state,
  path: [...state.path, { stepId: state.stepId, at, said }],
});

function arrive(running: Running, state: RunState, to: StepId): Moved {
  const stepId = state.path.length > RUN_MAX_STEPS ? null : shownFrom(running, state, to);
  return stepId === null ? { state, problem: 'STUCK' } : { state: { ...state, stepId }, problem: null };
}

/** The next step that an agent sees: branches are passed by what is known now. null: there is none, or they go round. */
function shownFrom({ script, facts }: Running, state: RunState, to: StepId): StepId | null {
  const book = bookOf(script);
  const known = { ...facts, ...answersAsFacts(book, state) };
  let id = to;
  for (let passed = 0; passed <= script.steps.length; passed += 1) {
    const step = book.get(id);
    if (!step) return null;
    if (step.kind !== 'branch') return id;
    id = step.ways.find(({ when }) => evaluate(when, known) === true)?.to ?? step.next;
  }
  return null;
}

/** Answers on the way, as facts; a question that was passed over is known to be empty. */
function answersAsFacts(book: StepBook, state: RunState): Record<string, FactValue> {
  return Object.fromEntries(
    state.path.flatMap(({ stepId }) => {
      const kind = book.get(stepId)?.kind;
      return kind === 'ask' || kind === 'offer' ? [[answerFact(stepId), state.answers[stepId]?.value ?? null]] : [];
    }),
  );
}

/** To a step of the way: back to where it was first. To any other: from here on. Nothing that was answered is lost. */
function jumped(running: Running, state: RunState, event: Extract<RunEvent, { type: 'jump' }>): Moved {
  const step = bookOf(running.script).get(event.stepId);
  if (!step || step.kind === 'branch') return { state, problem: 'NO_STEP' };
  if (event.stepId === state.stepId) return { state, problem: null };
  const place = state.path.findIndex(({ stepId }) => stepId === event.stepId);
  if (place >= 0) return { state: { ...state, stepId: event.stepId, path: state.path.slice(0, place) }, problem: null };
  // An end that was not one is no part of the way.
  const isEnd = shownStep(running.script, state)?.kind === 'end';
  return arrive(running, isEnd ? state : left(state, event.at, event.said), event.stepId);
}

function finished(running: Running, state: RunState, { at, said }: Extract<RunEvent, { type: 'finish' }>): Moved {
  const step = bookOf(running.script).get(state.stepId);
  if (step?.kind !== 'end') return { state, problem: 'NOT_AT_END' };
  if (step.result === 'completed' && unsaid(running.script, state).length > 0)
    return { state, problem: 'MISSING_STATEMENT' };
  return { state: { ...left(state, at, said), status: 'finished' }, problem: null };
}

/** What the script requires and no ticked statement of the way has said: who jumps does not get around it. */
export function unsaid(script: ScriptContent, state: RunState): Topic[] {
  const book = bookOf(script);
  const said = state.path.flatMap(({ stepId }) => {
    const step = book.get(stepId);
    return step?.kind === 'statement' && state.answers[stepId] ? step.covers : [];
  });
  return script.requires.filter((topic) => !said.includes(topic));
}

/** The step that is on screen. */
export function shownStep(script: ScriptContent, state: RunState): ShownStep | null {
  const step = bookOf(script).get(state.stepId);
  return step && step.kind !== 'branch' ? step : null;
}

/** How many steps lie behind, and how many are ahead at least. */
export function progressOf(script: ScriptContent, state: RunState): { done: number; ahead: number } {
  const book = bookOf(script);
  let ahead = 0;
  let front = [state.stepId];
  const seen = new Set<StepId>();
  while (front.length > 0 && !front.some((id) => book.get(id)?.kind === 'end')) {
    for (const id of front) seen.add(id);
    const next = front.flatMap((id) => waysOf(book.get(id) as Step).map(({ to }) => to));
    if (front.some((id) => book.get(id)?.kind !== 'branch')) ahead += 1;
    front = [...new Set(next)].filter((id) => book.has(id) && !seen.has(id));
  }
  return { done: state.path.length, ahead };
}

/**
 * Whether a run may go on with another version of its script: every step that it has passed, the one it is at and all that this one
 * may lead to at once are there as they were. Else it goes on to its end with the version that it began with.
 */
export function mayAdopt(from: ScriptContent, to: ScriptContent, state: RunState): boolean {
  if (from.code !== to.code || state.status !== 'running') return false;
  const [before, after] = [bookOf(from), bookOf(to)];
  const same = (id: StepId) => before.has(id) && canonicalJson(before.get(id)) === canonicalJson(after.get(id));
  return (
    [...state.path.map(({ stepId }) => stepId), state.stepId].every(same) && reachable(after, [state.stepId]).size > 0
  );
}
