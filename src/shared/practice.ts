import { z } from 'zod';
import { LocalText } from './text.ts';

/** One practice scenario as the desk lists it. The scenario files themselves belong to the practice call centre. */
export const ScenarioSummary = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  title: LocalText,
  description: LocalText,
  /** 'in': the simulated caller rings the desk. 'out': the desk is given a number to dial. */
  direction: z.enum(['in', 'out']),
  language: z.enum(['ko', 'en']),
  dial: z.string().max(40).nullable(),
});
export type ScenarioSummary = z.infer<typeof ScenarioSummary>;

/** GET {practice.url}/scenarios */
export const ScenarioList = z.object({ scenarios: z.array(ScenarioSummary) });

/** POST {practice.url}/calls. 404 unknown scenario, 409 the line is not registered or is busy. */
export const PracticeCallRequest = z.object({ scenarioId: z.string(), sipUsername: z.string() });
export const PracticeCallResponse = z.object({ practiceCallId: z.string() });
