// The pop: INVITE's WebSocket frame to paint A (who calls) and paint B (the customer's screen), presented, on a desk with
// 100,000 cached customers; the bare page in the same run is the baseline.
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, chromium } from '@playwright/test';
import { measureBarePage } from './lib/bare-baseline.ts';
import { percentile, report, reportSpread } from './lib/figures.ts';
import { sinceInvite } from './lib/frame-clock.ts';
import { prepareUsedDesk, type UsedDesk } from './lib/used-desk.ts';

const CUSTOMERS = Number(process.env.DANGOL_BENCH_CUSTOMERS ?? 100_000);
const CALLS = 50;
/** The first call of one start is one sample: so many starts. */
const STARTS = 7;
/** A call every second or so, as a busy desk: the page is at rest when the next one rings. */
const REST_MS = 400;
/** Nobody is called in the second in which the desk opens: sign-in, registration and becoming Ready take longer. */
const OPENED_MS = 1500;

async function measureStart(used: UsedDesk, browser: Browser, calls: number): Promise<{ a: number[]; b: number[] }> {
  const { page, close } = await used.open(browser);
  try {
    const a: number[] = [];
    const b: number[] = [];
    await pause(OPENED_MS);
    for (let index = 0; index < calls; index += 1) {
      await pause(REST_MS);
      const call = await used.sender.ring(used.numberOf(index));
      a.push(await sinceInvite(page, 'paint-a'));
      b.push(await sinceInvite(page, 'paint-b'));
      await used.sender.takeBack(call);
    }
    return { a, b };
  } finally {
    await close();
  }
}

const browser = await chromium.launch({
  executablePath: process.env.DANGOL_CHROMIUM || '/usr/bin/chromium',
  args: [
    ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    ...['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
  ],
});
try {
  const [, ...bare] = await measureBarePage(browser, CALLS);
  const base = reportSpread('Bare page: INVITE frame to paint', bare);
  const used = await prepareUsedDesk(CUSTOMERS);
  const firstA: number[] = [];
  const firstB: number[] = [];
  const laterA: number[] = [];
  const laterB: number[] = [];
  try {
    for (let start = 0; start < STARTS; start += 1) {
      const { a, b } = await measureStart(used, browser, start === 0 ? CALLS : 1);
      firstA.push(...a.splice(0, 1));
      firstB.push(...b.splice(0, 1));
      laterA.push(...a);
      laterB.push(...b);
    }
  } finally {
    await used.remove();
  }
  const paintA = reportSpread('Paint A: number, queue, answer key', laterA, { p95: 30 });
  const paintB = reportSpread(`Paint B: the customer, of ${CUSTOMERS} cached`, laterB, { p95: 60 });
  const ratio = (name: string, value: number) => report({ name, value, unit: 'ratio', atMost: null });
  ratio('Paint A against the bare page (medians)', paintA.p50 / base.p50);
  ratio('Paint B against the bare page (medians)', paintB.p50 / base.p50);
  const first = (name: string, firsts: number[], later: { p50: number }) =>
    report({
      name: `First call after start, ${name} (median)`,
      value: percentile(firsts, 0.5),
      unit: 'ms',
      atMost: Math.round(2 * later.p50),
      note: `${firsts.length} starts: ${firsts.map(Math.round).join(', ')}; goal: twice the median of the later ones`,
    });
  first('paint A', firstA, paintA);
  first('paint B', firstB, paintB);
} finally {
  await browser.close();
}
