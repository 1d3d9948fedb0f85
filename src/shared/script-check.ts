import { type CustomField, fieldsOf } from './customer.ts';
import { checkRules, type RuleFaultCode } from './rules/check-rules.ts';
import { type Catalogue, catalogueOf, type FactKind } from './rules/facts.ts';
import type { RuleGroup } from './rules/rule.ts';
import {
  type AnswerTarget,
  type Question,
  SCRIPT_MAX_STEPS,
  type ScriptContent,
  type Step,
  type StepOf,
} from './script.ts';
import { findLoops } from './script-loops.ts';
import { answerFact, bookOf, reachable, type StepBook, waysOf } from './script-ways.ts';
import { unknownMergeFields } from './text-block.ts';

export type ScriptFaultCode =
  | RuleFaultCode
  | 'TOO_MANY_STEPS'
  | 'DUPLICATE_STEP'
  | 'UNKNOWN_STEP'
  | 'UNREACHABLE'
  | 'DEAD_END'
  | 'ENDLESS_LOOP'
  | 'MISSING_STATEMENT'
  | 'UNKNOWN_DISPOSITION'
  | 'UNKNOWN_MERGE_FIELD'
  | 'DUPLICATE_OPTION'
  | 'EMPTY_SCALE'
  | 'TARGET_MISFIT';

/** What is wrong with a script, and where; null: with all of it. `detail` names fields, steps and codes. */
export interface ScriptFault {
  code: ScriptFaultCode;
  stepId: string | null;
  detail: string;
}

/** What a script may name. */
export interface ScriptSurroundings {
  /** The business's own fields, of customers, cases and products. */
  customFields: readonly CustomField[];
  dispositionCodes: ReadonlySet<string>;
}

const fault = (code: ScriptFaultCode, stepId: string | null, detail = ''): ScriptFault => ({ code, stepId, detail });

/**
 * Everything that keeps a script from being published; empty: every way through it comes to an end, says what must be said, and names
 * only what there is.
 */
export function checkScript(script: ScriptContent, around: ScriptSurroundings): ScriptFault[] {
  const { steps, start } = script;
  if (steps.length > SCRIPT_MAX_STEPS) return [fault('TOO_MANY_STEPS', null, String(steps.length))];
  const book = bookOf(script);
  const catalogue = withAnswers(catalogueOf(around.customFields), steps);
  return [
    ...duplicatesIn(steps.map(({ id }) => id)).map((id) => fault('DUPLICATE_STEP', id)),
    ...(book.has(start) ? [] : [fault('UNKNOWN_STEP', null, start)]),
    ...steps.flatMap((step) => ownFaults(step, book, catalogue, around)),
    ...(script.chosenWhen ? ruleFaults(script.chosenWhen, catalogueOf(around.customFields), null) : []),
    ...wayFaults(script, book),
    ...missingStatements(script, book),
  ];
}

/** What answers are as facts, beside what is known of the customer. */
function withAnswers(known: Catalogue, steps: readonly Step[]): Catalogue {
  const answers = steps.flatMap((step): [string, FactKind][] => {
    if (step.kind === 'ask') return [[answerFact(step.id), kindOf(step.question)]];
    if (step.kind !== 'offer') return [];
    return [[answerFact(step.id), { type: 'choice', choices: ['accepted', 'declined', 'later'] }]];
  });
  return new Map([...known, ...answers]);
}

function kindOf(question: Question): FactKind {
  switch (question.type) {
    case 'choice':
    case 'several': {
      const choices = question.options.map(({ code }) => code);
      return { type: question.type === 'choice' ? 'choice' : 'list', choices };
    }
    case 'scale':
      return { type: 'number' };
    default:
      return { type: question.type };
  }
}

/** Faults that one step has by itself. */
function ownFaults(step: Step, book: StepBook, catalogue: Catalogue, around: ScriptSurroundings): ScriptFault[] {
  const nowhere = waysOf(step).filter(({ to }) => !book.has(to));
  return [
    ...nowhere.map(({ to }) => fault('UNKNOWN_STEP', step.id, to)),
    ...textFaults(step),
    ...(step.kind === 'branch' ? step.ways.flatMap(({ when }) => ruleFaults(when, catalogue, step.id)) : []),
    ...(step.kind === 'ask' ? askFaults(step, around) : []),
    ...(step.kind === 'end' ? dispositionFaults([step.disposition ?? ''], step.id, around) : []),
  ];
}

function ruleFaults(rules: RuleGroup, catalogue: Catalogue, stepId: string | null): ScriptFault[] {
  return checkRules(rules, catalogue).map(({ code, field }) => fault(code, stepId, field));
}

function textFaults(step: Step): ScriptFault[] {
  if (step.kind === 'branch') return [];
  const texts = [step.text, ...(step.hint ? [step.hint] : [])].flatMap(({ ko, en }) => [ko, en]);
  const unknown = new Set(texts.flatMap(unknownMergeFields));
  return [...unknown].map((name) => fault('UNKNOWN_MERGE_FIELD', step.id, name));
}

function dispositionFaults(codes: readonly string[], stepId: string, around: ScriptSurroundings): ScriptFault[] {
  const unknown = codes.filter((code) => code !== '' && !around.dispositionCodes.has(code));
  return unknown.map((code) => fault('UNKNOWN_DISPOSITION', stepId, code));
}

function askFaults({ id, question, to }: StepOf<'ask'>, around: ScriptSurroundings): ScriptFault[] {
  const codes = 'options' in question ? question.options.map(({ code }) => code) : [];
  const isEmpty =
    (question.type === 'scale' && (question.from >= question.to || question.to - question.from > 20)) ||
    (question.type === 'number' && (question.min ?? -Infinity) > (question.max ?? Infinity));
  return [
    ...duplicatesIn(codes).map((code) => fault('DUPLICATE_OPTION', id, code)),
    ...(isEmpty ? [fault('EMPTY_SCALE', id)] : []),
    ...(to ? targetFaults(to, question, id, around) : []),
  ];
}

const TAKES: Readonly<Record<CustomField['type'], readonly Question['type'][]>> = {
  text: ['text', 'choice'],
  number: ['number', 'scale'],
  money: ['number', 'scale'],
  date: ['date'],
  choice: ['choice'],
  choices: ['several'],
  // Of a choice between 'yes' and 'no'.
  boolean: ['choice'],
};

function targetFaults(to: AnswerTarget, question: Question, id: string, around: ScriptSurroundings): ScriptFault[] {
  const codes = 'options' in question ? question.options.map(({ code, value }) => value ?? code) : [];
  const misfit = (detail: string) => [fault('TARGET_MISFIT', id, detail)];
  if (to.of === 'disposition') {
    return question.type === 'choice' ? dispositionFaults(codes, id, around) : misfit('disposition');
  }
  const name = to.of === 'case' ? `custom.${to.key}` : to.field;
  if (!name.startsWith('custom.')) {
    const fits = {
      name: question.type === 'text',
      birthday: question.type === 'date',
      language: question.type === 'choice',
    };
    return fits[name as keyof typeof fits] && codes.every((code) => code === 'ko' || code === 'en') ? [] : misfit(name);
  }
  const own = fieldsOf(around.customFields, to.of).find(({ key }) => name === `custom.${key}`);
  if (!own) return [fault('UNKNOWN_FIELD', id, name)];
  const allowed =
    own.type === 'boolean' ? ['yes', 'no'] : own.type === 'choice' || own.type === 'choices' ? own.choices : codes;
  return TAKES[own.type].includes(question.type) && codes.every((code) => allowed.includes(code)) ? [] : misfit(name);
}

/** Steps that nobody comes to, from which nobody comes to an end, and loops. */
function wayFaults(script: ScriptContent, book: StepBook): ScriptFault[] {
  const reached = reachable(book, [script.start]);
  const loops = findLoops(book, reached);
  const inLoop = new Set(loops.flat());
  const ending = stepsThatEnd(book);
  const dead = [...reached].filter((id) => !ending.has(id) && !inLoop.has(id));
  const lost = script.steps.filter(({ id }) => book.has(script.start) && !reached.has(id));
  return [
    ...lost.map(({ id }) => fault('UNREACHABLE', id)),
    ...dead.map((id) => fault('DEAD_END', id)),
    ...loops.map((ids) => fault('ENDLESS_LOOP', ids[0] ?? null, ids.join(' '))),
  ];
}

/** Steps from which some way comes to an end. */
function stepsThatEnd(book: StepBook): Set<string> {
  const ending = new Set([...book.values()].filter(({ kind }) => kind === 'end').map(({ id }) => id));
  for (let before = -1; before !== ending.size; ) {
    before = ending.size;
    for (const step of book.values()) if (waysOf(step).some(({ to }) => ending.has(to))) ending.add(step.id);
  }
  return ending;
}

/** Ends that somebody reaches as 'completed' without having said what must be said. */
function missingStatements(script: ScriptContent, book: StepBook): ScriptFault[] {
  return script.requires.flatMap((topic) => {
    const silent = (step: Step) => !(step.kind === 'statement' && step.covers.includes(topic));
    return [...reachable(book, [script.start], silent)].flatMap((id) => {
      const step = book.get(id);
      return step?.kind === 'end' && step.result === 'completed' ? [fault('MISSING_STATEMENT', id, topic)] : [];
    });
  });
}

function duplicatesIn(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
