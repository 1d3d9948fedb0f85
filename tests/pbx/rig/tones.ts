// Pure: the page measures with these too (page/probe.ts).

export interface ToneShape {
  hz: number;
  seconds: number;
  /** Samples a second. */
  rate: number;
  /** Sounds for `on` seconds, rests for `off`: noise suppression takes a steady tone for noise, a beat for a voice. */
  beat?: { on: number; off: number };
}

/** Samples from -1 to 1. */
export function tone({ hz, seconds, rate, beat }: ToneShape): Float64Array {
  const samples = new Float64Array(Math.round(seconds * rate));
  for (let i = 0; i < samples.length; i++) {
    const at = i / rate;
    const sounds = !beat || at % (beat.on + beat.off) < beat.on;
    samples[i] = sounds ? 0.5 * Math.sin(2 * Math.PI * hz * at) : 0;
  }
  return samples;
}

/**
 * How much of the sound is this pitch: 0 none, 1 nothing else, over all windows that are not silent. Goertzel's
 * algorithm, 50 ms windows, so that neighbours 20 Hz away are already apart.
 */
export function shareOf(hz: number, samples: Float64Array, rate: number): number {
  const size = Math.round(rate / 20);
  let inTune = 0;
  let all = 0;
  for (let start = 0; start + size <= samples.length; start += size) {
    const window = samples.subarray(start, start + size);
    const energy = window.reduce((sum, sample) => sum + sample * sample, 0);
    if (energy / size < 1e-5) continue;
    all += energy;
    inTune += energyAt(hz, window, rate);
  }
  return all === 0 ? 0 : Math.min(1, inTune / all);
}

function energyAt(hz: number, window: Float64Array, rate: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let before = 0;
  let beforeThat = 0;
  for (const sample of window) {
    const now = sample + turn * before - beforeThat;
    beforeThat = before;
    before = now;
  }
  const power = before * before + beforeThat * beforeThat - turn * before * beforeThat;
  return (2 * power) / window.length;
}

/** Seconds of the recording that are not silent. */
export function soundingSeconds(samples: Float64Array, rate: number): number {
  const size = Math.round(rate / 20);
  let seconds = 0;
  for (let start = 0; start + size <= samples.length; start += size) {
    const energy = samples.subarray(start, start + size).reduce((sum, sample) => sum + sample * sample, 0);
    if (energy / size >= 1e-5) seconds += 0.05;
  }
  return seconds;
}
