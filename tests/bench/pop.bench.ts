// The pop: INVITE's WebSocket frame to paint A (who calls) and paint B (the customer's screen), presented, on a desk with
// 100,000 cached customers; the bare page in the same run is the baseline.
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, chromium } from '@playwright/test';
import { openStore } from '../../src/main/db/open.ts';
import { startDesk } from '../fakes/call-centre.ts';
import { temporaryFolder } from '../fakes/desk.ts';
import { startHttpCentre } from '../fakes/http-centre.ts';
import { measureBarePage } from './lib/bare-baseline.ts';
import { percentile, report, reportSpread } from './lib/figures.ts';
import { CALLERS, fillCache } from './lib/fill-cache.ts';
import { addFrameClock, sinceInvite } from './lib/frame-clock.ts';
import { startInviteSender } from './lib/invite-sender.ts';

const CUSTOMERS = Number(process.env.DANGOL_BENCH_CUSTOMERS ?? 100_000);
const CALLS = 50;
/** A call every second or so, as a busy desk: the page is at rest when the next one rings. */
const REST_MS = 400;

async function measureDesk(browser: Browser): Promise<{ a: number[]; b: number[] }> {
  const { folder, remove } = temporaryFolder();
  const centre = await startHttpCentre(Date.now);
  const sender = await startInviteSender();
  centre.config = { ...centre.config, sip: sender.account, wrapUpSeconds: 0 };
  // The first start loads the few rows of the centre; then the folder is filled as a long-used desk's would be.
  const first = await startDesk(centre.url, folder, {});
  while (!centre.requests.includes('/v1/sync/changes')) await pause(50);
  await first.stop();
  const store = openStore({ folder, dataKey: null, mayUseKeyFile: true, now: Date.now, log: () => {} });
  fillCache(store.cache, CUSTOMERS);
  store.close();
  const desk = await startDesk(centre.url, folder, {});
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  try {
    await addFrameClock(page);
    await page.goto(desk.url);
    await page.locator('textarea').first().waitFor();
    await page.keyboard.press('Shift');
    await sender.registered();
    const a: number[] = [];
    const b: number[] = [];
    for (let index = 0; index < CALLS; index += 1) {
      await pause(REST_MS);
      const call = await sender.ring(`010${String((index * CALLERS * 37) % CUSTOMERS).padStart(8, '0')}`);
      a.push(await sinceInvite(page, 'paint-a'));
      b.push(await sinceInvite(page, 'paint-b'));
      await sender.takeBack(call);
    }
    return { a, b };
  } finally {
    await page.context().close();
    await desk.stop();
    await sender.stop();
    await centre.close();
    remove();
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
  const { a, b } = await measureDesk(browser);
  const [firstA = Number.NaN, ...laterA] = a;
  const [firstB = Number.NaN, ...laterB] = b;
  const paintA = reportSpread('Paint A: number, queue, answer key', laterA, { p95: 30 });
  const paintB = reportSpread(`Paint B: the customer, of ${CUSTOMERS} cached`, laterB, { p95: 60 });
  report({
    name: 'Paint A against the bare page (medians)',
    value: paintA.p50 / base.p50,
    unit: 'ratio',
    atMost: null,
  });
  report({
    name: 'Paint B against the bare page (medians)',
    value: paintB.p50 / base.p50,
    unit: 'ratio',
    atMost: null,
  });
  report({ name: 'First call after start, paint A', value: firstA, unit: 'ms', atMost: 2 * percentile(laterA, 0.95) });
  report({ name: 'First call after start, paint B', value: firstB, unit: 'ms', atMost: 2 * percentile(laterB, 0.95) });
} finally {
  await browser.close();
}
