import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser } from '@playwright/test';
import { build } from 'esbuild';
import { addFrameClock, sinceInvite } from './frame-clock.ts';
import { startInviteSender } from './invite-sender.ts';

/**
 * The baseline of every pop figure: INVITE frame to paint on a page that holds SIP.js and one text node.
 * @param entry `page` is the baseline; `phone` has our own phone under the same text node.
 * @returns milliseconds, one a call; the first call after start comes first.
 */
export async function measureBarePage(
  browser: Browser,
  calls: number,
  entry: 'page' | 'phone' = 'page',
): Promise<number[]> {
  const sender = await startInviteSender();
  const site = await serveBarePage(entry);
  const page = await (await browser.newContext()).newPage();
  try {
    await addFrameClock(page);
    await page.goto(`${site.url}/#${encodeURIComponent(JSON.stringify(sender.account))}`);
    await sender.registered();
    const times: number[] = [];
    for (let index = 0; index < calls; index++) {
      const call = await sender.ring(`010000${String(10_000 + index).slice(1)}0`);
      times.push(await sinceInvite(page, `bare-${index}`));
      await sender.takeBack(call);
    }
    return times;
  } finally {
    await page.context().close();
    await site.close();
    await sender.stop();
  }
}

async function serveBarePage(name: 'page' | 'phone'): Promise<{ url: string; close: () => Promise<void> }> {
  const entry = fileURLToPath(new URL(`../bare-page/${name}.ts`, import.meta.url));
  const bundle = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false, logLevel: 'error' });
  const script = bundle.outputFiles[0]?.text ?? '';
  const html = '<!doctype html><meta charset="utf-8"><body><script type="module" src="/page.js"></script>';
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
