import type { Locator, Page } from '@playwright/test';
import type { PbxBrowser } from './browser.ts';
import { AGENT_PASSWORD } from './call-centre.ts';

/** One agent in front of the whole desk. Places are found by what they are, not by words: the words have two languages. */
export interface DeskPage {
  page: Page;
  /** The caller's number on the bar while it rings. */
  ringing: Locator;
  /** The bar in a call. */
  talking: Locator;
  held: Locator;
  /** The customer's name on the 360 screen, masked. */
  customer: Locator;
  note: Locator;
  /** The key of an act, e.g. Alt+A: see src/renderer/keys/key-table.ts. */
  press: (key: string) => Promise<void>;
  hears: (hz: number) => Promise<boolean>;
  close: () => Promise<void>;
}

/** Opens the desk at the address that its shell printed, and signs in as a person does. */
export async function openDesk(browser: PbxBrowser, address: string, login: string): Promise<DeskPage> {
  const context = await browser.newDesk();
  const page = await context.newPage();
  await page.goto(address);
  return signIn(page, login, () => context.close());
}

/** Signs in where the page asks for it: in a browser's tab or in the window of Electron. */
export async function signIn(page: Page, login: string, close: () => Promise<void>): Promise<DeskPage> {
  await page.locator('input[autocomplete="username"]').fill(login);
  await page.locator('input[autocomplete="current-password"]').fill(AGENT_PASSWORD);
  await page.keyboard.press('Enter');
  return {
    page,
    ringing: page.locator('[data-tone="ringing"] [data-call]'),
    talking: page.locator('section[data-tone="talking"]'),
    held: page.locator('section[data-tone="held"]'),
    customer: page.locator('h1[data-customer]'),
    note: page.locator('#note-field'),
    press: (key) => page.keyboard.press(key),
    hears: (hz) => page.evaluate((pitch) => globalThis.dangolProbe.hears(pitch, 5000), hz),
    close,
  };
}
