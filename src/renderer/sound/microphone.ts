import type { DeskSettings } from '../../shared/host-types.ts';
import { type Device, findDevice } from './device-choice.ts';

export type AudioWishes = Pick<
  DeskSettings,
  'microphone' | 'speaker' | 'ringDevice' | 'noiseSuppression' | 'echoCancellation' | 'autoGain'
>;

/** As much of navigator.mediaDevices as the desk needs; absent on a page that is not secure. */
export interface DeviceWire {
  getUserMedia: (constraints: MediaStreamConstraints) => Promise<MediaStream>;
  enumerateDevices: () => Promise<Device[]>;
  addEventListener: (type: 'devicechange', listener: () => void) => void;
}

/** `closed`: nobody needed it yet. The others say why there is none. */
export type MicrophoneStatus = 'closed' | 'opening' | 'open' | 'denied' | 'missing' | 'busy';

export interface OpenMicrophone {
  stream: MediaStream;
  track: MediaStreamTrack;
  deviceId: string;
  label: string;
}

export interface MicrophoneOptions {
  wire: DeviceWire;
  wishes: () => AudioWishes;
  onStatus: (status: MicrophoneStatus, open: OpenMicrophone | null) => void;
  /** Another stream than before is open. */
  onSwitched: (open: OpenMicrophone, before: OpenMicrophone | null) => void;
  /** The one that was open was pulled or died, before the next one is looked for. */
  onLost: (lost: OpenMicrophone) => void;
}

/** The one long-lived microphone: which it is, and that there is always the best one that is plugged in. */
export class Microphone {
  readonly #options: MicrophoneOptions;
  #open: OpenMicrophone | null = null;
  #processing = '';
  #wanted = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: MicrophoneOptions) {
    this.#options = options;
  }

  /** The stream, opened if it is not. Rejects with the DOMException of getUserMedia. */
  async stream(): Promise<MediaStream> {
    this.#wanted = true;
    if (this.#open?.track.readyState === 'live') return this.#open.stream;
    return this.#inTurn(() => this.#openBest());
  }

  open(): OpenMicrophone | null {
    return this.#open;
  }

  /** Something changed (devices, wishes): takes the device that is wished for, if it is another one. Never rejects. */
  async settle(): Promise<void> {
    if (!this.#wanted) return;
    await this.#inTurn(async () => {
      if (await this.#fits()) return;
      await this.#openBest();
    }).catch(() => undefined);
  }

  close(): void {
    this.#wanted = false;
    void this.#inTurn(async () => {
      if (this.#wanted) return;
      this.#stop(this.#open);
      this.#open = null;
      this.#options.onStatus('closed', null);
    });
  }

  /** One after another: two programs of ours must not open two microphones. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(act);
    this.#turn = next.catch(() => undefined);
    return next;
  }

  async #fits(): Promise<boolean> {
    const { wire, wishes } = this.#options;
    const open = this.#open;
    if (open?.track.readyState !== 'live') return false;
    if (this.#processing !== processingOf(wishes())) return false;
    const devices = await wire.enumerateDevices();
    const wished = findDevice(devices, 'audioinput', wishes().microphone);
    if (wished) return wished.deviceId === open.deviceId;
    // The wished one is not there: what is open stays, unless it is another one's turn now that nothing is wished.
    const standsIn = wishes().microphone !== null || open.deviceId === 'default' || open.deviceId === '';
    return standsIn && devices.some((device) => device.kind === 'audioinput' && device.deviceId === open.deviceId);
  }

  async #openBest(): Promise<MediaStream> {
    if (this.#open?.track.readyState === 'live' && (await this.#fits())) return this.#open.stream;
    const { onStatus, onSwitched } = this.#options;
    const before = this.#open;
    if (!before) onStatus('opening', null);
    try {
      const open = await this.#ask();
      this.#open = open;
      this.#processing = processingOf(this.#options.wishes());
      open.track.addEventListener('ended', () => this.#ended(open));
      onStatus('open', open);
      onSwitched(open, before);
      this.#stop(before);
      return open.stream;
    } catch (error) {
      if (before?.track.readyState !== 'live') {
        this.#open = null;
        onStatus(statusOf(error), null);
      }
      throw error;
    }
  }

  #ended(open: OpenMicrophone): void {
    if (this.#open !== open) return;
    this.#options.onLost(open);
    void this.settle();
  }

  async #ask(): Promise<OpenMicrophone> {
    const { wire, wishes } = this.#options;
    const wish = wishes().microphone;
    const look = async () => findDevice(await wire.enumerateDevices(), 'audioinput', wish)?.deviceId ?? null;
    const known = await look();
    const first = await this.#get(known);
    // Devices have names only once a microphone was allowed: the wished one may be among them now.
    const later = wish && known === null ? await look() : null;
    if (later === null || later === first.deviceId) return first;
    const second = await this.#get(later).catch(() => null);
    if (second) this.#stop(first);
    return second ?? first;
  }

  async #get(deviceId: string | null): Promise<OpenMicrophone> {
    const { wire, wishes } = this.#options;
    const { noiseSuppression, echoCancellation, autoGain } = wishes();
    const processing = { noiseSuppression, echoCancellation, autoGainControl: autoGain };
    const exact = deviceId === null ? null : { audio: { ...processing, deviceId: { exact: deviceId } } };
    const any = { audio: processing };
    // The wished one may be held by another program: any microphone is better than none.
    const stream = await wire.getUserMedia(exact ?? any).catch((error: unknown) => {
      if (!exact || statusOf(error) === 'denied') throw error;
      return wire.getUserMedia(any);
    });
    const track = stream.getAudioTracks()[0];
    if (!track) throw new DOMException('no audio', 'NotFoundError');
    return { stream, track, deviceId: track.getSettings().deviceId ?? '', label: track.label };
  }

  #stop(open: OpenMicrophone | null): void {
    for (const track of open?.stream.getTracks() ?? []) track.stop();
  }
}

const processingOf = ({ noiseSuppression, echoCancellation, autoGain }: AudioWishes) =>
  `${noiseSuppression} ${echoCancellation} ${autoGain}`;

/** What a DOMException of getUserMedia means for the agent. */
function statusOf(error: unknown): MicrophoneStatus {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'busy';
}
