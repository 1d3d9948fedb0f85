import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PhoneMedia } from '../../telephony/phone-types.ts';
import { choosable, type Device, findDevice } from './device-choice.ts';
import type { LevelWatch, Side } from './levels.ts';
import { type AudioWishes, type DeviceWire, Microphone, type MicrophoneStatus } from './microphone.ts';

/** One of the three: what is used, and whether it is what was chosen. Label null: the system's own choice. */
export interface Place {
  deviceId: string | null;
  label: string | null;
  chosenMissing: boolean;
}

/** Something that a device did by itself. `instead` null: there is none left. */
export interface DeviceNotice {
  what: 'microphone_lost' | 'microphone_back' | 'speaker_lost' | 'speaker_back' | 'ring_lost' | 'ring_back';
  label: string;
  instead: string | null;
}

export interface AudioState {
  devices: readonly Device[];
  microphone: Place & { status: MicrophoneStatus };
  speaker: Place;
  ring: Place;
  notice: DeviceNotice | null;
}

/** The page's side of the audio: the phone's media, which devices it uses, and how loud both sides are. */
export interface DeskAudio extends PhoneMedia {
  store: StoreApi<AudioState>;
  onMicrophone: (listener: () => void) => () => void;
  setWishes: (wishes: AudioWishes) => void;
  /** Opens the microphone before it is needed; also what "try again" does. False: there is none, and `store` says why. */
  warm: () => Promise<boolean>;
  /** Nobody needs the microphone any more: its light goes out. */
  rest: () => void;
  dismissNotice: () => void;
  watch: (side: Side) => LevelWatch;
  /** What the microphone hears for so long. */
  record: (milliseconds: number) => Promise<AudioBuffer>;
  /** Plays it where calls are heard; resolves at its end. */
  playBack: (recording: AudioBuffer) => Promise<void>;
}

/** Elements and sound of the page: given by ear.ts, faked in tests. */
export interface Ear {
  play: (callId: string, remote: MediaStream | null) => void;
  /** Where calls and soft tones are heard; '' is the system's own choice. */
  setDevice: (deviceId: string) => Promise<void>;
  watch: (of: () => MediaStream | null) => LevelWatch;
  remote: () => MediaStream | null;
  record: (stream: MediaStream, milliseconds: number) => Promise<AudioBuffer>;
  playBack: (recording: AudioBuffer) => Promise<void>;
}

const NOWHERE: Place = { deviceId: null, label: null, chosenMissing: false };
const NO_WISHES: AudioWishes = {
  microphone: null,
  speaker: null,
  ringDevice: null,
  noiseSuppression: true,
  echoCancellation: true,
  autoGain: true,
};

/** @param wire undefined on a page without devices: there is no microphone then. */
export function createDeskAudio({ wire, ear }: { wire: DeviceWire | undefined; ear: Ear }): DeskAudio {
  const store = createStore<AudioState>(() => ({
    devices: [],
    microphone: { ...NOWHERE, status: 'closed' },
    speaker: NOWHERE,
    ring: NOWHERE,
    notice: null,
  }));
  const listeners = new Set<() => void>();
  let wishes = NO_WISHES;
  let lost: string | null = null;

  const microphone =
    wire &&
    new Microphone({
      wire,
      wishes: () => wishes,
      onStatus: (status, open) => {
        const chosenMissing = open !== null && wishes.microphone !== null && !isWished(open.deviceId);
        store.setState({
          microphone: { status, deviceId: open?.deviceId ?? null, label: open?.label ?? null, chosenMissing },
        });
        if (lost !== null && status !== 'open' && status !== 'opening') notice('microphone_lost', lost, null);
      },
      onLost: (open) => {
        lost = open.label;
      },
      onSwitched: (open) => {
        const missed = lost !== null || store.getState().notice?.what === 'microphone_lost';
        if (missed && (lost === open.label || isWished(open.deviceId)))
          notice('microphone_back', open.label, open.label);
        else if (lost !== null) notice('microphone_lost', lost, open.label);
        lost = null;
        void readDevices();
        for (const listener of [...listeners]) listener();
      },
    });
  const isWished = (deviceId: string) =>
    findDevice(store.getState().devices, 'audioinput', wishes.microphone)?.deviceId === deviceId;
  const notice = (what: DeviceNotice['what'], label: string, instead: string | null) =>
    store.setState({ notice: { what, label, instead } });

  const place = (kind: 'speaker' | 'ring', devices: readonly Device[]): Place => {
    const wish = kind === 'speaker' ? wishes.speaker : wishes.ringDevice;
    const found = findDevice(devices, 'audiooutput', wish);
    const before = store.getState()[kind];
    const chosenMissing =
      wish !== null && !found && choosable(devices, 'audiooutput').some(({ label }) => label !== '');
    if (chosenMissing && !before.chosenMissing && before.deviceId !== null) notice(`${kind}_lost`, wish.label, null);
    if (!chosenMissing && before.chosenMissing && found) notice(`${kind}_back`, found.label, found.label);
    return { deviceId: found?.deviceId ?? null, label: found?.label ?? null, chosenMissing };
  };
  const readDevices = async () => {
    const devices = (await wire?.enumerateDevices().catch(() => null)) ?? store.getState().devices;
    const speaker = place('speaker', devices);
    const ring = place('ring', devices);
    const { microphone: now } = store.getState();
    const wished = findDevice(devices, 'audioinput', wishes.microphone);
    const chosenMissing = now.status === 'open' && wishes.microphone !== null && wished?.deviceId !== now.deviceId;
    store.setState({ devices, speaker, ring, microphone: { ...now, chosenMissing } });
    await ear.setDevice(speaker.deviceId ?? '').catch(() => undefined);
  };
  const changed = async () => {
    await readDevices();
    await microphone?.settle();
  };
  wire?.addEventListener('devicechange', () => void changed());
  void readDevices();

  const stream = async () => {
    if (microphone) return microphone.stream();
    store.setState({ microphone: { ...NOWHERE, status: 'missing' } });
    throw new DOMException('no devices', 'NotFoundError');
  };
  return {
    store,
    microphone: stream,
    onMicrophone: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    play: ear.play,
    setWishes: (next) => {
      if (JSON.stringify(next) === JSON.stringify(wishes)) return;
      wishes = next;
      // A device that was chosen by hand is no loss of another.
      store.setState(({ speaker, ring }) => ({
        notice: null,
        speaker: { ...speaker, deviceId: null, chosenMissing: false },
        ring: { ...ring, deviceId: null, chosenMissing: false },
      }));
      void changed();
    },
    warm: () =>
      stream().then(
        () => true,
        () => false,
      ),
    rest: () => microphone?.close(),
    dismissNotice: () => store.setState({ notice: null }),
    watch: (side) => ear.watch(side === 'here' ? () => microphone?.open()?.stream ?? null : ear.remote),
    record: async (milliseconds) => ear.record(await stream(), milliseconds),
    playBack: ear.playBack,
  };
}
