import { z } from 'zod';
import { EditableField } from './customer.ts';
import { Id } from './ids.ts';
import { RuleGroup } from './rules/rule.ts';
import { Instant } from './text.ts';

/** Words as both databases keep them: PostgreSQL takes neither a NUL nor half of a surrogate pair. */
const words = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => text.isWellFormed() && !text.includes('\u0000'));

/** A text in both languages; where one is empty, the other one is said. `{{customer}}` and the other MERGE_FIELDS are filled in. */
const inBoth = (max: number) =>
  z
    .object({ ko: words(max), en: words(max) })
    .refine(({ ko, en }) => ko.trim() !== '' || en.trim() !== '', { message: 'empty in both languages' });
export const ScriptText = inBoth(2000);
export type ScriptText = z.infer<typeof ScriptText>;
const Label = inBoth(200);

export const StepId = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);
export type StepId = z.infer<typeof StepId>;

export const Option = z.object({
  code: z.string().regex(/^[a-z0-9_]{1,40}$/),
  label: Label,
  /** What goes into the field that the answer is for; absent: the code. */
  value: words(200).min(1).optional(),
  /** Where this answer leads; absent: where the step does. */
  next: StepId.optional(),
});
export type Option = z.infer<typeof Option>;

/** What the customer is asked for. */
export const Question = z.discriminatedUnion('type', [
  z.object({ type: z.literal('choice'), options: z.array(Option).min(2).max(20) }),
  z.object({
    type: z.literal('several'),
    options: z
      .array(Option.omit({ next: true }))
      .min(2)
      .max(20),
  }),
  /** 'nps': 0 to 10, would you recommend us; 'csat': 1 to 5, how content are you; 'plain': anything else. */
  z.object({ type: z.literal('scale'), of: z.enum(['nps', 'csat', 'plain']), from: z.int(), to: z.int() }),
  z.object({ type: z.literal('number'), min: z.number().optional(), max: z.number().optional() }),
  z.object({ type: z.literal('date') }),
  z.object({ type: z.literal('text'), max: z.int().min(1).max(2000).optional() }),
]);
export type Question = z.infer<typeof Question>;

/** Where an answer goes when the run is over: through the same change as if the agent had corrected the field by hand. */
export const AnswerTarget = z.discriminatedUnion('of', [
  z.object({ of: z.literal('customer'), field: EditableField }),
  /** A field of the business's own, of the customer's open case; kept in the answers alone where there is not exactly one. */
  z.object({ of: z.literal('case'), key: z.string().regex(/^[a-z][a-zA-Z0-9_]{0,59}$/) }),
  /** The code of the option is the proposed result of the call. */
  z.object({ of: z.literal('disposition') }),
]);
export type AnswerTarget = z.infer<typeof AnswerTarget>;

/** What a statement says that law or the business wants said; see `requires`. */
export const Topic = z.enum([
  'recording',
  'identity',
  'personal_data',
  'marketing',
  'terms',
  'cancellation',
  'protection',
]);
export type Topic = z.infer<typeof Topic>;

const Common = z.object({
  id: StepId,
  text: ScriptText,
  /** For the agent alone; not read out. */ hint: ScriptText.optional(),
});
const Onward = Common.extend({ next: StepId });

export const Step = z.discriminatedUnion('kind', [
  Onward.extend({ kind: z.literal('say') }),
  Onward.extend({
    kind: z.literal('ask'),
    question: Question,
    /** The customer need not answer. */
    optional: z.boolean().optional(),
    to: AnswerTarget.optional(),
  }),
  /** Must be said as it stands; the agent ticks it. Kept as evidence: who, when, in which words. */
  Onward.extend({ kind: z.literal('statement'), covers: z.array(Topic).max(7) }),
  /** An offer by its code; each outcome may lead elsewhere. */
  Onward.extend({
    kind: z.literal('offer'),
    offer: z.string().regex(/^[\p{L}\p{N}_-]{1,40}$/u),
    name: Label,
    accepted: StepId.optional(),
    declined: StepId.optional(),
    later: StepId.optional(),
  }),
  /** Not shown: the first way whose rules are true is taken, else `next`. What is not known is not true. */
  z.object({
    kind: z.literal('branch'),
    id: StepId,
    ways: z
      .array(z.object({ when: RuleGroup, to: StepId }))
      .min(1)
      .max(20),
    next: StepId,
  }),
  /** 'completed': everything was said that `requires` names; 'cut_short': the customer had no time, or did not want to. */
  Common.extend({
    kind: z.literal('end'),
    result: z.enum(['completed', 'cut_short']),
    /** The proposed result of the call. */
    disposition: z
      .string()
      .regex(/^[a-z0-9_]{1,40}$/)
      .optional(),
  }),
]);
export type Step = z.infer<typeof Step>;
export type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>;
/** A step that an agent sees. */
export type ShownStep = Exclude<Step, { kind: 'branch' }>;

export const SCRIPT_MAX_STEPS = 500;

export const ScriptKind = z.enum([
  ...['welcome', 'happy_call', 'thanks', 'upsell', 'cross_sell', 'resell', 'retention', 'win_back'],
  ...['payment', 'referral', 'complaint', 'survey', 'abuse', 'other'],
] as const);
export type ScriptKind = z.infer<typeof ScriptKind>;

export const ScriptCode = z.string().regex(/^[a-z0-9_]{1,40}$/);

/** A script as it is written, imported and exported: docs/scripts.md describes it field by field. */
export const ScriptContent = z.object({
  code: ScriptCode,
  title: Label,
  kind: ScriptKind,
  /** Chosen by itself for calls (and customers) of which these rules are true; null: only by hand. */
  chosenWhen: RuleGroup.nullable(),
  /** What must have been said on every way to an end that is 'completed'. */
  requires: z.array(Topic).max(7),
  start: StepId,
  steps: z.array(Step).min(1).max(SCRIPT_MAX_STEPS),
});
export type ScriptContent = z.infer<typeof ScriptContent>;

/** SHA-256 of the canonical JSON of the content: which words, exactly. */
export const ScriptHash = z.string().regex(/^[0-9a-f]{64}$/);

/** The published version of a script, as every desk has it. Withdrawn: the row is deleted. */
export const Script = z.object({
  id: Id,
  /** 1, 2, 3 … of this script. */
  number: z.int().min(1),
  hash: ScriptHash,
  publishedAt: Instant,
  publishedBy: z.string().max(100),
  content: ScriptContent,
});
export type Script = z.infer<typeof Script>;

/** The text in this language, or in the other one where there is none. */
export function wordsOf(text: ScriptText, language: 'ko' | 'en'): string {
  const wanted = text[language];
  return wanted.trim() === '' ? text[language === 'ko' ? 'en' : 'ko'] : wanted;
}
