import { z } from 'zod';

/** Whose fault bad audio is: the headset or this machine, the way to the PBX, or what lies behind the PBX. */
export const Culprit = z.enum(['headset', 'network', 'trunk']);
export type Culprit = z.infer<typeof Culprit>;

/** How well a call was heard, kept with its interaction. Made from the statistics of its audio, a sample every 2 s. */
export const CallQuality = z.object({
  /** Of the worse direction of each sample: 1 (bad) to 4.5 (as good as a telephone gets); ITU-T G.107. */
  mosMean: z.number().min(1).max(5),
  mosMin: z.number().min(1).max(5),
  /** Share of packets lost, 0 to 1: on the way here, on the way there. */
  lossIn: z.number().min(0).max(1),
  lossOut: z.number().min(0).max(1),
  /** null: the PBX sent no reports. */
  roundTripMs: z.number().min(0).max(60_000).nullable(),
  /** What was wrong longest; null where nothing was. */
  culprit: Culprit.nullable(),
  /** One side heard nothing for 4 s or more, or the customer was never heard at all. */
  oneWay: z.boolean(),
  samples: z.int().min(1).max(100_000),
});
export type CallQuality = z.infer<typeof CallQuality>;
