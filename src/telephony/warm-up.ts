import { inspect } from './guard.ts';
import { readInvite } from './invite-caller.ts';

const ROUNDS = 5;

/**
 * Reads an INVITE of nobody a few times, so that the engine has compiled the grammar and the number rules before the
 * first caller comes: cold, that reading alone takes longer than the whole first paint should.
 */
export function warmUp(country: string): void {
  const raw = [
    'INVITE sip:nobody@desk.invalid SIP/2.0',
    'Via: SIP/2.0/WS pbx.invalid;rport;branch=z9hG4bKPj-warm-up',
    'Max-Forwards: 70',
    'From: "nobody" <sip:01000000000@pbx.invalid>;tag=warm-up',
    'To: <sip:nobody@desk.invalid>',
    'Call-ID: warm-up',
    'CSeq: 1 INVITE',
    'Contact: <sip:asterisk@127.0.0.1:5060;transport=ws>',
    'P-Asserted-Identity: "nobody" <sip:01000000000@pbx.invalid>',
    'Allow: OPTIONS, REGISTER, SUBSCRIBE, NOTIFY, PUBLISH, INVITE, ACK, BYE, CANCEL, UPDATE, PRACK, INFO, MESSAGE, REFER',
    'Supported: timer, replaces, norefersub, histinfo',
    'X-Queue: none',
    'Content-Type: application/sdp',
    '',
    'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\n',
  ].join('\r\n');
  for (let round = 0; round < ROUNDS; round++) {
    const verdict = inspect(raw, { viaHost: 'desk.invalid', newTag: () => 'warm-up' });
    if (verdict.kind === 'request') readInvite(verdict.request, { country, trusted: true });
  }
}
