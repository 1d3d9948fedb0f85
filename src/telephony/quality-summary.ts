import type { CallQuality, Culprit } from '../shared/call-quality.ts';
import type { Judgement } from './quality.ts';

/** A call's judgements, added up. */
export interface Tally {
  samples: number;
  mosSum: number;
  mosMin: number;
  lossInSum: number;
  lossOutSum: number;
  roundTripSum: number;
  roundTrips: number;
  /** Samples in which one direction was cut. */
  cut: number;
  /** Samples without a sound of the customer since the answer: only at the end is it known whether they merely listened. */
  neverHeard: number;
  blamed: Readonly<Record<Culprit, number>>;
}

const NOTHING: Tally = {
  samples: 0,
  mosSum: 0,
  mosMin: 5,
  lossInSum: 0,
  lossOutSum: 0,
  roundTripSum: 0,
  roundTrips: 0,
  cut: 0,
  neverHeard: 0,
  blamed: { headset: 0, network: 0, trunk: 0 },
};

/** @param tally null: the first one. A new object; the old one stays. */
export function addJudgement(tally: Tally | null, judgement: Judgement): Tally {
  const { samples, mosSum, mosMin, lossInSum, lossOutSum, roundTripSum, roundTrips, cut, blamed } = tally ?? NOTHING;
  const { mos, roundTripMs, culprit, silence } = judgement;
  const waits = silence === 'far_silent';
  return {
    samples: samples + 1,
    mosSum: mosSum + mos,
    mosMin: Math.min(mosMin, mos),
    lossInSum: lossInSum + (judgement.in.loss ?? 0),
    lossOutSum: lossOutSum + (judgement.out.loss ?? 0),
    roundTripSum: roundTripSum + (roundTripMs ?? 0),
    roundTrips: roundTrips + (roundTripMs === null ? 0 : 1),
    cut: cut + (silence === 'none' || waits ? 0 : 1),
    neverHeard: waits ? (tally?.neverHeard ?? 0) + 1 : 0,
    blamed: culprit && !waits ? { ...blamed, [culprit]: blamed[culprit] + 1 } : blamed,
  };
}

/** A single one may be the moment of an end or of a change of path. */
const CUT_SAMPLES = 2;

/** What is kept with the interaction. */
export function summaryOf(tally: Tally): CallQuality {
  const { samples, neverHeard } = tally;
  const blamed = { ...tally.blamed, trunk: tally.blamed.trunk + neverHeard };
  const [worst] = (Object.entries(blamed) as [Culprit, number][]).toSorted(([, a], [, b]) => b - a);
  return {
    mosMean: round(tally.mosSum / samples, 2),
    mosMin: round(tally.mosMin, 2),
    lossIn: round(tally.lossInSum / samples, 4),
    lossOut: round(tally.lossOutSum / samples, 4),
    roundTripMs: tally.roundTrips > 0 ? Math.min(60_000, Math.round(tally.roundTripSum / tally.roundTrips)) : null,
    culprit: worst && worst[1] > 0 ? worst[0] : null,
    oneWay: tally.cut + neverHeard >= CUT_SAMPLES,
    samples,
  };
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));
