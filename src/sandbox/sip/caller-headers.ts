import type { URI } from 'sip.js';
import { PBX_HOST, pbxUri, userPart } from './endpoint.ts';

/** Who calls, as the PBX tells a desk. */
export interface CallerHeaders {
  /** As the public network delivers it, e.g. 01000001001 or +442079460000; null when withheld. */
  number: string | null;
  display: string | null;
  /** X-Queue: the line that the caller dialled. */
  queue: string | null;
  /** X-Customer-Ref: the customer number that the caller typed at the voice menu. */
  customerRef: string | null;
  uniqueId: string;
  /** Whole header lines that a transfer brought along. */
  more?: string[];
}

/** From: what every phone can read. A withheld number is anonymous (RFC 3323 section 4.1.1.3). */
export function fromOf(caller: CallerHeaders): { uri: URI; display: string } {
  if (caller.number === null) return { uri: pbxUri('anonymous', 'anonymous.invalid'), display: 'Anonymous' };
  return { uri: pbxUri(caller.number), display: quotable(caller.display ?? '') };
}

/** The headers beside From. P-Asserted-Identity (RFC 3325) is what the network vouches for; it is not sent when withheld. */
export function callerHeaders(caller: CallerHeaders): string[] {
  const display = caller.display ? `"${quotable(caller.display)}" ` : '';
  return [
    ...(caller.number === null
      ? ['Privacy: id']
      : [`P-Asserted-Identity: ${display}<sip:${userPart(caller.number)}@${PBX_HOST}>`]),
    ...(caller.queue === null ? [] : [`X-Queue: ${oneLine(caller.queue)}`]),
    ...(caller.customerRef === null ? [] : [`X-Customer-Ref: ${oneLine(caller.customerRef)}`]),
    `X-Caller-Uniqueid: ${caller.uniqueId}`,
  ];
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

/** RFC 3261 section 25.1: inside a quoted string a backslash stands before a quote and a backslash. */
function quotable(text: string): string {
  return oneLine(text).replace(/["\\]/g, '\\$&');
}
