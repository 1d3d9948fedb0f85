import { createEcho } from './media/speaker.ts';
import type { PracticeCall } from './practice-calls.ts';
import { sameNumber } from './same-number.ts';
import type { Scenario } from './scenario.ts';
import type { DeskCall, DeskCallEvents, IncomingDeskCall } from './sip/desk-call.ts';
import { letSpeak, talk } from './talk.ts';

/** What can be dialled beside the people of the scenarios. */
export const TEST_NUMBERS = { echo: '600', busy: '601', noAnswer: '602' } as const;

export interface AnswerParts {
  scenarios: readonly Scenario[];
  answerAfterMs: number;
  /** A line of this business. */
  isLine: (account: string) => boolean;
  /** Rings a colleague's desk for the desk that dialled; null where nobody is registered. */
  ringColleague: (account: string, from: string, events: DeskCallEvents, along: string[]) => PracticeCall | null;
}

/**
 * A desk dialled: a colleague, somebody of a scenario, a test number, or nobody (404, emergency numbers too: nothing leaves this
 * machine). A colleague's line at which nobody sits answers and repeats what it hears.
 */
export async function answerDesk(
  record: PracticeCall,
  call: IncomingDeskCall,
  dialled: string,
  parts: AnswerParts,
): Promise<void> {
  if (dialled === TEST_NUMBERS.busy) return call.refuse(486);
  if (dialled === TEST_NUMBERS.noAnswer) return call.ring();
  if (parts.isLine(dialled) && dialled !== record.sipUsername && bridge(record, call, dialled, parts)) return;
  const scenario = parts.scenarios.find(({ caller }) => sameNumber(caller.number, dialled)) ?? null;
  if (!scenario && dialled !== TEST_NUMBERS.echo && !parts.isLine(dialled)) return call.refuse(404);
  record.scenario = scenario;
  call.ring();
  if (dialled !== TEST_NUMBERS.echo) await new Promise((resolve) => setTimeout(resolve, parts.answerAfterMs));
  if (call.phase() === 'ended') return;
  await call.answer();
  if (call.phase() === 'ended') return;
  if (scenario) talk(record, scenario);
  else letSpeak(call, createEcho());
}

/** Two desks talk: what one says the other hears. False where the colleague's desk is not there. */
function bridge(record: PracticeCall, call: IncomingDeskCall, account: string, parts: AnswerParts): boolean {
  let answered = false;
  const events: DeskCallEvents = {
    phase: (phase) => {
      if (phase === 'ringing') call.ring();
      if (phase !== 'talking' || answered || !colleague?.call) return;
      answered = true;
      void call.answer().then(() => colleague.call && connect(call, colleague.call));
    },
    ended: ({ status }) => {
      if (answered) record.partner?.call?.hangUp();
      else call.refuse(status ?? 480);
      // Without a partner the caller has taken this desk's place.
      if (answered && record.partner) call.hangUp();
    },
  };
  const colleague = parts.ringColleague(account, record.sipUsername, events, call.along);
  if (!colleague) return false;
  record.partner = colleague;
  colleague.partner = record;
  return true;
}

function connect(one: DeskCall, other: DeskCall): void {
  one.media.onFrame((frame) => other.media.send(frame));
  other.media.onFrame((frame) => one.media.send(frame));
}
