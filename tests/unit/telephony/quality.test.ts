import { describe, expect, test } from 'vitest';
import { CallQuality } from '../../../src/shared/call-quality.ts';
import { gradeOf, judge, mosOf } from '../../../src/telephony/quality.ts';
import { type AudioSample, readSample } from '../../../src/telephony/quality-sample.ts';
import { addJudgement, summaryOf, type Tally } from '../../../src/telephony/quality-summary.ts';

/** The same numbers in every run: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A healthy call after `seconds`: 50 packets a second each way, speech on both sides. */
function healthy(seconds: number): AudioSample {
  return {
    at: 1_000 + seconds * 1000,
    received: {
      packets: seconds * 50,
      lost: 0,
      jitterMs: 3,
      concealed: 0,
      samples: seconds * 48_000,
      energy: seconds * 0.01,
      seconds,
      bufferSeconds: seconds * 48_000 * 0.04,
      bufferEmitted: seconds * 48_000,
    },
    sent: { packets: seconds * 50 },
    microphone: { energy: seconds * 0.01, seconds },
    report: { loss: 0, jitterMs: 2, roundTripMs: 20 },
    farSent: seconds * 50,
    path: { roundTripMs: 20, responses: Math.floor(seconds / 2) },
  };
}

type Change = (sample: AudioSample) => AudioSample;
const received = (part: (now: NonNullable<AudioSample['received']>) => object): Change => {
  return (sample) => ({ ...sample, received: sample.received && { ...sample.received, ...part(sample.received) } });
};
/** Healthy for 4 s, then one more interval that is changed. */
const then = (...changes: Change[]): AudioSample[] => [
  healthy(2),
  healthy(4),
  changes.reduce((sample, change) => change(sample), healthy(6)),
];
const open = { muted: false, parked: false };

describe('the score', () => {
  test('is that of the E-model: 4.41 without any impairment, and 4.5 at the most', () => {
    expect(mosOf(0, 0)).toBeCloseTo(4.41, 2);
    // By hand: Ie,eff = 95 * 5 / 30.1 = 15.78, R = 77.42.
    expect(mosOf(0.05, 0)).toBeCloseTo(3.92, 2);
    expect(gradeOf(mosOf(0, 100))).toBe('good');
  });

  test('grows nowhere with more loss or more delay, and stays between 1 and 4.5 (10,000 seeded pairs)', () => {
    const random = seeded(20_261_123);
    for (let i = 0; i < 10_000; i += 1) {
      const loss = random();
      const delay = random() * 2_000;
      const mos = mosOf(loss, delay);
      expect(mos).toBeGreaterThanOrEqual(1);
      expect(mos).toBeLessThanOrEqual(4.5);
      expect(mosOf(Math.min(1, loss + random() * 0.1), delay)).toBeLessThanOrEqual(mos + 1e-9);
      expect(mosOf(loss, delay + random() * 100)).toBeLessThanOrEqual(mos + 1e-9);
    }
  });
});

describe('the judgement', () => {
  test('needs two samples', () => {
    expect(judge([], open)).toBeNull();
    expect(judge([healthy(2)], open)).toBeNull();
  });

  test('of a healthy call: good, nobody to blame', () => {
    expect(judge(then(), open)).toMatchObject({ grade: 'good', silence: 'none', culprit: null, roundTripMs: 20 });
  });

  test.each<[string, AudioSample[], object]>([
    [
      'loss on the way here',
      then(received(() => ({ lost: 12, packets: 288 }))),
      { culprit: 'network', silence: 'none' },
    ],
    [
      'loss on the way there',
      then((s) => ({ ...s, report: { loss: 0.12, jitterMs: 2, roundTripMs: 20 } })),
      { culprit: 'network' },
    ],
    ['a long way', then((s) => ({ ...s, report: { loss: 0, jitterMs: 2, roundTripMs: 700 } })), { culprit: 'network' }],
    ['gaps although every packet came in time', then(received(() => ({ concealed: 20_000 }))), { culprit: 'headset' }],
    [
      'a microphone that gives nothing',
      then((s) => ({ ...s, microphone: { energy: 0.04, seconds: 6 } })),
      { silence: 'microphone_silent', culprit: 'headset', grade: 'bad' },
    ],
    [
      'no microphone at all',
      then((s) => ({ ...s, microphone: null })),
      { silence: 'microphone_silent', culprit: 'headset' },
    ],
    [
      'nothing leaves this machine',
      then((s) => ({ ...s, sent: { packets: 200 } })),
      { silence: 'nothing_leaves', culprit: 'headset' },
    ],
    [
      'the PBX gets nothing of what leaves',
      then((s) => ({ ...s, report: { loss: 1, jitterMs: 0, roundTripMs: 20 } })),
      { silence: 'nothing_leaves', culprit: 'network' },
    ],
    [
      'nothing arrives, the PBX answers',
      then(
        received(() => ({ packets: 200, energy: 0.04, seconds: 4 })),
        (s) => ({ ...s, farSent: 200 }),
      ),
      { silence: 'nothing_arrives', culprit: 'trunk', in: { mos: 1 } },
    ],
    [
      'nothing arrives although the PBX says it sends',
      then(received(() => ({ packets: 200 }))),
      { silence: 'nothing_arrives', culprit: 'network' },
    ],
    [
      'nothing arrives, no answer',
      then(
        received(() => ({ packets: 200 })),
        (s) => ({ ...s, farSent: 200, path: { roundTripMs: 20, responses: 2 } }),
      ),
      { silence: 'nothing_arrives', culprit: 'network' },
    ],
  ])('%s', (_name, samples, expected) => {
    expect(judge(samples, open)).toMatchObject(expected);
  });

  test('a customer who has spoken may be silent; one who never has is one-way audio after 4 s', () => {
    const still = received((now) => ({ energy: 0.02, seconds: now.seconds }));
    expect(judge([healthy(2), ...then().slice(1).map(still)], open)?.silence).toBe('none');
    const never = then().map(received(() => ({ energy: 0 })));
    expect(judge(never.slice(0, 2), open)?.silence).toBe('none');
    expect(judge(never, open)).toMatchObject({ silence: 'far_silent', culprit: 'trunk' });
  });

  test('muted or on hold is silent on purpose', () => {
    const mute: Change = (sample) => ({ ...sample, microphone: { energy: 0.04, seconds: 6 } });
    expect(judge(then(mute), { muted: true, parked: false })?.silence).toBe('none');
    expect(judge(then(received(() => ({ packets: 200 }))), { muted: false, parked: true })?.silence).toBe('none');
  });

  test('another track in between (counters that fall) is not taken for silence', () => {
    const other: Change = (sample) => ({ ...sample, microphone: { energy: 0.001, seconds: 0.5 } });
    expect(judge(then(other), open)?.silence).toBe('none');
  });
});

describe('what browsers say', () => {
  const stats = new Map<string, unknown>([
    [
      'I',
      {
        type: 'inbound-rtp',
        kind: 'audio',
        packetsReceived: 100,
        packetsLost: 2,
        jitter: 0.004,
        concealedSamples: 50,
        silentConcealedSamples: 20,
        totalSamplesReceived: 96_000,
        totalAudioEnergy: 0.5,
        totalSamplesDuration: 2,
        jitterBufferDelay: 3_840,
        jitterBufferEmittedCount: 96_000,
      },
    ],
    ['O', { type: 'outbound-rtp', kind: 'audio', packetsSent: 101, mediaSourceId: 'M' }],
    ['M', { type: 'media-source', id: 'M', totalAudioEnergy: 0.2, totalSamplesDuration: 2 }],
    ['R', { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.01, jitter: 0.002, roundTripTime: 0.03 }],
    ['T', { type: 'transport', selectedCandidatePairId: 'P' }],
    ['P', { type: 'candidate-pair', id: 'P', currentRoundTripTime: 0.025, responsesReceived: 4 }],
  ]);

  test('is read in milliseconds and shares', () => {
    expect(readSample(stats, 5)).toEqual({
      at: 5,
      received: {
        packets: 100,
        lost: 2,
        jitterMs: 4,
        concealed: 30,
        samples: 96_000,
        energy: 0.5,
        seconds: 2,
        bufferSeconds: 3_840,
        bufferEmitted: 96_000,
      },
      sent: { packets: 101 },
      microphone: { energy: 0.2, seconds: 2 },
      report: { loss: 0.01, jitterMs: 2, roundTripMs: 30 },
      farSent: null,
      path: { roundTripMs: 25, responses: 4 },
    });
  });

  test('garbage and gaps never throw and never give a score outside 1 to 4.5; what is kept fits (2,000 seeds)', () => {
    const random = seeded(7);
    const value = () =>
      [undefined, null, Number.NaN, -1, 'x', random() * 1e6, Math.floor(random() * 500)][Math.floor(random() * 7)];
    const fields = [...stats.values()].flatMap((stat) => Object.keys(stat as object));
    const garbled = () =>
      readSample(
        [...stats.values()]
          .filter(() => random() > 0.1)
          .map((stat) => {
            const changed: Record<string, unknown> = { ...(stat as object) };
            for (const field of fields)
              if (field !== 'type' && field !== 'id' && random() > 0.7) changed[field] = value();
            return changed;
          }),
        random() * 1e6,
      );
    let tally: Tally | null = null;
    for (let seed = 0; seed < 2_000; seed += 1) {
      const judgement = judge([garbled(), garbled(), garbled()], { muted: random() > 0.5, parked: random() > 0.8 });
      if (!judgement) throw new Error('two samples are enough');
      expect(judgement.mos).toBeGreaterThanOrEqual(1);
      expect(judgement.mos).toBeLessThanOrEqual(4.5);
      tally = addJudgement(tally, judgement);
      expect(CallQuality.safeParse(summaryOf(tally)).success).toBe(true);
    }
  });
});

test('what is kept with the call: mean, worst, and what was wrong longest', () => {
  const bad = judge(
    then((s) => ({ ...s, report: { loss: 0.2, jitterMs: 2, roundTripMs: 20 } })),
    open,
  );
  const good = judge(then(), open);
  if (!bad || !good) throw new Error('judged');
  const tally = [good, bad, bad, good].reduce<Tally | null>(addJudgement, null);
  expect(tally && summaryOf(tally)).toMatchObject({
    samples: 4,
    lossOut: 0.1,
    lossIn: 0,
    culprit: 'network',
    oneWay: false,
    roundTripMs: 20,
  });
});

test('a customer who listens first leaves no mark on the call; one who was never heard does', () => {
  const silent = judge(then().map(received(() => ({ energy: 0 }))), open);
  const good = judge(then(), open);
  const cut = judge(then(received(() => ({ packets: 200 }))), open);
  if (!silent || !good || !cut) throw new Error('judged');
  const kept = (...judgements: (typeof good)[]) => {
    const tally = judgements.reduce<Tally | null>(addJudgement, null);
    return tally && summaryOf(tally);
  };
  expect(kept(silent, silent, good)).toMatchObject({ oneWay: false, culprit: null });
  expect(kept(silent, silent)).toMatchObject({ oneWay: true, culprit: 'trunk' });
  expect(kept(good, cut, good)).toMatchObject({ oneWay: false, culprit: 'network' });
  expect(kept(good, cut, cut)).toMatchObject({ oneWay: true, culprit: 'network' });
});
