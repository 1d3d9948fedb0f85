import { createStore } from 'zustand/vanilla';
import { createDesk, type Desk, type DeskParts } from '../../../src/renderer/desk.ts';
import { createHostClient, type HostClient } from '../../../src/renderer/host-client.ts';
import type { Ringer, SoundState } from '../../../src/renderer/sound/ringer.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createFakeAudio } from '../../fakes/fake-audio.ts';
import { createFakeHost, type FakeHost } from '../../fakes/fake-host.ts';
import { createFakeLine, type FakeLine } from '../../fakes/fake-phone.ts';

export interface World {
  host: FakeHost;
  client: HostClient;
  line: FakeLine;
  desk: Desk;
  sounds: string[];
  setSound: (status: SoundState['status']) => void;
  /** Waits until it is so; a test that waits for ever fails by its time limit. */
  until: (condition: () => boolean) => Promise<void>;
  close: () => void;
}

/** The desk without its screens: real stores, the real RPC over an in-memory wire, a phone without a network. */
export function createWorld(
  options: Partial<Omit<DeskParts, 'host'>> & { sound?: SoundState['status']; host?: FakeHost } = {},
): World {
  const { host = createFakeHost(), sound: _, ...parts } = options;
  const line = createFakeLine();
  const sounds: string[] = [];
  const sound = createStore<SoundState>(() => ({ status: options.sound ?? 'ready' }));
  const ringer: Ringer = {
    sound,
    ring: () => sounds.push('ring'),
    knock: () => sounds.push('knock'),
    stop: () => sounds.push('stop'),
    setVolume: () => undefined,
    setDevice: async () => true,
    unlock: async () => sound.setState({ status: 'ready' }),
  };
  const client = createHostClient(host.wires);
  const desk = createDesk({
    host: client,
    createPhone: line.createPhone,
    audio: createFakeAudio(),
    ringer,
    windowId: newId(),
    systemLanguage: 'ko',
    now: Date.now,
    busy: () => false,
    paint: (change) => change(),
    log: () => undefined,
    ...parts,
  });
  desk.start();
  return {
    host,
    client,
    line,
    desk,
    sounds,
    setSound: (status) => sound.setState({ status }),
    until: async (condition) => {
      while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
    },
    close: () => client.close(),
  };
}

/** A world whose line is registered: signed in, sound on, phone held. */
export async function readyWorld(options: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  const world = createWorld(options);
  await world.until(() => world.desk.line.store.getState().registration.state === 'registered');
  return world;
}
