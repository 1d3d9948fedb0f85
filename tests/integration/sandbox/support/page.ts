/** A bare SIP.js phone in a page: what any desk does, without ours. Bundled by support/browser.ts. */
import { Invitation, Inviter, Registerer, type Session, SessionState, UserAgent, type Web } from 'sip.js';

interface BarePhone {
  start: (options: { server: string; username: string; password: string }) => Promise<void>;
  ringing: () => Promise<{ from: string; display: string; headers: Record<string, string | undefined> }>;
  answer: () => Promise<void>;
  call: (target: string) => Promise<void>;
  hold: (held: boolean) => Promise<boolean>;
  hangUp: () => Promise<void>;
  dtmf: (tones: string) => boolean;
  state: () => string;
  /** Waits until the other side was louder than this (0..1) in at least so many of the last samples. */
  heard: (level: number, timeoutMs: number) => Promise<number>;
  inbound: () => Promise<{ packets: number; codec: string; energy: number }>;
}

const microphone = () => navigator.mediaDevices.getUserMedia({ audio: true });

function createBarePhone(): BarePhone {
  let agent: UserAgent | undefined;
  let session: Session | undefined;
  let arrived: (invitation: Invitation) => void = () => {};
  const invited = new Promise<Invitation>((resolve) => {
    arrived = resolve;
  });
  const current = () => {
    if (!session) throw new Error('no call');
    return session;
  };
  const handler = () => current().sessionDescriptionHandler as Web.SessionDescriptionHandler;
  const settled = (wanted: SessionState) =>
    new Promise<void>((resolve) => {
      if (current().state === wanted) return resolve();
      current().stateChange.addListener((state) => {
        if (state === wanted) resolve();
      });
    });
  return {
    start: async ({ server, username, password }) => {
      const made = new UserAgent({
        uri: UserAgent.makeURI(`sip:${username}@practice.invalid`),
        authorizationUsername: username,
        authorizationPassword: password,
        transportOptions: { server },
        logLevel: 'error',
        sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: [] } },
        delegate: {
          onInvite: (invitation) => {
            session = invitation;
            arrived(invitation);
          },
        },
      });
      agent = made;
      await made.start();
      const registerer = new Registerer(made);
      const registered = new Promise<void>((resolve) => {
        registerer.stateChange.addListener((state) => {
          if (state === 'Registered') resolve();
        });
      });
      await registerer.register();
      await registered;
    },
    ringing: async () => {
      const { request } = await invited;
      const names = ['P-Asserted-Identity', 'X-Queue', 'X-Customer-Ref', 'X-Caller-Uniqueid', 'Privacy'];
      return {
        from: request.from.uri.user ?? '',
        display: request.from.displayName,
        headers: Object.fromEntries(names.map((name) => [name, request.getHeader(name)])),
      };
    },
    answer: async () => {
      if (!(session instanceof Invitation)) throw new Error('nothing rings');
      await session.accept({ sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } } });
      await settled(SessionState.Established);
    },
    call: async (target) => {
      const uri = UserAgent.makeURI(`sip:${target}@practice.invalid`);
      if (!agent || !uri) throw new Error('not started');
      session = new Inviter(agent, uri, {
        sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } },
      });
      await (session as Inviter).invite();
    },
    hold: (hold) =>
      new Promise((resolve, reject) => {
        current()
          .invite({
            sessionDescriptionHandlerOptions: { hold } as object,
            requestDelegate: { onAccept: () => resolve(true), onReject: () => resolve(false) },
          })
          .catch(reject);
      }),
    hangUp: async () => {
      if (session instanceof Invitation && session.state === SessionState.Initial) await session.reject();
      else await current().bye();
    },
    dtmf: (tones) => handler().sendDtmf(tones),
    state: () => session?.state ?? 'none',
    heard: async (level, timeoutMs) => {
      const context = new AudioContext();
      await context.resume();
      const element = document.createElement('audio');
      // Chromium feeds a remote track to the Web Audio graph only while some element plays it.
      element.muted = true;
      element.srcObject = handler().remoteMediaStream;
      await element.play();
      const analyser = context.createAnalyser();
      context.createMediaStreamSource(handler().remoteMediaStream).connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      const until = performance.now() + timeoutMs;
      let loudest = 0;
      while (performance.now() < until && loudest < level) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        analyser.getFloatTimeDomainData(samples);
        loudest = Math.max(loudest, Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length));
      }
      await context.close();
      return loudest;
    },
    inbound: async () => {
      const report = await handler().peerConnection?.getStats();
      const found = { packets: 0, codec: '', energy: 0 };
      report?.forEach((entry) => {
        if (entry.type === 'inbound-rtp') {
          found.packets = entry.packetsReceived;
          found.energy = entry.totalAudioEnergy ?? 0;
          found.codec = report.get(entry.codecId)?.mimeType ?? '';
        }
      });
      return found;
    },
  };
}

declare global {
  interface Window {
    barePhone: BarePhone;
    microphone: () => Promise<MediaStream>;
  }
}
window.barePhone = createBarePhone();
window.microphone = microphone;
