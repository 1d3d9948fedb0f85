import { createPhone } from '../../../src/telephony/phone.ts';
import type { Phone, PhoneOptions, PhoneState } from '../../../src/telephony/phone-types.ts';
import type { Judgement } from '../../../src/telephony/quality.ts';
import { farHearsTone, silentTrack, toneStream } from './tones.ts';

/** What the tests reach through `window.phonePage`: the real phone, and a far side that is a real peer connection too. */
export interface PhoneDesk {
  start: (account: PhoneOptions['account']) => void;
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
  farOffer: () => Promise<string>;
  /** An offer for the call that is up. */
  farReoffer: () => Promise<string>;
  farAccept: (answer: string) => Promise<void>;
  farAnswer: (offer: string) => Promise<string>;
  /** The network between both: the far side's connection is closed without a word. */
  farGone: () => void;
  /** Whether anything but silence arrives within the next 150 packets (3 s). The test microphone beeps every second. */
  farHears: () => Promise<boolean>;
  nearHears: () => Promise<boolean>;
  /** Whether it becomes silent over there: 100 packets (2 s) without sound among the next 500. */
  farHearsSilence: () => Promise<boolean>;
}

declare global {
  interface Window {
    phonePage: PhoneDesk;
  }
}

const phonePeers: RTCPeerConnection[] = [];
const tracks: MediaStreamTrack[] = [];
let phone: Phone | null = null;
let far: RTCPeerConnection | null = null;
let denied = false;
let microphone: Promise<MediaStream> | null = null;
const microphoneListeners = new Set<() => void>();

async function plug(stream: Promise<MediaStream>): Promise<void> {
  microphone = stream;
  await stream;
  for (const listener of [...microphoneListeners]) listener();
}

const { RTCPeerConnection: RealPeer } = window;
window.RTCPeerConnection = class extends RealPeer {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    phonePeers.push(this);
  }
};
const realClone = MediaStreamTrack.prototype.clone;
MediaStreamTrack.prototype.clone = function clone() {
  const made = realClone.call(this);
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

async function openFar(): Promise<RTCPeerConnection> {
  far?.close();
  far = new RealPeer();
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  for (const track of stream.getAudioTracks()) far.addTrack(track, stream);
  // Received audio is only measured where it is played.
  const speaker = new Audio();
  far.addEventListener('track', (event) => {
    speaker.srcObject = new MediaStream([event.track]);
    void speaker.play().catch(() => {});
  });
  return far;
}

async function hears(peer: RTCPeerConnection | undefined | null): Promise<boolean> {
  const before = await sound(peer);
  for (;;) {
    const now = await sound(peer);
    if (now.energy - before.energy > 0.0001) return true;
    if (now.packets - before.packets > 150) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function hearsSilence(peer: RTCPeerConnection | undefined | null): Promise<boolean> {
  const start = await sound(peer);
  let quiet = start;
  for (;;) {
    const now = await sound(peer);
    if (now.energy - quiet.energy > 0.0001) quiet = now;
    else if (now.packets - quiet.packets > 100) return true;
    if (now.packets - start.packets > 500) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function sound(peer: RTCPeerConnection | undefined | null): Promise<{ packets: number; energy: number }> {
  let heard = { packets: 0, energy: 0 };
  (await peer?.getStats())?.forEach((report) => {
    if (report.type !== 'inbound-rtp') return;
    heard = { packets: report.packetsReceived ?? 0, energy: report.totalAudioEnergy ?? 0 };
  });
  return heard;
}

window.phonePage = {
  log: [],
  states: [],
  played: {},
  start: (account) => {
    phone = createPhone({
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
    });
    phone.subscribe((state) => window.phonePage.states.push(state));
    window.addEventListener('pagehide', () => phone?.abandon());
    phone.start();
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
  farHearsTone: (hertz) => farHearsTone(far, hertz),
  sentLabel: () => phonePeers.at(-1)?.getSenders()[0]?.track?.label,
  farSends: async (what) => {
    await far?.getSenders()[0]?.replaceTrack(what === 'silence' ? silentTrack() : null);
  },
  judged: [],
  farOffer: async () => {
    const peer = await openFar();
    await peer.setLocalDescription(await peer.createOffer());
    return gathered(peer);
  },
  farReoffer: async () => {
    if (!far) throw new Error('no call');
    await far.setLocalDescription(await far.createOffer());
    return gathered(far);
  },
  farAccept: async (answer) => far?.setRemoteDescription({ type: 'answer', sdp: answer }),
  farAnswer: async (offer) => {
    const peer = far && far.signalingState !== 'closed' ? far : await openFar();
    await peer.setRemoteDescription({ type: 'offer', sdp: offer });
    await peer.setLocalDescription(await peer.createAnswer());
    return gathered(peer);
  },
  farGone: () => far?.close(),
  farHears: () => hears(far),
  farHearsSilence: () => hearsSilence(far),
  nearHears: () => hears(phonePeers.at(-1)),
};
