import fc from 'fast-check';

/**
 * Properties are tried with the same cases in every run: a change is then the only thing that can make one fail.
 * `DANGOL_PROPERTY_SEED=random` (or a number) and `DANGOL_PROPERTY_RUNS=20000` look further.
 */
const seed = process.env.DANGOL_PROPERTY_SEED ?? '20260';
const numRuns = Number(process.env.DANGOL_PROPERTY_RUNS ?? 0);
fc.configureGlobal({
  ...(seed === 'random' ? {} : { seed: Number(seed) }),
  ...(numRuns > 0 ? { numRuns } : {}),
});
