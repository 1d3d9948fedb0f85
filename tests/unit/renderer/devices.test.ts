import { afterEach, describe, expect, test } from 'vitest';
import { createDeskAudio, type DeskAudio, type Ear } from '../../../src/renderer/sound/desk-audio.ts';
import { type Device, findDevice } from '../../../src/renderer/sound/device-choice.ts';
import type { AudioWishes } from '../../../src/renderer/sound/microphone.ts';
import { FakeDevices } from '../../fakes/fake-devices.ts';

const WISHES: AudioWishes = {
  ...{ microphone: null, speaker: null, ringDevice: null },
  ...{ noiseSuppression: true, echoCancellation: true, autoGain: true },
};
const JABRA = { id: 'jabra', label: 'Jabra Evolve2 40 (0b0e:2e56)', group: 'g1' };

function ear(): Ear & { devices: string[] } {
  const devices: string[] = [];
  return {
    devices,
    play: () => undefined,
    setDevice: async (deviceId) => void devices.push(deviceId),
    watch: () => ({ read: () => 0, stop: () => undefined }),
    remote: () => null,
    record: () => Promise.reject(new Error('not here')),
    playBack: () => Promise.resolve(),
  };
}

let wire: FakeDevices;
let switched: string[];
async function desk(wishes: Partial<AudioWishes> = {}): Promise<DeskAudio> {
  const audio = createDeskAudio({ wire, ear: ear() });
  switched = [];
  // The old one is let go once the new one is in use: there is no gap.
  audio.onMicrophone(() => switched.push(wire.openNow().at(-1) ?? ''));
  audio.setWishes({ ...WISHES, ...wishes });
  await audio.warm();
  await wire.quiet();
  switched.length = 0;
  return audio;
}
const begin = () => {
  wire = new FakeDevices([
    { kind: 'audioinput', deviceId: 'jabra', label: JABRA.label, groupId: 'g1' },
    { kind: 'audioinput', deviceId: 'webcam', label: 'Webcam', groupId: 'g2' },
    { kind: 'audiooutput', deviceId: 'jabra-out', label: JABRA.label, groupId: 'g1' },
    { kind: 'audiooutput', deviceId: 'monitor', label: 'Monitor', groupId: 'g3' },
  ]);
};
begin();
afterEach(() => {
  // Whatever happened: never more than one microphone is held.
  expect(wire.openNow().length).toBeLessThanOrEqual(1);
  begin();
});

describe('a device is known again', () => {
  const there: Device[] = [
    { kind: 'audioinput', deviceId: 'default', label: 'Default - Jabra', groupId: 'g1' },
    { kind: 'audioinput', deviceId: 'a', label: 'Jabra Evolve2 40 (0b0e:2e56)', groupId: 'g1' },
    { kind: 'audioinput', deviceId: 'b', label: 'Jabra Evolve2 40 (0b0e:2e56)', groupId: 'g2' },
    { kind: 'audiooutput', deviceId: 'c', label: 'Jabra Evolve2 40 (0b0e:2e56)', groupId: 'g1' },
  ];
  test.each([
    ['by name and id', { id: 'b', label: JABRA.label, group: 'x' }, 'b'],
    ['by name and group where ids are new', { id: 'old', label: JABRA.label, group: 'g2' }, 'b'],
    ['by name alone', { id: 'old', label: JABRA.label, group: 'old' }, 'a'],
    ['in another socket of Windows', { id: 'old', label: '3- Jabra Evolve2 40', group: 'old' }, 'a'],
    ['not by an id that is another device now', { id: 'a', label: 'Poly Voyager', group: 'g1' }, null],
  ])('%s', (_name, remembered, expected) => {
    expect(findDevice(there, 'audioinput', remembered)?.deviceId ?? null).toBe(expected);
  });
});

describe('the microphone', () => {
  test('is the chosen one, with the chosen processing, and is asked for once', async () => {
    const audio = await desk({ microphone: JABRA, noiseSuppression: false });
    expect(wire.openNow()).toEqual(['jabra']);
    await audio.microphone();
    expect(wire.asked).toHaveLength(1);
    expect(wire.asked[0]).toMatchObject({ noiseSuppression: false, echoCancellation: true, autoGainControl: true });
  });

  test('is the chosen one also where names were hidden until the microphone was allowed', async () => {
    wire.allowed = false;
    await desk({ microphone: { ...JABRA, id: 'another-profile' } });
    expect(wire.openNow()).toEqual(['jabra']);
  });

  test('another choice in a call is taken at once, and the phone is told', async () => {
    const audio = await desk({ microphone: JABRA });
    audio.setWishes({ ...WISHES, microphone: { id: 'webcam', label: 'Webcam', group: 'g2' } });
    await wire.quiet();
    expect(switched).toEqual(['webcam']);
    expect(audio.store.getState().notice).toBeNull();
  });

  test('pulled: the next one is taken, the agent is told, and the chosen one is taken back when it returns', async () => {
    const audio = await desk({ microphone: JABRA });
    wire.unplug('jabra');
    await wire.quiet();
    expect(switched).toEqual(['webcam']);
    expect(audio.store.getState()).toMatchObject({
      microphone: { status: 'open', label: 'Webcam', chosenMissing: true },
      notice: { what: 'microphone_lost', label: JABRA.label, instead: 'Webcam' },
    });
    wire.plug({ kind: 'audioinput', deviceId: 'new-id', label: JABRA.label, groupId: 'new-group' });
    await wire.quiet();
    expect(switched).toEqual(['webcam', 'new-id']);
    expect(audio.store.getState()).toMatchObject({
      microphone: { label: JABRA.label, chosenMissing: false },
      notice: { what: 'microphone_back' },
    });
  });

  test('pulled, and there is no other: said so, and the first that is plugged in is taken', async () => {
    wire.unplug('webcam');
    const audio = await desk({ microphone: JABRA });
    wire.unplug('jabra');
    await wire.quiet();
    expect(audio.store.getState()).toMatchObject({
      microphone: { status: 'missing' },
      notice: { what: 'microphone_lost', instead: null },
    });
    wire.plug({ kind: 'audioinput', deviceId: 'spare', label: 'Spare headset', groupId: 'g9' });
    await wire.quiet();
    expect(switched).toEqual(['spare']);
    expect(audio.store.getState().notice).toMatchObject({ what: 'microphone_lost', instead: 'Spare headset' });
  });

  test('something else plugged in changes nothing', async () => {
    await desk({ microphone: JABRA });
    wire.plug({ kind: 'audioinput', deviceId: 'other', label: 'Other', groupId: 'g7' });
    await wire.quiet();
    expect(switched).toEqual([]);
    expect(wire.asked).toHaveLength(1);
  });

  test('ten changes at once end with one microphone, the chosen one', async () => {
    const audio = await desk();
    for (let i = 0; i < 10; i += 1) {
      audio.setWishes({ ...WISHES, microphone: i % 2 ? JABRA : { id: 'webcam', label: 'Webcam', group: 'g2' } });
    }
    await wire.quiet();
    expect(wire.openNow()).toEqual(['jabra']);
  });

  test.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'busy'],
  ])('%s reads as "%s", and trying again helps', async (name, status) => {
    wire.failWith = name;
    const audio = await desk();
    expect(audio.store.getState().microphone.status).toBe(status);
    wire.failWith = null;
    expect(await audio.warm()).toBe(true);
    expect(audio.store.getState().microphone.status).toBe('open');
  });

  test('the chosen one is held by another program: any other is better than none', async () => {
    wire.held.add('jabra');
    const audio = await desk({ microphone: JABRA });
    expect(wire.openNow()).toEqual(['webcam']);
    expect(audio.store.getState().microphone.chosenMissing).toBe(true);
  });

  test('rest: its light goes out; the next call opens it again', async () => {
    const audio = await desk();
    audio.rest();
    await wire.quiet();
    expect(wire.openNow()).toEqual([]);
    await audio.microphone();
    expect(wire.openNow()).toHaveLength(1);
  });
});

describe('where calls are heard and where it rings', () => {
  const OUT = { id: 'jabra-out', label: JABRA.label, group: 'g1' };
  const MONITOR = { id: 'monitor', label: 'Monitor', group: 'g3' };

  test('are two choices; one that is pulled falls back and comes back', async () => {
    const heard = ear();
    const audio = createDeskAudio({ wire, ear: heard });
    audio.setWishes({ ...WISHES, speaker: OUT, ringDevice: MONITOR });
    await audio.warm();
    await wire.quiet();
    expect(audio.store.getState()).toMatchObject({ speaker: { deviceId: 'jabra-out' }, ring: { deviceId: 'monitor' } });
    wire.unplug('jabra-out');
    await wire.quiet();
    expect(audio.store.getState()).toMatchObject({
      speaker: { deviceId: null, chosenMissing: true },
      ring: { deviceId: 'monitor' },
      notice: { what: 'speaker_lost' },
    });
    wire.plug({ kind: 'audiooutput', deviceId: 'x', label: JABRA.label, groupId: 'y' });
    await wire.quiet();
    expect(audio.store.getState()).toMatchObject({ speaker: { deviceId: 'x' }, notice: { what: 'speaker_back' } });
    expect(heard.devices.filter((id, i) => id !== heard.devices[i - 1])).toEqual(['jabra-out', '', 'x']);
  });
});
