import { FRAME_BYTES, FRAME_MS, levelOf, SILENCE, silentFrame } from './ulaw.ts';

/** A line with its sound (mu-law, 8 kHz). */
interface SpokenLine {
  sound: Uint8Array;
  waitMs: number;
}

export interface SpeakerOptions {
  lines: readonly SpokenLine[];
  /** After the last line: hang up so much later, or (null) never. */
  hangUpAfterMs: number | null;
}

/** The simulated person on the line: called once every 20 ms, keeps no clock of its own. */
export interface Speaker {
  /** The agent was heard: 20 ms of mu-law. */
  hear: (frame: Uint8Array) => void;
  /** The next 20 ms to send, or 'hang-up'. While `held`, the person waits in silence. */
  next: (held: boolean) => Uint8Array | 'hang-up';
  /** How many lines were begun. */
  said: () => number;
}

/** Louder than this is speech; a quiet headset microphone rests near -55. */
const SPEECH_LEVEL = -42;
/** So long must the agent pause before the caller takes the turn. */
const TURN_FRAMES = 700 / FRAME_MS;
/** Who talks and talks is interrupted so long after the line was due; a greeting gets less patience than an explanation. */
const GREETING_MS = 2500;
const EXPLANATION_MS = 10_000;

/**
 *   wait --(time is up, agent silent | agent spoke and paused)--> speak --(sound ends)--> wait | over
 */
export function createSpeaker(options: SpeakerOptions): Speaker {
  let line = 0;
  let position: number | null = null;
  let waited = 0;
  let silentFor = TURN_FRAMES;
  let agentSpoke = false;

  const mayBegin = (waitMs: number): boolean => {
    const due = waited * FRAME_MS >= waitMs;
    const paused = silentFor >= TURN_FRAMES;
    const patience = line === 0 ? GREETING_MS : EXPLANATION_MS;
    return (due && paused) || (agentSpoke && paused) || waited * FRAME_MS >= waitMs + patience;
  };
  const rest = () => {
    position = null;
    waited = 0;
    agentSpoke = false;
  };
  const speak = (sound: Uint8Array, from: number): Uint8Array => {
    const frame = new Uint8Array(FRAME_BYTES).fill(SILENCE);
    frame.set(sound.subarray(from, from + FRAME_BYTES));
    position = from + FRAME_BYTES;
    if (position >= sound.length) {
      line += 1;
      rest();
    }
    return frame;
  };
  return {
    said: () => line + (position === null ? 0 : 1),
    hear: (frame) => {
      if (levelOf(frame) < SPEECH_LEVEL) {
        silentFor += 1;
        return;
      }
      silentFor = 0;
      if (position === null) agentSpoke = true;
    },
    next: (held) => {
      if (held) return silentFrame();
      waited += 1;
      const current = options.lines[line];
      if (!current) {
        const over = options.hangUpAfterMs !== null && waited * FRAME_MS >= options.hangUpAfterMs;
        return over && silentFor >= TURN_FRAMES ? 'hang-up' : silentFrame();
      }
      if (position !== null) return speak(current.sound, position);
      return mayBegin(current.waitMs) ? speak(current.sound, 0) : silentFrame();
    },
  };
}

/** Says back what it hears: for the echo test number. */
export function createEcho(): Speaker {
  const heard: Uint8Array[] = [];
  return {
    said: () => 0,
    hear: (frame) => {
      if (frame.length === FRAME_BYTES) heard.push(frame);
      if (heard.length > 50) heard.shift();
    },
    next: (held) => (held ? silentFrame() : (heard.shift() ?? silentFrame())),
  };
}
