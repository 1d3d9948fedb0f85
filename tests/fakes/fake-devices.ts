import type { Device } from '../../src/renderer/sound/device-choice.ts';
import type { DeviceWire } from '../../src/renderer/sound/microphone.ts';

class FakeTrack extends EventTarget {
  readonly kind = 'audio';
  readonly label: string;
  readonly deviceId: string;
  readyState: 'live' | 'ended' = 'live';
  constructor(device: Device) {
    super();
    this.label = device.label;
    this.deviceId = device.deviceId;
  }
  getSettings() {
    return { deviceId: this.deviceId };
  }
  stop() {
    this.readyState = 'ended';
  }
}

/** The wire of navigator.mediaDevices: devices that come and go, as Chromium tells it. */
export class FakeDevices implements DeviceWire {
  /** Without a permission devices have neither names nor ids. */
  allowed = true;
  failWith: string | null = null;
  /** Held by another program. */
  readonly held = new Set<string>();
  readonly asked: MediaTrackConstraints[] = [];
  readonly #devices: Device[];
  readonly #tracks: FakeTrack[] = [];
  readonly #listeners = new Set<() => void>();
  #busy = 0;

  constructor(devices: Device[]) {
    this.#devices = [...devices];
  }

  async getUserMedia({ audio }: MediaStreamConstraints): Promise<MediaStream> {
    return this.#count(async () => {
      const wanted = typeof audio === 'object' ? audio : {};
      this.asked.push(wanted);
      if (this.failWith) throw new DOMException('no', this.failWith);
      const exact = (wanted.deviceId as { exact?: string } | undefined)?.exact;
      const inputs = this.#devices.filter((device) => device.kind === 'audioinput');
      const device = exact
        ? inputs.find((one) => one.deviceId === exact)
        : inputs.find((one) => !this.held.has(one.deviceId));
      if (!device) throw new DOMException('no', exact ? 'OverconstrainedError' : 'NotFoundError');
      if (this.held.has(device.deviceId)) throw new DOMException('no', 'NotReadableError');
      this.allowed = true;
      const track = new FakeTrack(device);
      this.#tracks.push(track);
      return { getAudioTracks: () => [track], getTracks: () => [track] } as unknown as MediaStream;
    });
  }

  enumerateDevices(): Promise<Device[]> {
    return this.#count(async () => {
      if (this.allowed) return [...this.#devices];
      return [...new Set(this.#devices.map(({ kind }) => kind))].map((kind) => ({
        kind,
        deviceId: '',
        label: '',
        groupId: '',
      }));
    });
  }

  addEventListener(_type: 'devicechange', listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Ids of the microphones that are held now. */
  openNow(): string[] {
    return this.#tracks.filter((track) => track.readyState === 'live').map((track) => track.deviceId);
  }

  unplug(deviceId: string): void {
    this.#devices.splice(
      this.#devices.findIndex((device) => device.deviceId === deviceId),
      1,
    );
    for (const track of this.#tracks) {
      if (track.deviceId !== deviceId || track.readyState === 'ended') continue;
      track.readyState = 'ended';
      track.dispatchEvent(new Event('ended'));
    }
    for (const listener of this.#listeners) listener();
  }

  plug(device: Device): void {
    this.#devices.push(device);
    for (const listener of this.#listeners) listener();
  }

  /** Nothing is asked of the devices any more. */
  async quiet(): Promise<void> {
    for (let still = 0; still < 20; still += 1) {
      await Promise.resolve();
      if (this.#busy > 0) still = 0;
    }
  }

  async #count<T>(act: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      await Promise.resolve();
      return await act();
    } finally {
      this.#busy -= 1;
    }
  }
}
