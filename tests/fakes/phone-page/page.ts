import { createPhone } from '../../../src/telephony/phone.ts';
import { pageEnvironment } from '../../../src/telephony/phone-environment.ts';
import type { Phone, PhoneOptions, PhoneState } from '../../../src/telephony/phone-types.ts';
import type { Judgement } from '../../../src/telephony/quality.ts';
import { hears, hearsSilence, hearsTones } from './ears.ts';
import { farHearsTone, silentTrack, toneStream } from './tones.ts';

/** What the tests reach through `window.phonePage`: the real phone, and a far side that is a real peer connection too. */
export interface PhoneDesk {
  /** @param retired from the first moment: nothing is registered. */
  start: (account: PhoneOptions['account'], retired?: boolean) => void;
  /** Timers that the phone starts from now on ring this many times sooner. */
  hurry: (factor: number) => void;
  phone: () => Phone;
  log: string[];
  states: PhoneState[];
  /** Streams that the phone wants to be heard, by call; null when it took them away. */
  played: Record<string, boolean>;
  /** Tracks of ours that are live: the shared microphone and one clone a call. */
  liveTracks: () => number;
  /** Connections of the phone that are not closed. */
  openPeers: () => number;
  /** Where the newest connection's search for candidates was when the phone sent its last answer with SDP. */
  gatheringAtAnswer: RTCIceGatheringState | null;
  denyMicrophone: () => void;
  /** From now on the microphone is a tone, also in the call that is up; 0: a microphone that gives digital silence. */
  plugTone: (hertz: number) => Promise<void>;
  /** From now on it is the one with this label. */
  plugDevice: (label: string) => Promise<void>;
  /** Resolves to true when this tone is the loudest thing that arrives over there; gives up after some 5 s of sound. */
  farHearsTone: (hertz: number) => Promise<boolean>;
  /** The label of the track that is being sent. */
  sentLabel: () => string | undefined;
  /** What the far side sends: its microphone, digital silence, or no packets at all. */
  farSends: (what: 'silence' | 'nothing') => Promise<void>;
  /** Every judgement of the quality watch so far. */
  judged: Judgement[];
  /** Several people can be on the far side at once; whoever is not named is the one customer. `hz`: how they sound. */
  farOffer: (who?: string, hz?: number) => Promise<string>;
  /** An offer for the call that is up. */
  farReoffer: (who?: string) => Promise<string>;
  /** What was last said by them, as an offer that changes nothing. */
  farSdp: () => string;
  farAccept: (answer: string, who?: string) => Promise<void>;
  farAnswer: (offer: string, who?: string, hz?: number) => Promise<string>;
  /** The network between both: the far side's connection is closed without a word. */
  farGone: (who?: string) => void;
  /** Whether anything but silence arrives within the next 150 packets (3 s). The test microphone beeps every second. */
  farHears: (who?: string) => Promise<boolean>;
  nearHears: () => Promise<boolean>;
  /** Whether it becomes silent over there: 100 packets (2 s) without sound among the next 500. */
  farHearsSilence: (who?: string) => Promise<boolean>;
  /** Resolves when exactly these of all pitches are heard there; rejects after 10 s with what was heard instead. */
  farHearsTones: (who: string, hz: number[], of: number[]) => Promise<void>;
  /** The same for what the phone receives in its nth open call. */
  nearHearsTones: (nth: number, hz: number[], of: number[]) => Promise<void>;
}

declare global {
  interface Window {
    phonePage: PhoneDesk;
  }
}

const phonePeers: RTCPeerConnection[] = [];
const tracks: MediaStreamTrack[] = [];
let phone: Phone | null = null;
const fars = new Map<string, RTCPeerConnection>();
const CUSTOMER = 'customer';
let denied = false;
let hurry = 1;
let microphone: Promise<MediaStream> | null = null;
let farMicrophone: Promise<MediaStream> | null = null;
const microphoneListeners = new Set<() => void>();

async function plug(stream: Promise<MediaStream>): Promise<void> {
  microphone = stream;
  await stream;
  for (const listener of [...microphoneListeners]) listener();
}

/** What is over is let go, or Chromium runs out of connections (500) after as many calls. */
function keepOnly<T>(list: T[], keep: (one: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(keep));
}

const { RTCPeerConnection: RealPeer } = window;
window.RTCPeerConnection = class extends RealPeer {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    keepOnly(phonePeers, (peer) => peer.connectionState !== 'closed');
    phonePeers.push(this);
  }
};
const realClone = MediaStreamTrack.prototype.clone;
MediaStreamTrack.prototype.clone = function clone() {
  const made = realClone.call(this);
  keepOnly(tracks, (track) => track.readyState === 'live');
  tracks.push(made);
  return made;
};

const realSend = WebSocket.prototype.send;
WebSocket.prototype.send = function send(data) {
  if (typeof data === 'string' && data.startsWith('SIP/2.0 200') && data.includes('m=audio')) {
    window.phonePage.gatheringAtAnswer = phonePeers.at(-1)?.iceGatheringState ?? null;
  }
  realSend.call(this, data);
};

function openMicrophone(): Promise<MediaStream> {
  if (denied) return Promise.reject(new DOMException('no', 'NotAllowedError'));
  microphone ??= navigator.mediaDevices.getUserMedia({ audio: true });
  return microphone;
}

async function gathered(peer: RTCPeerConnection): Promise<string> {
  while (peer.iceGatheringState !== 'complete') {
    await new Promise((resolve) => peer.addEventListener('icegatheringstatechange', resolve, { once: true }));
  }
  return peer.localDescription?.sdp ?? '';
}

async function openFar(who: string, hz?: number): Promise<RTCPeerConnection> {
  fars.get(who)?.close();
  const peer = new RealPeer();
  fars.set(who, peer);
  // One microphone for all of them: thousands of open ones would be a load of their own.
  farMicrophone ??= navigator.mediaDevices.getUserMedia({ audio: true });
  const stream = hz === undefined ? await farMicrophone : toneStream(hz);
  for (const track of stream.getAudioTracks()) peer.addTrack(track, stream);
  // Received audio is only measured where it is played.
  const speaker = new Audio();
  peer.addEventListener('track', (event) => {
    speaker.srcObject = new MediaStream([event.track]);
    void speaker.play().catch(() => {});
  });
  return peer;
}

window.phonePage = {
  log: [],
  states: [],
  played: {},
  start: (account, retired = false) => {
    const environment = pageEnvironment();
    const options: PhoneOptions = {
      account,
      country: 'KR',
      media: {
        microphone: openMicrophone,
        play: (callId, stream) => {
          window.phonePage.played[callId] = stream !== null;
          const audio = document.querySelector('audio');
          if (audio) audio.srcObject = stream;
        },
        onMicrophone: (listener) => {
          microphoneListeners.add(listener);
          return () => microphoneListeners.delete(listener);
        },
      },
      onQuality: (_callId, judgement) => window.phonePage.judged.push(judgement),
      log: (event, data) => window.phonePage.log.push(`${event} ${JSON.stringify(data ?? {})}`),
    };
    phone = createPhone(options, {
      ...environment,
      startTimer: (milliseconds, ring) => environment.startTimer(milliseconds / hurry, ring),
      openPeer: (configuration) => {
        try {
          return environment.openPeer(configuration);
        } catch (error) {
          window.phonePage.log.push(`no connection: ${String(error)}`);
          throw error;
        }
      },
    });
    phone.subscribe((state) => window.phonePage.states.push(state));
    window.addEventListener('pagehide', () => phone?.abandon());
    if (retired) phone.retire?.(true);
    phone.start();
  },
  hurry: (factor) => {
    hurry = factor;
  },
  phone: () => {
    if (!phone) throw new Error('start first');
    return phone;
  },
  liveTracks: () => tracks.filter((track) => track.readyState === 'live').length,
  openPeers: () => phonePeers.filter((peer) => peer.connectionState !== 'closed').length,
  gatheringAtAnswer: null,
  denyMicrophone: () => {
    denied = true;
  },
  plugTone: (hertz) => plug(Promise.resolve(toneStream(hertz))),
  plugDevice: async (label) => {
    await openMicrophone();
    const found = (await navigator.mediaDevices.enumerateDevices()).find((device) => device.label === label);
    if (!found) throw new Error(`no device ${label}`);
    await plug(navigator.mediaDevices.getUserMedia({ audio: { deviceId: { exact: found.deviceId } } }));
  },
  farHearsTone: (hertz) => farHearsTone(fars.get(CUSTOMER) ?? null, hertz),
  sentLabel: () => phonePeers.at(-1)?.getSenders()[0]?.track?.label,
  farSends: async (what) => {
    await fars
      .get(CUSTOMER)
      ?.getSenders()[0]
      ?.replaceTrack(what === 'silence' ? silentTrack() : null);
  },
  judged: [],
  farOffer: async (who = CUSTOMER, hz) => {
    const peer = await openFar(who, hz);
    await peer.setLocalDescription(await peer.createOffer());
    return gathered(peer);
  },
  farReoffer: async (who = CUSTOMER) => {
    const peer = fars.get(who);
    if (!peer) throw new Error('no call');
    await peer.setLocalDescription(await peer.createOffer());
    return gathered(peer);
  },
  farSdp: () =>
    (fars.get(CUSTOMER)?.localDescription?.sdp ?? '').replace(/a=setup:(active|passive)/g, 'a=setup:actpass'),
  farAccept: async (answer, who = CUSTOMER) => fars.get(who)?.setRemoteDescription({ type: 'answer', sdp: answer }),
  farAnswer: async (offer, who = CUSTOMER, hz) => {
    const known = fars.get(who);
    const peer = known && known.signalingState !== 'closed' ? known : await openFar(who, hz);
    await peer.setRemoteDescription({ type: 'offer', sdp: offer });
    await peer.setLocalDescription(await peer.createAnswer());
    return gathered(peer);
  },
  farGone: (who = CUSTOMER) => fars.get(who)?.close(),
  farHears: (who = CUSTOMER) => hears(fars.get(who)),
  farHearsSilence: (who = CUSTOMER) => hearsSilence(fars.get(who)),
  farHearsTones: (who, wanted, of) => hearsTones(fars.get(who), wanted, of),
  nearHearsTones: (nth, wanted, of) =>
    hearsTones(phonePeers.filter((one) => one.connectionState !== 'closed')[nth], wanted, of),
  nearHears: () => hears(phonePeers.at(-1)),
};
