import { Core } from 'sip.js';

/** Larger messages are no call of ours (a call with many candidates has about 4 KB). */
export const MAX_MESSAGE_BYTES = 64 * 1024;

export type ReadMessage =
  | { kind: 'keep-alive' }
  | { kind: 'request'; message: Core.IncomingRequestMessage }
  | { kind: 'response'; message: Core.IncomingResponseMessage }
  | { kind: 'garbage'; why: 'too-large' | 'unreadable' | 'headers-missing' };

const MANDATORY = ['from', 'to', 'call-id', 'cseq', 'via'];

/** "Contact: *" in a form that SIP.js's grammar knows: it takes no star (RFC 3261 section 10.2.2). */
export const ALL_CONTACTS = 'sip:all@contacts.invalid';

function readable(text: string): string {
  return text.startsWith('REGISTER ')
    ? text.replace(/^(?:contact|m)[ \t]*:[ \t]*\*[ \t]*$/im, `Contact: <${ALL_CONTACTS}>`)
    : text;
}

/** Reads one WebSocket message as SIP. Never throws: what SIP.js's parser chokes on is garbage. */
export function readMessage(text: string, loggerFactory: Core.LoggerFactory): ReadMessage {
  // RFC 7118 leaves keep-alive to WebSocket pings; SIP.js and JsSIP send the CRLF of RFC 5626 section 4.4.1 all the same.
  if (/^(\r\n)+$/.test(text)) return { kind: 'keep-alive' };
  if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) return { kind: 'garbage', why: 'too-large' };
  try {
    const message = Core.Parser.parseMessage(readable(text), loggerFactory.getLogger('parser'));
    if (!message) return { kind: 'garbage', why: 'unreadable' };
    if (!MANDATORY.every((name) => message.hasHeader(name))) return { kind: 'garbage', why: 'headers-missing' };
    if (message instanceof Core.IncomingRequestMessage) return { kind: 'request', message };
    return { kind: 'response', message };
  } catch {
    return { kind: 'garbage', why: 'unreadable' };
  }
}
