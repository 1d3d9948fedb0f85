import { Core, type Session } from 'sip.js';
import type { CallKeepsake } from '../shared/call.ts';
import type { PhoneCall } from './phone-types.ts';

/** Higher than any request of a call has; RFC 3261 section 12.2.2 allows gaps. */
const LAST_CSEQ = 1_000_000_000;

/** Whose the messages are, as the socket's owner writes them. */
export interface KeepsakeOptions {
  /** Via sent-by of this phone. */
  viaHost: string;
  /** WS or WSS. */
  protocol: string;
  /** The WebSocket that the call was made on. */
  server: string;
}

/** What the next page needs to take this call up again, or anybody at all to end it. null: there is no dialog yet. */
export function keepsakeOf(call: PhoneCall, session: Session, options: KeepsakeOptions): CallKeepsake | null {
  const { dialog } = session;
  if (!dialog || call.phase !== 'talking') return null;
  // What the PBX has agreed to hand over is not ours to take up.
  if (call.transfer && call.transfer.state !== 'failed') return null;
  const { callId, remoteTag, localTag, remoteTarget } = dialog;
  return {
    callId: call.callId,
    direction: call.direction,
    caller: call.caller,
    queue: call.queue,
    customerRef: call.customerRef,
    capsule: call.capsule,
    consultFor: call.consultFor,
    startedAt: call.startedAt,
    answeredAt: call.answeredAt,
    muted: call.muted,
    held: call.hold !== 'none',
    // RFC 3891 section 3: the tags as the side that is asked to replace sees them, its own first.
    replaces: `${callId};to-tag=${remoteTag};from-tag=${localTag}`,
    target: remoteTarget.toRaw(),
    server: options.server,
    bye: lastWord(session, options),
  };
}

/** A BYE that ends the dialog, whole, to be sent by whoever still can (RFC 3261 section 15.1.1). */
function lastWord(session: Session, { viaHost, protocol }: KeepsakeOptions): string {
  const { dialog } = session;
  if (!dialog) return '';
  const { callId, localTag, remoteTag, localURI, remoteURI, remoteTarget } = dialog;
  const routes = dialog instanceof Core.SessionDialog ? dialog.routeSet : [];
  const lines = [
    `BYE ${remoteTarget.toRaw()} SIP/2.0`,
    `Via: SIP/2.0/${protocol} ${viaHost};branch=z9hG4bK-last-${localTag}`,
    ...routes.map((route) => `Route: ${route}`),
    'Max-Forwards: 70',
    `From: <${localURI.toRaw()}>;tag=${localTag}`,
    `To: <${remoteURI.toRaw()}>;tag=${remoteTag}`,
    `Call-ID: ${callId}`,
    `CSeq: ${LAST_CSEQ} BYE`,
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
