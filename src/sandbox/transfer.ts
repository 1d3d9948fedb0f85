import { TEST_NUMBERS } from './answer-desk.ts';
import type { CallBook, PracticeCall } from './practice-calls.ts';
import { sameNumber } from './same-number.ts';
import type { Scenario } from './scenario.ts';
import type { DeskCall, DeskCallEvents } from './sip/desk-call.ts';
import type { Referral } from './sip/refer.ts';
import { talk } from './talk.ts';

export interface TransferParts {
  book: CallBook;
  scenarios: readonly Scenario[];
  /** A line of this business, whether somebody sits there or not. */
  isLine: (account: string) => boolean;
  /** Rings a desk as this caller; null where nobody is registered. */
  ring: (scenario: Scenario, account: string, events: DeskCallEvents, headers: string[]) => DeskCall | null;
  answerAfterMs: number;
  noAnswerAfterMs: number;
}

/**
 * A desk hands its caller over. A registered desk really rings, and the caller goes on talking there; a line at which nobody
 * sits, and every number of the practice, answers as if somebody did. The caller is never lost: until the other side has
 * answered they stay where they are.
 */
export function transferCaller(record: PracticeCall, referral: Referral, parts: TransferParts): void {
  referral.accept();
  if (referral.replaces !== null) joinConsulted(record, referral, parts);
  else if (!record.scenario || !ringNext(record, record.scenario, referral, parts)) pretend(referral, parts);
}

/** Nobody sits there: the other side does what its number says. */
function pretend(referral: Referral, parts: TransferParts): void {
  const { target } = referral;
  const answers = parts.isLine(target) || target === TEST_NUMBERS.echo || parts.scenarios.some(isNumber(target));
  if (target === TEST_NUMBERS.busy) referral.tell(486, 'Busy Here');
  else if (target === TEST_NUMBERS.noAnswer) later(parts.noAnswerAfterMs, () => referral.tell(408, 'No Answer'));
  else if (answers) later(parts.answerAfterMs, () => referral.tell(200, 'OK'));
  else referral.tell(404, 'Not Found');
}

/** The caller takes the place of the desk that asked a colleague. */
function joinConsulted(record: PracticeCall, referral: Referral, { book }: TransferParts): void {
  const consulted = book.living().find(({ call }) => call?.sipCallId() === referral.replaces);
  if (!consulted?.call) {
    referral.tell(481, 'Call/Transaction Does Not Exist');
    return;
  }
  const { partner } = consulted;
  referral.tell(200, 'OK');
  if (partner?.call && record.scenario) {
    consulted.partner = null;
    partner.partner = null;
    partner.scenario = record.scenario;
    talk(partner, record.scenario);
  }
  consulted.call.hangUp();
}

function ringNext(record: PracticeCall, scenario: Scenario, referral: Referral, parts: TransferParts): boolean {
  const next = parts.book.begin(scenario, referral.target);
  let answered = false;
  next.call = parts.ring(
    scenario,
    referral.target,
    {
      phase: (phase) => {
        if (phase !== 'talking' || answered) return;
        answered = true;
        referral.tell(200, 'OK');
        talk(next, scenario);
      },
      refer: (again) => transferCaller(next, again, parts),
      ended: ({ status }) => {
        if (!answered) referral.tell(status ?? 480, 'Not Answered');
        parts.book.finish(next);
      },
    },
    referral.headers,
  );
  // A desk that leaves has handed its caller over; a caller who leaves is gone from the next desk, too.
  record.onOver = (by) => {
    if (by === 'caller' && !answered) next.call?.hangUp();
  };
  if (next.call) return true;
  record.onOver = null;
  parts.book.finish(next);
  return false;
}

const isNumber =
  (dialled: string) =>
  ({ caller }: Scenario) =>
    sameNumber(caller.number, dialled);

function later(milliseconds: number, act: () => void): void {
  setTimeout(act, milliseconds).unref();
}
