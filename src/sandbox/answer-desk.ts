import { readPhoneNumber } from '../shared/phone-number.ts';
import { createEcho } from './media/speaker.ts';
import type { PracticeCall } from './practice-calls.ts';
import type { Scenario } from './scenario.ts';
import type { IncomingDeskCall } from './sip/desk-call.ts';
import { letSpeak, talk } from './talk.ts';

/** What can be dialled beside the people of the scenarios. */
const TEST_NUMBERS = { echo: '600', busy: '601', noAnswer: '602' } as const;

/** A desk dialled: somebody of a scenario, a test number, or nobody (404, emergency numbers too: nothing leaves this machine). */
export async function answerDesk(
  record: PracticeCall,
  call: IncomingDeskCall,
  dialled: string,
  options: { scenarios: readonly Scenario[]; answerAfterMs: number },
): Promise<void> {
  if (dialled === TEST_NUMBERS.busy) return call.refuse(486);
  if (dialled === TEST_NUMBERS.noAnswer) return call.ring();
  const scenario = options.scenarios.find(({ caller }) => sameNumber(caller.number, dialled)) ?? null;
  if (!scenario && dialled !== TEST_NUMBERS.echo) return call.refuse(404);
  record.scenario = scenario;
  call.ring();
  if (scenario) await new Promise((resolve) => setTimeout(resolve, options.answerAfterMs));
  if (call.phase() === 'ended') return;
  await call.answer();
  if (call.phase() === 'ended') return;
  if (scenario) talk(record, scenario);
  else letSpeak(call, createEcho());
}

function sameNumber(a: string | null, b: string): boolean {
  const e164 = a === null ? null : readPhoneNumber(a).e164;
  return e164 !== null && e164 === readPhoneNumber(b).e164;
}
