import type { SipText } from './sip-text.ts';

/**
 * SIP.js knows no UPDATE (RFC 3311); PBXs tell with it who is on the line after a transfer, also before the answer.
 * @returns the answer to one inside a call: 200, or 488 where it would change the media, which only a re-INVITE may here.
 */
export function updateAnswer(text: SipText, contact: string): { status: number; reason: string; extra: string[] } {
  if (text.body !== '') return { status: 488, reason: 'Not Acceptable Here', extra: [] };
  return { status: 200, reason: 'OK', extra: [`Contact: ${contact}`] };
}

/** The message with UPDATE among what we allow, where its headers say what we allow. */
export function allowUpdate(message: string): string {
  const end = message.indexOf('\r\n\r\n');
  const head = end < 0 ? message : message.slice(0, end);
  return head.replace(/^(Allow: (?!.*\bUPDATE\b).*\bINVITE\b.*)$/m, '$1,UPDATE') + message.slice(head.length);
}
