import {
  MediaStreamTrack,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RtpHeader,
  RtpPacket,
  useSdesMid as sdesMid,
} from 'werift';
import { FRAME_BYTES, levelOf } from './ulaw.ts';

type MediaState = 'new' | 'connecting' | 'connected' | 'failed' | 'closed';

export interface MediaStats {
  state: MediaState;
  packetsIn: number;
  packetsOut: number;
  /** Loudness of the last second from the desk, dB below full scale; null before the first packet. */
  levelIn: number | null;
  /** The loudest 20 ms so far. */
  peakIn: number | null;
  /** RFC 4733 events from the desk so far. */
  dtmf: string;
}

/** The audio of one call with a desk: PCMU over SRTP. Offers and answers are whole SDP texts with all candidates. */
export interface MediaSession {
  createOffer: () => Promise<string>;
  acceptAnswer: (sdp: string) => Promise<void>;
  /** Also for a re-INVITE: hold, resume, ICE restart. */
  createAnswer: (offer: string) => Promise<string>;
  send: (frame: Uint8Array) => void;
  /** Whoever listens gets each packet of mu-law from the desk; one listener. */
  onFrame: (listener: (payload: Uint8Array) => void) => void;
  stats: () => MediaStats;
  /** Epoch ms of the last packet from the desk; null before the first. */
  lastPacketAt: () => number | null;
  /** Forgets the other end, which is gone: the next offer comes from somebody else. */
  renew: () => void;
  close: () => void;
}

const DTMF_PAYLOAD_TYPE = 101;
const DTMF_KEYS = '0123456789*#ABCD';

export function createMediaSession(): MediaSession {
  const inbound = createInbound();
  const outbound = createOutbound();
  let state: MediaState = 'new';
  let { connection, track } = openConnection();
  const follow = () => {
    const mine = connection;
    connection.connectionStateChange.subscribe((s) => {
      // 'closed' is said by close() alone: renew() closes a connection, too.
      if (connection !== mine || state === 'closed' || s === 'closed') return;
      state = s === 'disconnected' ? 'connecting' : s;
    });
    connection.onTrack.subscribe((remote) => {
      remote.onReceiveRtp.subscribe((packet) => connection === mine && inbound.receive(packet));
    });
  };
  follow();
  const described = async () => {
    await gathered(connection);
    return connection.localDescription?.sdp ?? '';
  };
  return {
    createOffer: async () => {
      await connection.setLocalDescription(await connection.createOffer());
      return described();
    },
    acceptAnswer: (sdp) => connection.setRemoteDescription({ type: 'answer', sdp: withoutMdns(sdp) }),
    createAnswer: async (offer) => {
      await connection.setRemoteDescription({ type: 'offer', sdp: withoutMdns(offer) });
      await connection.setLocalDescription(await connection.createAnswer());
      return described();
    },
    send: (frame) => {
      if (state === 'connected') outbound.send(track, frame);
    },
    stats: () => ({ state, packetsOut: outbound.sent(), ...inbound.stats() }),
    onFrame: inbound.onFrame,
    lastPacketAt: inbound.lastPacketAt,
    renew: () => {
      const old = connection;
      ({ connection, track } = openConnection());
      state = 'new';
      follow();
      void old.close();
    },
    close: () => {
      state = 'closed';
      void connection.close();
    },
  };
}

function openConnection(): { connection: RTCPeerConnection; track: MediaStreamTrack } {
  const connection = new RTCPeerConnection({
    codecs: { audio: [pcmu(), telephoneEvent()], video: [] },
    headerExtensions: { audio: [sdesMid()], video: [] },
    // werift would ask a public STUN server; a practice call never leaves this machine.
    iceServers: [],
    // Chromium offers no loopback candidates but sends to them; the machine's own addresses serve systems that refuse
    // to send from another address to 127.0.0.1 (Windows, macOS).
    iceAdditionalHostAddresses: ['127.0.0.1'],
    iceUseIpv6: false,
    iceUseTcp: false,
  });
  const track = new MediaStreamTrack({ kind: 'audio' });
  connection.addTransceiver(track, { direction: 'sendrecv' });
  return { connection, track };
}

/** Candidates named *.local would be looked up by multicast; Chromium's checks reach us without them. */
function withoutMdns(sdp: string): string {
  return sdp.replace(/^a=candidate:\S+ \d+ \S+ \d+ \S+\.local .*\r?\n/gim, '');
}

function pcmu(): RTCRtpCodecParameters {
  return new RTCRtpCodecParameters({ mimeType: 'audio/PCMU', clockRate: 8000, channels: 1, payloadType: 0 });
}

function telephoneEvent(): RTCRtpCodecParameters {
  return new RTCRtpCodecParameters({
    mimeType: 'audio/telephone-event',
    clockRate: 8000,
    channels: 1,
    payloadType: DTMF_PAYLOAD_TYPE,
    parameters: '0-16',
  });
}

function gathered(connection: RTCPeerConnection): Promise<void> {
  if (connection.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    const { unSubscribe } = connection.iceGatheringStateChange.subscribe((now) => {
      if (now !== 'complete') return;
      unSubscribe();
      resolve();
    });
  });
}

function createOutbound() {
  let sequenceNumber = Math.floor(Math.random() * 0x8000);
  let timestamp = Math.floor(Math.random() * 0x7fffffff);
  let sent = 0;
  return {
    sent: () => sent,
    send: (track: MediaStreamTrack, frame: Uint8Array) => {
      const header = new RtpHeader({ payloadType: 0, sequenceNumber, timestamp, marker: sent === 0 });
      sequenceNumber = (sequenceNumber + 1) & 0xffff;
      timestamp = (timestamp + FRAME_BYTES) >>> 0;
      sent += 1;
      track.writeRtp(new RtpPacket(header, Buffer.from(frame)));
    },
  };
}

function createInbound() {
  let listener: (payload: Uint8Array) => void = () => {};
  const lastSecond: number[] = [];
  let packetsIn = 0;
  let peakIn: number | null = null;
  let lastPacketAt: number | null = null;
  let dtmf = '';
  let dtmfTimestamp: number | null = null;
  const readDtmf = (packet: RtpPacket) => {
    // RFC 4733 section 2.5.1.2: all packets of one event carry the timestamp of its beginning.
    if (packet.header.timestamp === dtmfTimestamp) return;
    dtmfTimestamp = packet.header.timestamp;
    dtmf = (dtmf + (DTMF_KEYS[packet.payload[0] ?? -1] ?? '')).slice(-64);
  };
  return {
    receive: (packet: RtpPacket) => {
      lastPacketAt = Date.now();
      packetsIn += 1;
      if (packet.header.payloadType !== 0) return readDtmf(packet);
      const level = levelOf(packet.payload);
      peakIn = Math.max(peakIn ?? -90, level);
      if (lastSecond.push(level) > 50) lastSecond.shift();
      listener(packet.payload);
    },
    onFrame: (next: (payload: Uint8Array) => void) => {
      listener = next;
    },
    lastPacketAt: () => lastPacketAt,
    stats: () => ({ packetsIn, peakIn, dtmf, levelIn: average(lastSecond) }),
  };
}

/** The mean of the powers, not of the decibels. */
function average(levels: readonly number[]): number | null {
  if (levels.length === 0) return null;
  const power = levels.reduce((sum, level) => sum + 10 ** (level / 10), 0) / levels.length;
  return Math.max(-90, 10 * Math.log10(power));
}
