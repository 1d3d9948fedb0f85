import { createStore, type StoreApi } from 'zustand/vanilla';

export interface SoundState {
  /** 'off': the browser plays nothing before a gesture, so a ring would not be heard. */
  status: 'off' | 'ready';
}

export interface Ringer {
  sound: StoreApi<SoundState>;
  /** Starts the ring, over and over until stop(). */
  ring: () => void;
  /** One soft tone in the ear, for a second call while talking. */
  knock: () => void;
  stop: () => void;
  setVolume: (volume: number) => void;
  /** null: the system's default device. Resolves to false where the device cannot be used. */
  setDevice: (deviceId: string | null) => Promise<boolean>;
  /** To be called from a gesture; harmless elsewhere. */
  unlock: () => Promise<void>;
}

/** setSinkId of AudioContext is in Chromium, not yet in TypeScript's DOM. */
interface SinkContext {
  setSinkId?: (id: string) => Promise<void>;
}

const RING_SECONDS = 4;

/** The ring tone, computed rather than recorded: two soft chords, a pause. Values are -1..1. */
export function ringSamples(sampleRate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(sampleRate * RING_SECONDS);
  addTone(samples, sampleRate, 0, 0.42, [659.26, 830.61]);
  addTone(samples, sampleRate, 0.46, 0.42, [587.33, 739.99]);
  addTone(samples, sampleRate, 1.1, 0.42, [659.26, 830.61]);
  addTone(samples, sampleRate, 1.56, 0.42, [587.33, 739.99]);
  return samples;
}

/** The tone for a second call, in the ear of somebody who talks: one, and soft. */
export function knockSamples(sampleRate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(sampleRate * 0.5));
  addTone(samples, sampleRate, 0, 0.35, [440]);
  return samples.map((sample) => sample * 0.18);
}

function bufferOf(context: AudioContext, samples: Float32Array<ArrayBuffer>): AudioBuffer {
  const buffer = context.createBuffer(1, samples.length, context.sampleRate);
  buffer.copyToChannel(samples, 0);
  return buffer;
}

function play(context: AudioContext, buffer: AudioBuffer, to: AudioNode, loop: boolean): AudioBufferSourceNode {
  const source = new AudioBufferSourceNode(context, { buffer, loop });
  source.connect(to);
  source.start();
  return source;
}

function addTone(samples: Float32Array, rate: number, at: number, seconds: number, frequencies: number[]): void {
  const from = Math.round(at * rate);
  const length = Math.round(seconds * rate);
  for (let i = 0; i < length; i += 1) {
    const t = i / rate;
    const attack = Math.min(1, t / 0.012);
    const release = Math.min(1, (seconds - t) / 0.12);
    const wave = frequencies.reduce(
      (sum, f) => sum + Math.sin(2 * Math.PI * f * t) + 0.25 * Math.sin(4 * Math.PI * f * t),
      0,
    );
    samples[from + i] = (samples[from + i] ?? 0) + (wave / (frequencies.length * 1.25)) * 0.6 * attack * release;
  }
}

/**
 * @param context sounds on the ring device. Made by the caller, once: a page may hold few of them.
 * @param ear sounds where calls are heard: a second call is told there, and softly.
 */
export function createRinger(context: AudioContext, ear: AudioContext): Ringer {
  const sound = createStore<SoundState>(() => ({ status: context.state === 'running' ? 'ready' : 'off' }));
  const volume = context.createGain();
  volume.connect(context.destination);
  let ringing: AudioBufferSourceNode | null = null;
  const follow = () => sound.setState({ status: context.state === 'running' ? 'ready' : 'off' });
  context.addEventListener('statechange', follow);

  // Computed before the first call: it would take 8 ms of the pop.
  const ringTone = bufferOf(context, ringSamples(context.sampleRate));
  const softTone = bufferOf(ear, knockSamples(ear.sampleRate));
  const unlock = async () => {
    for (const one of [context, ear]) if (one.state !== 'running') await one.resume();
    follow();
  };
  return {
    sound,
    ring: () => {
      ringing ??= play(context, ringTone, volume, true);
    },
    knock: () => {
      play(ear, softTone, ear.destination, false);
    },
    stop: () => {
      ringing?.stop();
      ringing = null;
    },
    setVolume: (value) => {
      volume.gain.value = value;
    },
    setDevice: async (deviceId) => {
      const sink = (context as SinkContext).setSinkId;
      if (!sink) return deviceId === null;
      const isSet = await sink.call(context, deviceId ?? '').then(
        () => true,
        () => false,
      );
      // A gesture that came while the device was being changed may have started nothing: without one this does nothing.
      if (context.state !== 'running') void unlock().catch(() => undefined);
      return isSet;
    },
    unlock,
  };
}
