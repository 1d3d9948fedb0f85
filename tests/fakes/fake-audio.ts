import { createStore } from 'zustand/vanilla';
import type { AudioState, DeskAudio } from '../../src/renderer/sound/desk-audio.ts';
import type { Side } from '../../src/renderer/sound/levels.ts';

/** Audio without devices: it shows what it is given. */
export interface FakeAudio extends DeskAudio {
  /** 0 to 1, as the meters shall show it. */
  levels: Record<Side, number>;
  asked: string[];
}

export const HEADSET = { deviceId: 'headset-in', label: 'Practice headset', groupId: 'headset', kind: 'audioinput' };
const DEVICES = [
  HEADSET,
  { ...HEADSET, deviceId: 'built-in', label: 'Built-in microphone', groupId: 'machine' },
  { ...HEADSET, deviceId: 'headset-out', kind: 'audiooutput' },
  { ...HEADSET, deviceId: 'speakers', label: 'Desk speakers', groupId: 'machine', kind: 'audiooutput' },
];

export function createFakeAudio(): FakeAudio {
  const nowhere = { deviceId: null, label: null, chosenMissing: false };
  const store = createStore<AudioState>(() => ({
    devices: DEVICES,
    microphone: { status: 'open', deviceId: HEADSET.deviceId, label: HEADSET.label, chosenMissing: false },
    speaker: nowhere,
    ring: nowhere,
    notice: null,
  }));
  const asked: string[] = [];
  const levels = { here: 0, there: 0 };
  return {
    store,
    levels,
    asked,
    microphone: () => Promise.reject(new Error('none')),
    onMicrophone: () => () => undefined,
    play: () => undefined,
    setWishes: (wishes) => asked.push(`wishes ${wishes.microphone?.label ?? '-'}`),
    warm: async () => {
      asked.push('warm');
      return store.getState().microphone.status === 'open';
    },
    rest: () => asked.push('rest'),
    dismissNotice: () => store.setState({ notice: null }),
    watch: (side) => ({ read: () => levels[side], stop: () => undefined }),
    record: () => Promise.resolve({} as AudioBuffer),
    playBack: () => Promise.resolve(),
  };
}
