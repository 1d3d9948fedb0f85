import { existsSync } from 'node:fs';
import { aptInstall } from './apt.mjs';
import { inRoot, node24 } from './paths.mjs';
import { capture } from './run.mjs';
import { withProgress } from './say.mjs';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Playwright's own Chromium, where its download worked. */
async function playwrightChromium() {
  const ask = "import('@playwright/test').then((p) => console.log(p.chromium.executablePath()))";
  const { output } = await capture(node24(), ['--input-type=module', '-e', ask]);
  const path = output.trim().split('\n').at(-1) ?? '';
  return existsSync(path) ? path : null;
}

/**
 * A Chromium for the tests: DANGOL_CHROMIUM, Playwright's, the machine's, then Playwright's download, then Debian's
 * package (as root). null when none of these can be had.
 */
export async function ensureBrowser() {
  if (process.env.DANGOL_CHROMIUM && existsSync(process.env.DANGOL_CHROMIUM)) return process.env.DANGOL_CHROMIUM;
  const there = (await playwrightChromium()) ?? places.find((path) => existsSync(path));
  if (there) return there;
  return withProgress('Getting a Chromium for the tests', async (tell) => {
    if (process.platform === 'linux' && process.getuid?.() === 0 && (await aptInstall(['chromium'], tell))) {
      return places.find((path) => existsSync(path)) ?? null;
    }
    await capture(node24(), [inRoot('node_modules/@playwright/test/cli.js'), 'install', 'chromium'], {
      timeout: 300_000,
    });
    return playwrightChromium();
  });
}
