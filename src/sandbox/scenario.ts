import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { ScenarioSummary } from '../shared/practice.ts';
import { LocalText } from '../shared/text.ts';

/** One thing that the simulated caller says. */
const ScenarioLine = z.strictObject({
  /** The sound is assets/voices/<voice>.ulaw; scripts/make-voices.mjs makes it from `text`. */
  voice: z.string().regex(/^[a-z0-9-]{1,60}$/),
  text: z.string().min(1).max(300),
  /**
   * How long the caller waits for the agent before saying this. The caller goes on sooner, when the agent has spoken
   * and stopped; and waits longer while the agent speaks.
   */
  waitMs: z.int().min(0).max(60_000),
});

/** One practice call, as src/sandbox/scenarios/<id>.json describes it. */
export const Scenario = z.strictObject({
  id: ScenarioSummary.shape.id,
  title: LocalText,
  description: LocalText,
  direction: z.enum(['in', 'out']),
  language: z.enum(['ko', 'en']),
  /** The list is shown in this order. */
  order: z.int(),
  caller: z.strictObject({
    /** As the public network writes it; null: withheld. */
    number: z
      .string()
      .regex(/^\+?\d{7,15}$/)
      .nullable(),
    display: z.string().max(60).nullable(),
    /** What the caller typed at the voice menu. */
    customerRef: z.string().max(40).nullable(),
  }),
  /** The line that was called (X-Queue); null: the agent's own number. */
  queue: z.enum(['support', 'sales', 'vip']).nullable(),
  /** `direct`: rings the desk that asked for practice. `queue`: waits in the queue and rings whoever is free. */
  route: z.enum(['direct', 'queue']),
  /** How long the caller lets it ring or waits in the queue. */
  patienceSeconds: z.int().min(5).max(300),
  /** How the voice is made: see scripts/make-voices.mjs. */
  voice: z.strictObject({
    speaker: z.enum(['woman', 'man', 'old-woman', 'old-man']),
    speed: z.int().min(100).max(220),
  }),
  lines: z.array(ScenarioLine).min(1).max(20),
  /** How many seconds after the last line the caller hangs up; null: the caller leaves that to the agent. */
  hangUpAfterSeconds: z.int().min(1).max(120).nullable(),
  /** What a good agent does in this call, in order: for the trainer. */
  goodAgent: z.array(LocalText).min(1).max(12),
  /** The disposition that fits at the end. */
  disposition: z.string().regex(/^[a-z0-9_]{1,40}$/),
});
export type Scenario = z.infer<typeof Scenario>;

const FOLDER = new URL('./scenarios/', import.meta.url);

/** Reads and checks all scenarios, in their order. Throws with the file's name when one is broken. */
export function loadScenarios(folder: URL = FOLDER): Scenario[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const parsed = Scenario.safeParse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
      if (!parsed.success) throw new Error(`Scenario ${name} is broken: ${z.prettifyError(parsed.error)}`);
      if (`${parsed.data.id}.json` !== name) throw new Error(`Scenario ${name} carries the id ${parsed.data.id}.`);
      return parsed.data;
    })
    .sort((a, b) => a.order - b.order);
}

/** What the desk may know before the call: never who will be on the line. */
export function summaryOf(scenario: Scenario): ScenarioSummary {
  return {
    id: scenario.id,
    title: scenario.title,
    description: scenario.description,
    direction: scenario.direction,
    language: scenario.language,
    dial: scenario.direction === 'out' ? scenario.caller.number : null,
  };
}
