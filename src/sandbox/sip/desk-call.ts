import { randomUUID } from 'node:crypto';
import type { Core } from 'sip.js';
import { createMediaSession, type MediaSession } from '../media/media-session.ts';
import { createAudioWatch } from './audio-watch.ts';
import { type CallerHeaders, callerHeaders, fromOf } from './caller-headers.ts';
import { pbxUri } from './endpoint.ts';
import { type Referral, readRefer } from './refer.ts';
import type { Binding } from './registrar.ts';

/**
 * One call between the PBX and a desk.
 *
 *   inviting -> ringing -> talking <-> held -> ended
 *       \__________\___________________________^
 */
type DeskCallPhase = 'inviting' | 'ringing' | 'talking' | 'held' | 'ended';

interface DeskCallEnd {
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

const RTP_TIMEOUT_MS = 10_000;
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

interface CallInside extends DeskCall {
  named: (sipCallId: string) => void;
  become: (phase: DeskCallPhase) => void;
  finish: (end: DeskCallEnd) => void;
  establish: (session: Core.Session) => void;
  established: () => boolean;
  abort: (reason: string | undefined) => void;
}

function createCall(account: string, events: DeskCallEvents): CallInside {
  let phase: DeskCallPhase = 'inviting';
  let end: DeskCallEnd | null = null;
  let session: Core.Session | null = null;
  let watchdog: NodeJS.Timeout | undefined;
  let sipCallId: string | null = null;
  const call: CallInside = {
    id: randomUUID(),
    account,
    media: createMediaSession(),
    sipCallId: () => sipCallId,
    named: (callId) => {
      sipCallId = callId;
    },
    phase: () => phase,
    end: () => end,
    established: () => session !== null,
    abort: () => {},
    become: (next) => {
      if (phase === 'ended' || phase === next) return;
      phase = next;
      events.phase?.(next);
    },
    finish: (how) => {
      if (phase === 'ended') return;
      clearInterval(watchdog);
      call.become('ended');
      end = how;
      call.media.close();
      events.ended?.(how);
    },
    establish: (confirmed) => {
      session = confirmed;
      // The answer crossed our CANCEL (RFC 3261 section 9.1): take it and end it.
      if (phase === 'ended') return sayBye(confirmed, undefined);
      confirmed.delegate = inDialog(call, confirmed, events);
      call.become('talking');
      watchdog = setInterval(() => {
        if (watch(call)) return;
        call.finish({ by: 'network', status: null });
        sayBye(confirmed, 'SIP;cause=408;text="No audio from the desk"');
      }, 500);
    },
    hangUp: (reason) => {
      if (phase === 'ended') return;
      const live = session;
      call.finish({ by: 'caller', status: live ? null : 487 });
      if (live) sayBye(live, reason);
      else call.abort(reason);
    },
  };
  const watch = createAudioWatch(events.rtpTimeoutMs ?? RTP_TIMEOUT_MS);
  return call;
}

function sayBye(session: Core.Session, reason: string | undefined): void {
  const bye = () => void session.bye(undefined, reason === undefined ? {} : { extraHeaders: [`Reason: ${reason}`] });
  // RFC 3261 section 15: the called side must not send BYE before it has the ACK of its 200.
  if (session.sessionState === 'AckWait') session.delegate = { onAck: bye };
  else if (session.sessionState !== 'Terminated') bye();
}

/** What a desk may send while talking. */
function inDialog(call: CallInside, session: Core.Session, events: DeskCallEvents): Core.SessionDelegate {
  return {
    onBye: (request) => {
      request.accept();
      call.finish({ by: 'desk', status: null });
    },
    onInfo: (request) => void request.accept(),
    onInvite: (request) => {
      const offer = request.message.body;
      // An INVITE without an offer would need ours in the 200 and the answer in the ACK; no desk of ours sends one.
      if (!offer) return void request.reject({ statusCode: 488 });
      call.media.createAnswer(offer).then(
        (sdp) => {
          if (call.phase() === 'ended') return;
          request.accept({
            statusCode: 200,
            body: sdpBody(sdp),
            extraHeaders: ['Contact: <sip:pbx@practice.invalid;transport=ws>'],
          });
          call.become(isHold(offer) ? 'held' : 'talking');
        },
        () => void request.reject({ statusCode: 488 }),
      );
    },
    onRefer: (request) => {
      if (!events.refer) return void request.reject({ statusCode: 501 });
      const referral = readRefer(request, session);
      if (referral) events.refer(referral);
    },
  };
}

/** RFC 3264 section 8.4: the side that holds offers sendonly, or inactive where it was already held. */
function isHold(sdp: string): boolean {
  return /^a=(sendonly|inactive)\s*$/m.test(sdp);
}

function sdpBody(content: string): Core.Body {
  return { contentDisposition: 'session', contentType: 'application/sdp', content };
}
