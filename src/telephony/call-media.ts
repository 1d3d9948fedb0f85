import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';
import { createFork, type Fork, isLocked } from './audio-path.ts';
import { firstUsableCandidate } from './first-candidate.ts';
import type { CallMediaOptions, MediaState } from './media-options.ts';
import { createOrigin } from './sdp-origin.ts';
import { keepTonesOfVoice } from './tone-rate.ts';

/**
 * One call's audio: SIP.js asks it for descriptions, the call asks it for mute, hold and tones. Ours instead of SIP.js's,
 * because that one waits up to 5 s for gathering to complete and stops the microphone it was given.
 */
export class CallMedia implements SessionDescriptionHandler {
  readonly #options: CallMediaOptions;
  #peer: RTCPeerConnection | null = null;
  #track: MediaStreamTrack | null = null;
  #sender: RTCRtpSender | null = null;
  #wrap: ((microphone: MediaStreamTrack) => MediaStreamTrack) | null = null;
  #closed = false;
  #audible = false;
  #onHold = false;
  #early = false;
  #tellClosed = () => {};
  readonly #whenClosed = new Promise<void>((resolve) => {
    this.#tellClosed = resolve;
  });
  #restartNext = false;
  #replaceNext = false;
  /** The connection before the one that is being offered. */
  #left: { peer: RTCPeerConnection; sender: RTCRtpSender | null } | null = null;
  readonly #fork: Fork;
  readonly #origin = createOrigin();
  #switches = 0;
  #stopListening: (() => void) | undefined;
  #wasConnected = false;

  constructor(options: CallMediaOptions) {
    this.#options = options;
    this.#fork = createFork(options.startTimer);
  }

  /** SIP.js: our next offer, or the answer to the offer that was set. */
  async getDescription(): Promise<BodyAndContentType> {
    if (this.#replaceNext) this.#leavePeer();
    const peer = this.#openPeer();
    await this.#attachMicrophone(peer);
    this.#direct(peer);
    const answering = peer.signalingState === 'have-remote-offer';
    const options = this.#restartNext ? { iceRestart: true } : {};
    const description = await this.#unlessClosed(answering ? peer.createAnswer() : peer.createOffer(options));
    this.#restartNext = false;
    await this.#unlessClosed(peer.setLocalDescription(description));
    await firstUsableCandidate(peer, this.#options.startTimer);
    const sdp = peer.localDescription?.sdp;
    if (this.#closed || sdp === undefined) throw new Error('call ended');
    return { body: this.#origin(sdp), contentType: 'application/sdp' };
  }

  /** SIP.js: the other side's offer or answer. */
  async setDescription(received: string): Promise<void> {
    // Hung up meanwhile: an error here would make SIP.js forget the INVITE, and nobody would cancel it.
    if (this.#closed && this.#early) return;
    const peer = this.#openPeer();
    const sdp = keepTonesOfVoice(received);
    const answering = peer.signalingState === 'have-local-offer' || peer.signalingState === 'have-remote-pranswer';
    if (answering && this.#early) {
      // An announcement that cannot be heard is no reason to end the call that is being placed.
      this.#fork.announced(sdp);
      await this.#unlessClosed(peer.setRemoteDescription({ type: 'pranswer', sdp })).catch(() => {});
      return;
    }
    if (!this.#early) this.#answered(sdp);
    await this.#unlessClosed(peer.setRemoteDescription({ type: answering ? 'answer' : 'offer', sdp }));
    this.#left?.peer.close();
    this.#left = null;
  }

  /** Where another one took the call than announced something, nothing is heard of them yet. */
  #answered(sdp: string): void {
    this.#fork.answered(sdp, () => {
      if (!this.#closed) this.#options.onState(this.state());
    });
    if (this.#fork.isTheirPath()) this.#wasConnected = false;
  }

  /** Answers are for now only (RFC 8829 section 4.1.10.1): of several that ring one may announce, another take the call. */
  setEarly(early: boolean): void {
    this.#early = early;
  }

  hasDescription(contentType: string): boolean {
    return contentType.split(';')[0]?.trim().toLowerCase() === 'application/sdp';
  }

  /** A refused re-INVITE: back to what was agreed before (RFC 3264 section 8). */
  async rollbackDescription(): Promise<void> {
    const peer = this.#peer;
    if (this.#left && !this.#closed) {
      this.#takeBackPeer(this.#left);
      return;
    }
    if (!peer || this.#closed || peer.signalingState === 'stable') return;
    if (peer.signalingState === 'have-local-offer') await peer.setLocalDescription({ type: 'rollback' });
    else await peer.setRemoteDescription({ type: 'rollback' });
  }

  /** RFC 4733 tones in the audio stream. @returns false where the other side did not agree to them, or wants none. */
  sendDtmf(tones: string, milliseconds: number): boolean {
    const dtmf = this.#sender?.dtmf;
    if (this.#options.noTones || !dtmf?.canInsertDTMF) return false;
    // Tones that are still to be sent stay in front.
    dtmf.insertDTMF(dtmf.toneBuffer + tones, milliseconds, 70);
    return true;
  }

  /** Lets the microphone be heard or not. @returns what is really sent: read back from the sender, not remembered. */
  setAudible(audible: boolean): boolean {
    this.#audible = audible;
    // While the microphone is being switched both are obeyed: the old one is still being sent. A mix is left alone.
    const sent = this.#wrap ? null : this.#sender?.track;
    for (const track of [this.#track, sent]) if (track) track.enabled = audible;
    return this.heard();
  }

  /** Whether anything but silence leaves now. */
  heard(): boolean {
    // In a mix the microphone is one voice among others: its own track is what is shut.
    const sent = this.#wrap ? this.#track : this.#sender?.track;
    return sent ? sent.enabled && sent.readyState === 'live' : false;
  }

  /** The voice of the other side, null before it came. */
  remoteTrack(): MediaStreamTrack | null {
    return this.#peer?.getReceivers().find(({ track }) => track.kind === 'audio')?.track ?? null;
  }

  /** Sends what `wrap` makes of the microphone (a mix with other voices); null: the bare microphone again. */
  sendThrough(wrap: ((microphone: MediaStreamTrack) => MediaStreamTrack) | null): void {
    this.#wrap = wrap;
    this.#sendTrack().catch(() => {});
  }

  /** After the microphone's track or its wrapping changed. */
  async #sendTrack(): Promise<void> {
    if (this.#closed || !this.#track || !this.#sender) return;
    await this.#sender.replaceTrack(this.#wrap ? this.#wrap(this.#track) : this.#track);
  }

  /** What the next description says about us: sendonly while the customer is parked (RFC 3264 section 8.4). */
  setHold(onHold: boolean): void {
    this.#onHold = onHold;
  }

  /** The next offer also looks for a new network path; where there is one, and no keys of the audio, it begins anew. */
  restartIce(): void {
    if (isLocked(this.#sender)) this.#replaceNext = true;
    else this.#restartNext = true;
  }

  /** Another one took the call than announced something. */
  isForked(): boolean {
    return this.#fork.isOne();
  }

  /** The next offer is made by a connection of its own, from the same microphone; the old one stays until the far side has agreed. */
  #leavePeer(): void {
    this.#replaceNext = false;
    this.#left?.peer.close();
    this.#left = this.#peer && { peer: this.#peer, sender: this.#sender };
    this.#peer = null;
    this.#sender = null;
  }

  /** The far side did not agree to the new connection. */
  #takeBackPeer({ peer, sender }: { peer: RTCPeerConnection; sender: RTCRtpSender | null }): void {
    this.#left = null;
    this.#peer?.close();
    this.#peer = peer;
    this.#sender = sender;
    this.#options.onState(this.state());
  }

  /** getStats() of the connection; null before there is one and after the end. */
  async stats(): Promise<RTCStatsReport | null> {
    return this.#closed ? null : ((await this.#peer?.getStats()) ?? null);
  }

  state(): MediaState {
    const state = this.#peer?.connectionState;
    if (state === 'connected' && !this.#fork.isTheirPath()) return 'connected';
    return this.#wasConnected || state === 'failed' ? 'interrupted' : 'connecting';
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening?.();
    this.#fork.moved();
    this.#track?.stop();
    this.#left?.peer.close();
    this.#peer?.close();
    this.#tellClosed();
  }

  /** What a closed connection was asked for never settles (WebRTC): SIP.js would wait for ever, without ACK and BYE. */
  #unlessClosed<T>(work: Promise<T>): Promise<T> {
    const closed = this.#whenClosed.then(() => Promise.reject(new Error('call ended')));
    return Promise.race([work, closed]);
  }

  #openPeer(): RTCPeerConnection {
    if (this.#closed) throw new Error('call ended');
    if (this.#peer) return this.#peer;
    const peer = this.#options.openPeer();
    this.#peer = peer;
    peer.addEventListener('connectionstatechange', () => {
      if (this.#closed || this.#peer !== peer) return;
      this.#fork.moved();
      if (peer.connectionState === 'connected') this.#wasConnected = true;
      this.#options.onState(this.state());
    });
    peer.addEventListener('track', (event) => {
      if (this.#closed || this.#peer !== peer || event.track.kind !== 'audio') return;
      this.#options.onRemote(event.streams[0] ?? new MediaStream([event.track]));
    });
    return peer;
  }

  async #attachMicrophone(peer: RTCPeerConnection): Promise<void> {
    if (this.#sender) return;
    if (this.#track) {
      const sent = this.#wrap ? this.#wrap(this.#track) : this.#track;
      this.#sender = peer.addTrack(sent, new MediaStream([sent]));
      return;
    }
    const { stream, track } = await this.#openTrack();
    if (this.#closed) {
      track.stop();
      throw new Error('call ended');
    }
    track.enabled = this.#audible;
    this.#track = track;
    this.#sender = peer.addTrack(track, stream);
    this.#stopListening = this.#options.onMicrophone?.(() => void this.#switchMicrophone().catch(() => {}));
  }

  async #openTrack(): Promise<{ stream: MediaStream; track: MediaStreamTrack }> {
    const stream = await this.#options.microphone();
    const track = stream.getAudioTracks()[0]?.clone();
    if (!track) throw new Error('no microphone');
    return { stream, track };
  }

  /**
   * Another microphone in the middle of a call: the sender takes a new clone, nothing is negotiated (WebRTC, replaceTrack).
   * The clone is as audible as the agent was told; in a conference the mix takes it in.
   */
  async #switchMicrophone(): Promise<void> {
    this.#switches += 1;
    const mine = this.#switches;
    const { track } = await this.#openTrack();
    const old = this.#track;
    if (this.#closed || mine !== this.#switches || !this.#sender) {
      track.stop();
      return;
    }
    track.enabled = this.#audible;
    this.#track = track;
    await this.#sendTrack().finally(() => old?.stop());
    this.#options.onSwitched?.(this.heard());
  }

  #direct(peer: RTCPeerConnection): void {
    for (const transceiver of peer.getTransceivers()) {
      if (transceiver.direction === 'stopped') continue;
      const audio = transceiver.receiver.track.kind === 'audio';
      transceiver.direction = audio ? (this.#onHold ? 'sendonly' : 'sendrecv') : 'inactive';
    }
  }
}
