// Put into the page before its own scripts, the desk's page too. It only watches: every RTCPeerConnection is the
// browser's own, and what the other side sends is measured where the page itself receives it.
import { shareOf } from '../rig/tones.ts';

interface Heard {
  /** 0 to 1, see shareOf(). */
  share: number;
  /** Root mean square of the last 85 ms, 0 to 1. */
  level: number;
}

interface Probe {
  /** What the newest call's other side sends right now, and how much of it is this pitch. */
  heard: (hz: number) => Heard;
  /** Resolves true as soon as this pitch is heard, false after `withinMs`. */
  hears: (hz: number, withinMs: number) => Promise<boolean>;
  /** Resolves true when the call that began as the nth (0 the first) brings all of these pitches at once, or one at a time. */
  hearsAll: (nth: number, hz: number[], withinMs: number) => Promise<boolean>;
  /** Resolves true when nothing at all was heard for half a second, false after `withinMs`. */
  silent: (withinMs: number) => Promise<boolean>;
  /** Connections that are not closed. */
  openConnections: () => number;
  /** When (performance.now()) the newest call's first sound came; null: none yet. */
  firstSoundAt: () => number | null;
  /** When the last key was pressed, by the event's own time stamp. */
  lastKeyAt: () => number | null;
}

declare global {
  var dangolProbe: Probe;
}

interface Ear {
  analyser: AnalyserNode;
  samples: Float32Array<ArrayBuffer>;
  firstSoundAt: number | null;
}

const SILENCE = 0.003;

function installProbe(): void {
  const Original = globalThis.RTCPeerConnection;
  const connections: RTCPeerConnection[] = [];
  let context: AudioContext | null = null;
  let ear: Ear | null = null;
  const ears: Ear[] = [];
  let lastKeyAt: number | null = null;

  globalThis.addEventListener(
    'keydown',
    (event) => {
      lastKeyAt = event.timeStamp;
    },
    { capture: true },
  );

  const listenTo = (track: MediaStreamTrack) => {
    context ??= new AudioContext();
    void context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 4096;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const mine: Ear = { analyser, samples: new Float32Array(analyser.fftSize), firstSoundAt: null };
    ear = mine;
    ears.push(mine);
    const wait = () => {
      if (ear !== mine || track.readyState === 'ended') return;
      if (level(mine) > SILENCE) mine.firstSoundAt = performance.now();
      else setTimeout(wait, 2);
    };
    wait();
  };

  globalThis.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
      this.addEventListener('track', (event) => {
        if (event.track.kind === 'audio') listenTo(event.track);
      });
    }
  };

  const heard = (hz: number): Heard => {
    if (!ear || !context) return { share: 0, level: 0 };
    const loud = level(ear);
    return { share: shareOf(hz, Float64Array.from(ear.samples), context.sampleRate), level: loud };
  };
  globalThis.dangolProbe = {
    heard,
    hears: (hz, withinMs) => until(withinMs, 1, () => heard(hz).share > 0.6),
    hearsAll: async (nth, wanted, withinMs) => {
      const missing = new Set(wanted);
      return until(withinMs, 1, () => {
        const one = ears[nth];
        if (!one || !context) return false;
        level(one);
        for (const hz of missing) {
          if (shareOf(hz, Float64Array.from(one.samples), context.sampleRate) > 0.15) missing.delete(hz);
        }
        return missing.size === 0;
      });
    },
    silent: (withinMs) => until(withinMs, 10, () => heard(0).level < SILENCE),
    openConnections: () => connections.filter((connection) => connection.connectionState !== 'closed').length,
    firstSoundAt: () => ear?.firstSoundAt ?? null,
    lastKeyAt: () => lastKeyAt,
  };
}

function level({ analyser, samples }: Ear): number {
  analyser.getFloatTimeDomainData(samples);
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** Looks every 50 ms, until `times` looks in a row were true. */
async function until(withinMs: number, times: number, look: () => boolean): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (let inARow = 0; performance.now() < deadline; ) {
    inARow = look() ? inARow + 1 : 0;
    if (inARow >= times) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

installProbe();
