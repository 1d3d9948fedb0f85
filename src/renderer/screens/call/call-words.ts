import type { PhoneCall } from '../../../telephony/phone-types.ts';
import type { DeskCall } from '../../stores/call-store.ts';

/** How a call stands, as a key of the words. */
export function phaseWord({
  live,
  end,
  answeredAt,
  direction,
}: Pick<DeskCall, 'live' | 'end' | 'answeredAt' | 'direction'>): string {
  if (!live) {
    if (end?.transferredTo) return 'call:phase.transferred';
    if (end?.transferAsked) return 'call:phase.transfer_unsure';
    // A call of one's own that never came about: why, before anybody dials again.
    const failed = direction === 'out' && answeredAt === null && end !== null && end.by !== 'here';
    return failed ? `call:ended_why.${WHY[end.result] ?? 'failed'}` : 'call:phase.wrap_up';
  }
  if (live.phase === 'talking' && live.conference) return 'call:in_conference';
  if (live.phase === 'talking') return `call:phase.${live.hold === 'none' ? 'talking' : live.hold}`;
  if (live.phase === 'dialling') return diallingWord(live);
  return `call:phase.${live.phase}`;
}

/** Not "calling" where nothing has left this desk yet. */
function diallingWord({ waiting, ringingThere }: Extract<PhoneCall, { phase: 'dialling' }>): string {
  if (waiting) return 'call:phase.line_awaited';
  return ringingThere ? 'call:phase.ringing_there' : 'call:phase.dialling';
}

const WHY: Readonly<Record<string, string>> = { busy: 'busy', declined: 'declined', no_answer: 'no_answer' };

/** What did not work in a call that talks; null: nothing. */
export function troubleWord(live: PhoneCall | null): string | null {
  if (live?.phase !== 'talking' || !live.holdProblem) return null;
  // Still on hold: it was the way back that failed, and the customer hears the music.
  return `call:${live.hold === 'held' ? 'resume_problem' : 'hold_problem'}.${live.holdProblem}`;
}

/** Where the voices are not there (yet, or any more); null: they are. */
export function soundWord(live: PhoneCall | null): string | null {
  return live?.phase !== 'talking' || live.media === 'connected' ? null : `call:media.${live.media}`;
}

/** How the call to a colleague stands. */
export function colleagueWord(live: PhoneCall): string {
  if (live.phase === 'dialling') return diallingWord(live);
  if (live.phase !== 'talking') return `call:phase.${live.phase}`;
  if (live.conference) return 'call:in_conference';
  return live.hold === 'held' ? 'call:phase.held_colleague' : 'call:consulting';
}
