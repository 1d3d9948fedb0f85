// The host is killed while somebody rings and a note is being written: how long until the desk is whole again, with every
// character, on a desk with 100,000 cached customers in the browser shell.
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { reportSpread } from './lib/figures.ts';
import { prepareUsedDesk } from './lib/used-desk.ts';

const CUSTOMERS = Number(process.env.DANGOL_BENCH_CUSTOMERS ?? 100_000);
const KILLS = 5;
/** The supervisor waits longer each time for a host that dies again within half a minute: that is not what is measured. */
const HEALTHY_MS = 31_000;

const browser = await chromium.launch({
  executablePath: process.env.DANGOL_CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
const used = await prepareUsedDesk(CUSTOMERS);
try {
  const { page, desk, close } = await used.open(browser);
  const whole: number[] = [];
  await used.sender.ring(used.numberOf(1));
  await page.locator('h1[data-customer]').waitFor();
  const note = page.locator('#note-field');
  await note.focus();
  let written = '';
  for (let kill = 0; kill < KILLS; kill += 1) {
    const pid = desk.hostPid();
    const begun = performance.now();
    process.kill(pid, 'SIGKILL');
    const more = `${kill}번째 메모, `;
    await page.keyboard.insertText(more);
    written += more;
    // The banner that tells of it is there and gone again, and what was typed meanwhile is kept.
    await page.waitForFunction(() => document.querySelector('[data-kept]')?.getAttribute('data-kept') === 'waiting');
    await page.waitForFunction(() => document.querySelector('[data-kept]')?.getAttribute('data-kept') === 'kept');
    whole.push(performance.now() - begun);
    if ((await note.inputValue()) !== written) throw new Error('characters were lost');
    await pause(HEALTHY_MS);
  }
  reportSpread('Host killed in a call, until the draft is kept again', whole, { p95: 3000 });
  await close();
} finally {
  await used.remove();
  await browser.close();
}
process.exit(0);
