import type { Culprit } from '../shared/call-quality.ts';
import type { AudioSample } from './quality-sample.ts';

/** What is wrong in one direction altogether. `far_silent`: packets come, and there has never been a sound in them. */
export type Silence = 'none' | 'nothing_arrives' | 'far_silent' | 'microphone_silent' | 'nothing_leaves';
export type Grade = 'good' | 'fair' | 'poor' | 'bad';

/** One direction during the last interval. null: the PBX told nothing of it (no RTCP reports, RFC 3550 section 6.4). */
export interface Way {
  /** 0 to 1. */
  loss: number | null;
  jitterMs: number | null;
  /** Mean opinion score, 1 to 4.5. */
  mos: number | null;
}

export interface Judgement {
  /** Epoch ms of the newest sample. */
  at: number;
  in: Way;
  out: Way;
  roundTripMs: number | null;
  /** Of the worse direction. */
  mos: number;
  grade: Grade;
  silence: Silence;
  /** Named only where something is wrong. */
  culprit: Culprit | null;
}

/** Below these the ear has nothing: a live microphone is never this still, nor is a line that somebody breathes on. */
const MICROPHONE_SILENT = 1e-5;
const FAR_SILENT = 1e-4;
/** As much as one short word. */
const HEARD_ONCE = 1e-4;
/** A customer who waits for the greeting is silent, too: 4 s of the whole call without any sound. */
const FAR_SILENT_SAMPLES = 3;

/**
 * Judges a call by its latest samples, oldest first; the last two are the interval that is judged. Pure.
 * @param state what the agent asked for: a muted or parked call is silent on purpose.
 * @returns null while there are fewer than two samples.
 */
export function judge(samples: readonly AudioSample[], state: { muted: boolean; parked: boolean }): Judgement | null {
  const now = samples.at(-1);
  const before = samples.at(-2);
  if (!now || !before) return null;
  const step = stepOf(before, now);
  const silence = state.parked ? 'none' : silenceOf(samples, step, state.muted);
  const roundTripMs = now.report?.roundTripMs ?? now.path?.roundTripMs ?? null;
  const incoming = wayIn(step, now, roundTripMs, silence);
  const outgoing = wayOut(now, roundTripMs);
  const mos = Math.min(incoming.mos ?? 4.5, outgoing.mos ?? 4.5);
  const grade = silence === 'none' ? gradeOf(mos) : 'bad';
  const culprit =
    silence === 'none' ? culpritOf(grade, step, incoming, outgoing, roundTripMs) : culpritOfSilence(silence, samples);
  return { at: now.at, in: incoming, out: outgoing, roundTripMs, mos, grade, silence, culprit };
}

/**
 * Mean opinion score of one direction by the E-model, ITU-T G.107 (06/2015), simplified: R = 93.2 - Id - Ie,eff with the
 * delay impairment Id of Cole and Rosenbluth (2001) and Ie,eff for random loss (G.107, 7-29) with the values of G.711 with
 * concealment from G.113 Appendix I (Ie 0, Bpl 25.1), which also stand in for Opus. MOS from R: G.107 Annex B.
 * @param loss 0 to 1. @param delayMs mouth to ear, one way.
 */
export function mosOf(loss: number, delayMs: number): number {
  const delayImpairment = 0.024 * delayMs + (delayMs > 177.3 ? 0.11 * (delayMs - 177.3) : 0);
  const percent = Math.min(1, Math.max(0, loss)) * 100;
  const lossImpairment = (95 * percent) / (percent + 25.1);
  const rating = Math.min(100, Math.max(0, 93.2 - delayImpairment - lossImpairment));
  const score = 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6;
  return Math.min(4.5, Math.max(1, score));
}

/** G.107 Annex B: users satisfied from 4.03, some dissatisfied from 3.6, many from 3.1. */
export function gradeOf(mos: number): Grade {
  if (mos >= 4.03) return 'good';
  if (mos >= 3.6) return 'fair';
  return mos >= 3.1 ? 'poor' : 'bad';
}

interface Step {
  received: number;
  lost: number;
  /** Share of what was played that had to be made up, silence left out. */
  concealed: number;
  /** Root mean square, 1 is full scale; null: not known, the track is another one. */
  farLevel: number | null;
  microphoneLevel: number | null;
  sent: number;
  bufferMs: number;
}

function stepOf(before: AudioSample, now: AudioSample): Step {
  const was = before.received;
  const is = now.received;
  const emitted = (is?.bufferEmitted ?? 0) - (was?.bufferEmitted ?? 0);
  return {
    received: (is?.packets ?? 0) - (was?.packets ?? 0),
    lost: Math.max(0, (is?.lost ?? 0) - (was?.lost ?? 0)),
    concealed: share((is?.concealed ?? 0) - (was?.concealed ?? 0), (is?.samples ?? 0) - (was?.samples ?? 0)),
    farLevel: levelOf(was, is),
    microphoneLevel: levelOf(before.microphone, now.microphone),
    sent: (now.sent?.packets ?? 0) - (before.sent?.packets ?? 0),
    bufferMs: emitted > 0 ? (((is?.bufferSeconds ?? 0) - (was?.bufferSeconds ?? 0)) / emitted) * 1000 : 40,
  };
}

function levelOf(
  was: { energy: number; seconds: number } | null,
  is: { energy: number; seconds: number } | null,
): number | null {
  if (!was || !is) return null;
  const seconds = is.seconds - was.seconds;
  return seconds > 0 && is.energy >= was.energy ? Math.sqrt((is.energy - was.energy) / seconds) : null;
}

const share = (part: number, whole: number) => (whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0);

function silenceOf(samples: readonly AudioSample[], step: Step, muted: boolean): Silence {
  const now = samples.at(-1);
  if (now?.received && step.received === 0) return 'nothing_arrives';
  if (!muted) {
    if (now?.microphone === null || (step.microphoneLevel ?? 1) < MICROPHONE_SILENT) return 'microphone_silent';
    if (step.sent === 0 || (now?.report?.loss ?? 0) >= 0.9) return 'nothing_leaves';
  }
  const long = samples.length >= FAR_SILENT_SAMPLES;
  if (long && (step.farLevel ?? 1) < FAR_SILENT && (now?.received?.energy ?? 1) < HEARD_ONCE) return 'far_silent';
  return 'none';
}

function culpritOfSilence(silence: Silence, samples: readonly AudioSample[]): Culprit {
  switch (silence) {
    case 'nothing_arrives':
      return pathAnswers(samples) ? 'trunk' : 'network';
    case 'far_silent':
      return 'trunk';
    case 'nothing_leaves':
      return (samples.at(-1)?.report?.loss ?? 0) >= 0.9 ? 'network' : 'headset';
    default:
      return 'headset';
  }
}

/**
 * Whether the PBX answered our connectivity checks (RFC 7675) while no packet of the customer came, and does not say that
 * it sent some (RFC 3550, sender reports): then the way to it is open, and what is missing is missing behind it.
 */
function pathAnswers(samples: readonly AudioSample[]): boolean {
  for (let i = samples.length - 1; i > 0; i -= 1) {
    const now = samples[i];
    const before = samples[i - 1];
    if (!now || !before || now.received?.packets !== before.received?.packets) return false;
    if ((now.farSent ?? 0) > (before.farSent ?? 0)) return false;
    if ((now.path?.responses ?? 0) > (before.path?.responses ?? 0)) return true;
  }
  return false;
}

function wayIn(step: Step, now: AudioSample, roundTripMs: number | null, silence: Silence): Way {
  const jitterMs = now.received?.jitterMs ?? null;
  if (!now.received) return { loss: null, jitterMs, mos: null };
  if (silence === 'nothing_arrives') return { loss: 1, jitterMs, mos: 1 };
  const loss = share(step.lost, step.received + step.lost);
  const mos = mosOf(Math.max(loss, step.concealed), (roundTripMs ?? 0) / 2 + step.bufferMs + PACKET_MS);
  return { loss, jitterMs, mos };
}

/** Time that a packet of audio takes to be spoken. */
const PACKET_MS = 20;

function wayOut({ report }: AudioSample, roundTripMs: number | null): Way {
  if (!report) return { loss: null, jitterMs: null, mos: null };
  const { loss, jitterMs } = report;
  if (loss === null) return { loss, jitterMs, mos: null };
  // The other side's buffer is not told; one that fits its jitter holds about two of it.
  const bufferMs = Math.max(40, 2 * (jitterMs ?? 0));
  return { loss, jitterMs, mos: mosOf(loss, (roundTripMs ?? 0) / 2 + bufferMs + PACKET_MS) };
}

const BAD_LOSS = 0.02;
const BAD_JITTER_MS = 30;
const BAD_ROUND_TRIP_MS = 400;
const BAD_CONCEALMENT = 0.03;

function culpritOf(grade: Grade, step: Step, incoming: Way, outgoing: Way, roundTripMs: number | null): Culprit | null {
  if (grade === 'good') return null;
  const ways = [incoming, outgoing];
  const bad = ways.some(({ loss, jitterMs }) => (loss ?? 0) >= BAD_LOSS || (jitterMs ?? 0) >= BAD_JITTER_MS);
  if (bad || (roundTripMs ?? 0) >= BAD_ROUND_TRIP_MS) return 'network';
  // Everything came, in time, and still there was nothing to play: this machine or its headset did not keep up.
  return step.concealed >= BAD_CONCEALMENT ? 'headset' : null;
}
