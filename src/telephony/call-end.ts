import type { CallEnd } from './phone-types.ts';

/** What a final refusal of our INVITE means to the agent (RFC 3261 section 21). */
export function endOfStatus(status: number): CallEnd {
  return { result: resultOfStatus(status), by: 'there', sipStatus: status };
}

function resultOfStatus(status: number): CallEnd['result'] {
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 603:
    case 607:
      return 'declined';
    case 408:
    case 480:
    case 487:
      return 'no_answer';
    default:
      return 'failed';
  }
}

/** RFC 3326: a CANCEL with `Reason: SIP;cause=200` means that a colleague answered; this is no missed call. */
export function endOfCancel(reason: string): CallEnd {
  const elsewhere = /(^|,)\s*SIP\s*(;[^,]*)?;\s*cause\s*=\s*200\b/i.test(reason);
  return { result: elsewhere ? 'answered_elsewhere' : 'missed', by: 'there', sipStatus: 487 };
}
