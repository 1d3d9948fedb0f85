import type { Core } from 'sip.js';
import type { MediaSession } from '../media/media-session.ts';
import { createCall, sdpBody } from './call-inside.ts';
import { type CallerHeaders, callerHeaders, fromOf } from './caller-headers.ts';
import { pbxUri } from './endpoint.ts';
import type { Referral } from './refer.ts';
import type { Binding } from './registrar.ts';

/**
 * One call between the PBX and a desk.
 *
 *   inviting -> ringing -> talking <-> held -> ended
 *       \__________\___________________________^
 */
export type DeskCallPhase = 'inviting' | 'ringing' | 'talking' | 'held' | 'ended';

export interface DeskCallEnd {
  by: 'caller' | 'desk' | 'network';
  /** The SIP status that ended it before it was answered; null after a BYE. */
  status: number | null;
}

export interface DeskCallEvents {
  phase?: (phase: DeskCallPhase) => void;
  ended?: (end: DeskCallEnd) => void;
  /** The desk hands its caller over. */
  refer?: (referral: Referral) => void;
  /** No audio from the desk for so long ends the call (Asterisk's rtp_timeout): its window closed or its network died. */
  rtpTimeoutMs?: number;
}

export interface DeskCall {
  id: string;
  account: string;
  /** Call-ID on the wire; null before the INVITE is there. */
  sipCallId: () => string | null;
  phase: () => DeskCallPhase;
  end: () => DeskCallEnd | null;
  media: MediaSession;
  /** Another page of the same desk takes this call up (RFC 3891): its INVITE replaces the dialog, the caller stays. */
  replace: (request: Core.IncomingInviteRequest) => Promise<void>;
  /** Ends the call from the caller's side: CANCEL, a refusal or BYE, whatever fits. `reason` is a Reason header (RFC 3326). */
  hangUp: (reason?: string) => void;
}

/** An INVITE from a desk, waiting for somebody to answer. */
export interface IncomingDeskCall extends DeskCall {
  /** What travels with a customer, whole header lines: for the colleague who is asked about them. */
  along: string[];
  ring: () => void;
  answer: () => Promise<void>;
  refuse: (status: number, phrase?: string) => void;
}

/** Rings a desk. Audio flows as soon as the phase is `talking` and the media are connected. */
export function ringDesk(binding: Binding, caller: CallerHeaders, events: DeskCallEvents): DeskCall {
  const call = createCall(binding.account, events);
  void call.media.createOffer().then(
    (sdp) => {
      if (call.phase() === 'ended') return;
      const from = fromOf(caller);
      const { core } = binding.endpoint;
      const message = core.makeOutgoingRequestMessage(
        'INVITE',
        binding.contact,
        from.uri,
        pbxUri(binding.account),
        { fromDisplayName: from.display },
        [
          `Contact: ${core.configuration.contact.toString()}`,
          'Allow: INVITE, ACK, CANCEL, BYE, INFO, OPTIONS, REFER, NOTIFY',
          ...callerHeaders(caller),
          ...(caller.more ?? []),
        ],
        sdpBody(sdp),
      );
      call.named(message.callId);
      const outgoing = core.invite(message, {
        onProgress: () => call.become('ringing'),
        onAccept: (response) => {
          response.ack();
          call.establish(response.session);
          call.media
            .acceptAnswer(response.message.body)
            .catch(() => call.hangUp('SIP;cause=488;text="Unusable answer"'));
        },
        onRedirect: (response) => call.finish({ by: 'desk', status: response.message.statusCode ?? 302 }),
        onReject: (response) => call.finish({ by: 'desk', status: response.message.statusCode ?? 480 }),
      });
      call.abort = (reason) => outgoing.cancel(reason);
    },
    () => call.finish({ by: 'network', status: 500 }),
  );
  return call;
}

/** Takes an INVITE that a desk sent. Until answer() or refuse() nothing but 100 has been said. */
export function receiveDeskCall(
  account: string,
  request: Core.IncomingInviteRequest,
  events: DeskCallEvents,
): IncomingDeskCall {
  const call = createCall(account, events);
  call.named(request.message.callId);
  request.trying();
  const refuse = (statusCode: number, reasonPhrase?: string) => {
    if (call.phase() === 'ended' || call.established()) return;
    request.reject({ statusCode, ...(reasonPhrase === undefined ? {} : { reasonPhrase }) });
    call.finish({ by: 'caller', status: statusCode });
  };
  request.delegate = {
    onCancel: () => {
      if (call.phase() === 'ended' || call.established()) return;
      request.reject({ statusCode: 487 });
      call.finish({ by: 'desk', status: 487 });
    },
  };
  call.abort = () => request.reject({ statusCode: 480 });
  const along = ['X-Dangol-Capsule', 'X-Customer-Ref'].flatMap((name) => {
    const value = request.message.getHeader(name);
    return value === undefined ? [] : [`${name}: ${value}`];
  });
  return Object.assign(call, {
    along,
    refuse,
    ring: () => {
      if (call.phase() !== 'inviting') return;
      request.progress({ statusCode: 180 });
      call.become('ringing');
    },
    answer: async () => {
      const sdp = await call.media.createAnswer(request.message.body).catch(() => null);
      if (sdp === null) return refuse(488);
      if (call.phase() === 'ended') return;
      const { session } = request.accept({ statusCode: 200, body: sdpBody(sdp) });
      call.establish(session);
    },
  });
}
