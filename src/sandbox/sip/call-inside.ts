import { randomUUID } from 'node:crypto';
import type { Core } from 'sip.js';
import { createMediaSession } from '../media/media-session.ts';
import { createAudioWatch } from './audio-watch.ts';
import type { DeskCall, DeskCallEnd, DeskCallEvents, DeskCallPhase } from './desk-call.ts';
import { readRefer } from './refer.ts';

const RTP_TIMEOUT_MS = 10_000;

/** A desk call as whoever makes it moves it. */
export interface CallInside extends DeskCall {
  named: (sipCallId: string) => void;
  become: (phase: DeskCallPhase) => void;
  finish: (end: DeskCallEnd) => void;
  establish: (session: Core.Session) => void;
  established: () => boolean;
  abort: (reason: string | undefined) => void;
}

export function createCall(account: string, events: DeskCallEvents): CallInside {
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
        const last = session ?? confirmed;
        call.finish({ by: 'network', status: null });
        sayBye(last, 'SIP;cause=408;text="No audio from the desk"');
      }, 500);
    },
    replace: async (request) => {
      const before = session;
      if (phase === 'ended' || !before) return void request.reject({ statusCode: 481 });
      call.media.renew();
      const sdp = await call.media.createAnswer(request.message.body ?? '').catch(() => null);
      if (call.phase() === 'ended' || sdp === null)
        return void request.reject({ statusCode: sdp === null ? 488 : 481 });
      const { session: next } = request.accept({ statusCode: 200, body: sdpBody(sdp) });
      session = next;
      next.delegate = inDialog(call, next, events);
      call.named(request.message.callId);
      call.become('talking');
      // Nobody is left at the other end of the old dialog; to the PBX it is over.
      before.delegate = {};
      sayBye(before, undefined);
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

export function sdpBody(content: string): Core.Body {
  return { contentDisposition: 'session', contentType: 'application/sdp', content };
}
