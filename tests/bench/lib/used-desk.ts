import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { openStore } from '../../../src/main/db/open.ts';
import { startDesk } from '../../fakes/call-centre.ts';
import { temporaryFolder } from '../../fakes/desk.ts';
import { startHttpCentre } from '../../fakes/http-centre.ts';
import { CALLERS, fillCache } from './fill-cache.ts';
import { addFrameClock } from './frame-clock.ts';
import { type InviteSender, startInviteSender } from './invite-sender.ts';

type RunningDesk = Awaited<ReturnType<typeof startDesk>>;

/** A desk that was in use for long: its cache is full of customers, and somebody calls. */
export interface UsedDesk {
  /** Starts the host on the same data and opens its page, registered and with its ring heard. */
  open: (browser: Browser) => Promise<{ page: Page; desk: RunningDesk; close: () => Promise<void> }>;
  sender: InviteSender;
  /** The number of the nth customer with a long history. */
  numberOf: (index: number) => string;
  remove: () => Promise<void>;
}

/** @param customers in the cache; a multiple of 10. */
export async function prepareUsedDesk(customers: number): Promise<UsedDesk> {
  const { folder, remove } = temporaryFolder();
  const centre = await startHttpCentre(Date.now);
  const sender = await startInviteSender();
  centre.config = { ...centre.config, sip: sender.account, wrapUpSeconds: 0 };
  // The first start loads the few rows of the centre; then the folder is filled as a long-used desk's would be.
  const first = await startDesk(centre.url, folder, {});
  while (!centre.requests.includes('/v1/sync/changes')) await pause(50);
  await first.stop();
  const store = openStore({ folder, dataKey: null, mayUseKeyFile: true, now: Date.now, log: () => {} });
  fillCache(store.cache, customers);
  store.close();
  return {
    sender,
    open: async (browser) => {
      const desk = await startDesk(centre.url, folder, {});
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
      await addFrameClock(page);
      sender.forgetPhones();
      await page.goto(desk.url);
      await page.locator('textarea').first().waitFor();
      await page.keyboard.press('Shift');
      await sender.registered();
      const close = async () => {
        await page.context().close();
        await desk.stop();
      };
      return { page, desk, close };
    },
    numberOf: (index) => `010${String((index * CALLERS * 37) % customers).padStart(8, '0')}`,
    remove: async () => {
      await sender.stop();
      await centre.close();
      remove();
    },
  };
}
