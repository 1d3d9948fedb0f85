import { Core } from 'sip.js';
import {
  bodyOf,
  type Refusal,
  readCSeq,
  readRequestLine,
  readStatusLine,
  refusalOf,
  utf8Length,
} from './guard-rules.ts';
import { safeHeaders } from './safe-headers.ts';
import { headerValue, headerValues, readSipText, type SipHeader, type SipText } from './sip-text.ts';

/** Larger messages are refused unread: no honest SIP message of a call comes near. */
export const LARGEST_MESSAGE = 65_536;

/** What becomes of a frame from the socket. */
export type GuardVerdict =
  /** A message that SIP.js can take. `request.data` is the text as it was received. */
  | { kind: 'request'; request: Core.IncomingRequestMessage }
  | { kind: 'response'; response: Core.IncomingResponseMessage }
  /** SIP.js must not see it; this goes back to the sender. */
  | { kind: 'answer'; status: number; reply: string }
  /** Nothing can be answered: a broken response or ACK, or no SIP at all. `reason` holds no text of the message. */
  | { kind: 'drop'; reason: string }
  /** The far side's CRLF (RFC 5626 section 3.5.1). */
  | { kind: 'keep-alive' };

export interface GuardOptions {
  /** Our sent-by: responses to anybody else are dropped (RFC 3261 section 18.1.2). */
  viaHost: string;
  /** A tag for replies of our own. */
  newTag: () => string;
  /** INVITEs that we have cancelled (by Call-ID): a challenge to one must not make SIP.js send it again. */
  isCancelled?: (callId: string) => boolean;
}

/**
 * Stands between the socket and SIP.js, which drops in silence or throws on much that real networks send.
 * Repairs what can be repaired, answers what cannot, and never throws.
 */
export function inspect(frame: unknown, options: GuardOptions): GuardVerdict {
  const raw = frameText(frame);
  if (raw === null) return { kind: 'drop', reason: 'not text' };
  if (/^[\r\n]*$/.test(raw.slice(0, 16)) && raw.length <= 16) return { kind: 'keep-alive' };
  const tooLarge =
    raw.length > LARGEST_MESSAGE || (raw.length > LARGEST_MESSAGE / 4 && utf8Length(raw) > LARGEST_MESSAGE);
  const text = readSipText(tooLarge ? raw.slice(0, 16_384) : raw);
  if (!text) return { kind: 'drop', reason: 'empty' };
  const status = readStatusLine(text.startLine);
  if (status)
    return tooLarge ? { kind: 'drop', reason: 'response too large' } : inspectResponse(raw, text, status, options);
  if (/^SIP\//i.test(text.startLine)) return { kind: 'drop', reason: 'bad status line' };
  const line = readRequestLine(text.startLine);
  if (!line) return answer(text, null, { status: 400, reason: 'Bad Request-Line' }, options);
  const refusal = tooLarge
    ? { status: 513, reason: 'Message Too Large' }
    : refusalOf(text, line.method, line.uri, line.version);
  if (refusal) return answer(text, line.method, refusal, options);
  return inspectRequest(raw, text, line, options);
}

function frameText(frame: unknown): string | null {
  if (typeof frame === 'string') return frame;
  // RFC 7118 section 5.2: peers may send binary frames.
  if (frame instanceof ArrayBuffer) return new TextDecoder().decode(frame);
  if (ArrayBuffer.isView(frame)) return new TextDecoder().decode(frame);
  return null;
}

function inspectRequest(
  raw: string,
  text: SipText,
  line: { method: string; uri: string },
  options: GuardOptions,
): GuardVerdict {
  const startLine = `${line.method} ${line.uri} SIP/2.0`;
  const message = parse(rebuilt(startLine, text, text.headers)) ?? parse(rebuilt(startLine, text, safeHeaders(text)));
  if (!(message instanceof Core.IncomingRequestMessage) || !isWhole(message)) {
    return answer(text, line.method, { status: 400, reason: 'Bad Request' }, options);
  }
  if (line.method === 'INVITE' && !message.parseHeader('contact')) {
    return answer(text, line.method, { status: 400, reason: 'Bad Contact' }, options);
  }
  message.data = raw;
  return { kind: 'request', request: message };
}

function inspectResponse(
  raw: string,
  text: SipText,
  line: { status: number; reason: string },
  options: GuardOptions,
): GuardVerdict {
  const drop = (reason: string): GuardVerdict => ({ kind: 'drop', reason });
  if (line.status < 100 || line.status > 699) return drop('status out of range');
  if (text.cut) return drop('response cut short');
  if (headerValues(text, 'via').length !== 1) return drop('not one Via');
  for (const name of ['cseq', 'from', 'to', 'call-id']) {
    if (headerValues(text, name).length !== 1) return drop(`not one ${name}`);
  }
  const cseq = readCSeq(headerValue(text, 'cseq') ?? '');
  if (!cseq) return drop('bad CSeq');
  const length = Number(headerValue(text, 'content-length') ?? '0');
  if (!(length >= 0 && length <= utf8Length(text.body))) return drop('bad Content-Length');
  const challenged = line.status === 401 || line.status === 407;
  // SIP.js answers a challenge even when the call was cancelled meanwhile: the other side would ring for nobody.
  const stripped = challenged && cseq.method === 'INVITE' && options.isCancelled?.(headerValue(text, 'call-id') ?? '');
  const headers = stripped
    ? text.headers.filter((header) => !/^(www|proxy)-authenticate$/.test(header.name))
    : text.headers;
  const startLine = `SIP/2.0 ${line.status} ${/^[\x20-\x7e]{1,128}$/.test(line.reason) ? line.reason : 'Unknown'}`;
  const message =
    parse(rebuilt(startLine, text, headers)) ?? parse(rebuilt(startLine, text, safeHeaders({ ...text, headers })));
  if (!(message instanceof Core.IncomingResponseMessage) || !isWhole(message)) return drop('unreadable response');
  if (message.via.host !== options.viaHost) return drop('not ours');
  message.data = raw;
  return { kind: 'response', response: message };
}

/** SIP.js reads these fields without asking whether its grammar could. */
function isWhole(message: Core.IncomingMessage): boolean {
  return (
    Boolean(message.via && message.viaBranch) &&
    Boolean(message.from && message.fromTag !== '') &&
    Boolean(message.to && message.callId) &&
    Number.isFinite(message.cseq)
  );
}

function parse(text: string): Core.IncomingMessage | null {
  try {
    return Core.Parser.parseMessage(text, silentLogger()) ?? null;
  } catch {
    return null;
  }
}

function silentLogger(): Core.Logger {
  const factory = new Core.LoggerFactory();
  factory.builtinEnabled = false;
  return factory.getLogger('guard');
}

const PARSED_ADDRESSES = /^(from|to|contact|record-route|refer-to)$/;
const CORE_HEADERS = /^(via|from|to|call-id|cseq|contact|record-route|route|max-forwards|content-type)$/;

/** The message as SIP.js likes it: unfolded, long names, one body of exactly Content-Length bytes. */
function rebuilt(startLine: string, text: SipText, headers: readonly SipHeader[]): string {
  const body = bodyOf(text);
  const lines = headers.flatMap((header) => {
    if (!/^[a-z][\w.!%*+`'~-]*$/.test(header.name) || header.name === 'content-length') return [];
    // Optional headers that would cost the grammar too long; the original text still has them.
    if (header.value.length > 1_024 && !CORE_HEADERS.test(header.name)) return [];
    if (header.name === 'content-type' && body === '') return [];
    if (header.name === 'expires') return expiresLine(header.value);
    return [`${header.name}: ${twoColons(header.value)}`];
  });
  const tooLong = headers.some((header) => PARSED_ADDRESSES.test(header.name) && header.value.length > 2_048);
  if (tooLong) return '';
  return `${[twoColons(startLine), ...lines, `Content-Length: ${utf8Length(body)}`].join('\r\n')}\r\n\r\n${body}`;
}

/** RFC 5118 section 4.10: the grammar of RFC 3261 makes `:::` of an IPv6 address by mistake, so that some send it. */
function twoColons(text: string): string {
  return text.includes(':::') ? text.replace(/\[([0-9a-f:.]{0,45}?):::/gi, '[$1::') : text;
}

/** SIP.js puts Expires into a timer: no number, or more than 24 days, would end the call at once. */
function expiresLine(value: string): string[] {
  if (!/^\d{1,10}$/.test(value) || Number(value) === 0) return [];
  return [`expires: ${Math.min(Number(value), 86_400)}`];
}

function answer(text: SipText, method: string | null, refusal: Refusal, options: GuardOptions): GuardVerdict {
  // RFC 3261 section 17.1.1.3: an ACK is never answered.
  if (method === 'ACK') return { kind: 'drop', reason: `ACK: ${refusal.reason}` };
  const reply = refusalReply(text, refusal, options.newTag());
  return reply === null ? { kind: 'drop', reason: 'unanswerable' } : { kind: 'answer', status: refusal.status, reply };
}

/**
 * A response built from the raw text alone (RFC 3261 section 8.2.6.2), for requests that no parser takes.
 * @returns null where the request has no Via, so that nobody would know what the response answers.
 */
export function refusalReply(text: SipText, refusal: Refusal, tag: string): string | null {
  const vias = headerValues(text, 'via').slice(0, 64);
  if (vias.length === 0) return null;
  const to = headerValue(text, 'to') ?? '<sip:unknown@unknown.invalid>';
  const lines = [
    `SIP/2.0 ${refusal.status} ${refusal.reason}`,
    ...vias.map((via) => `Via: ${via}`),
    `From: ${headerValue(text, 'from') ?? '<sip:unknown@unknown.invalid>'}`,
    `To: ${/;\s*tag\s*=/i.test(to) ? to : `${to};tag=${tag}`}`,
    `Call-ID: ${headerValue(text, 'call-id') ?? 'unknown'}`,
    `CSeq: ${headerValue(text, 'cseq') ?? '0 UNKNOWN'}`,
    ...(refusal.extra ?? []),
    'Content-Length: 0',
  ];
  const reply = `${lines.join('\r\n')}\r\n\r\n`;
  return reply.length > LARGEST_MESSAGE ? null : reply;
}
