// The baseline of the pop: INVITE frame to paint with nothing but SIP.js and one text node.
import { chromium } from '@playwright/test';
import { measureBarePage } from './lib/bare-baseline.ts';
import { report, reportSpread } from './lib/figures.ts';

const CALLS = 50;

const browser = await chromium.launch({
  executablePath: process.env.DANGOL_CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  const [first = Number.NaN, ...later] = await measureBarePage(browser, CALLS);
  reportSpread('Bare page: INVITE frame to paint', later);
  report({ name: 'Bare page: the first call after start', value: first, unit: 'ms', atMost: null });
  const [firstOurs = Number.NaN, ...ours] = await measureBarePage(browser, CALLS, 'phone');
  reportSpread('Our phone and one text node: INVITE frame to paint', ours);
  report({ name: 'Our phone: the first call after start', value: firstOurs, unit: 'ms', atMost: null });
} finally {
  await browser.close();
}
