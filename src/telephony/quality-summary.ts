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
  oneWay: boolean;
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
  oneWay: false,
  blamed: { headset: 0, network: 0, trunk: 0 },
};

/** @param tally null: the first one. A new object; the old one stays. */
export function addJudgement(tally: Tally | null, judgement: Judgement): Tally {
  const { samples, mosSum, mosMin, lossInSum, lossOutSum, roundTripSum, roundTrips, oneWay, blamed } = tally ?? NOTHING;
  const { mos, roundTripMs, culprit } = judgement;
  return {
    samples: samples + 1,
    mosSum: mosSum + mos,
    mosMin: Math.min(mosMin, mos),
    lossInSum: lossInSum + (judgement.in.loss ?? 0),
    lossOutSum: lossOutSum + (judgement.out.loss ?? 0),
    roundTripSum: roundTripSum + (roundTripMs ?? 0),
    roundTrips: roundTrips + (roundTripMs === null ? 0 : 1),
    oneWay: oneWay || judgement.silence !== 'none',
    blamed: culprit ? { ...blamed, [culprit]: blamed[culprit] + 1 } : blamed,
  };
}

/** What is kept with the interaction. */
export function summaryOf(tally: Tally): CallQuality {
  const { samples, blamed } = tally;
  const [worst] = (Object.entries(blamed) as [Culprit, number][]).toSorted(([, a], [, b]) => b - a);
  return {
    mosMean: round(tally.mosSum / samples, 2),
    mosMin: round(tally.mosMin, 2),
    lossIn: round(tally.lossInSum / samples, 4),
    lossOut: round(tally.lossOutSum / samples, 4),
    roundTripMs: tally.roundTrips > 0 ? Math.min(60_000, Math.round(tally.roundTripSum / tally.roundTrips)) : null,
    culprit: worst && worst[1] > 0 ? worst[0] : null,
    oneWay: tally.oneWay,
    samples,
  };
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));
