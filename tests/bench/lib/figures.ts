/** One measured figure beside what it should hold. Printed as a JSON line for scripts/bench.mjs. */
export interface Figure {
  name: string;
  value: number;
  unit: 'ms' | 'us' | 'ratio' | 'rows/s' | 'MB' | 'count';
  /** The figure to hold; null: reported for comparison only. */
  atMost: number | null;
  note?: string;
}

/** The p-th percentile (0..1) of samples, nearest rank. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? Number.NaN;
}

export function report(figure: Figure): void {
  process.stdout.write(`${JSON.stringify({ figure })}\n`);
}

/** Median and p95 of samples as two figures. */
export function reportSpread(
  name: string,
  samples: readonly number[],
  goal: { p50?: number; p95?: number; note?: string } = {},
): { p50: number; p95: number } {
  const p50 = percentile(samples, 0.5);
  const p95 = percentile(samples, 0.95);
  const note = `${samples.length} samples${goal.note ? `, ${goal.note}` : ''}`;
  report({ name: `${name}, p50`, value: p50, unit: 'ms', atMost: goal.p50 ?? null, note });
  report({ name: `${name}, p95`, value: p95, unit: 'ms', atMost: goal.p95 ?? null, note });
  return { p50, p95 };
}
