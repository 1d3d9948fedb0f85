import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';

/** One desk in a browser window, used as an agent uses it: by keys and by what is written on the screen. */
export interface DeskPage {
  page: Page;
  context: BrowserContext;
  /** Everything the page complained about so far. */
  complaints: string[];
  /** Whom the phone of this page has called so far, as its INVITEs name them. */
  invited: string[];
}

/** Opens a desk and presses the key it asks for before it may ring. */
export async function openDesk(browser: Browser, url: string, options: { locale?: string } = {}): Promise<DeskPage> {
  const context = await browser.newContext({ locale: options.locale ?? 'en-US', timezoneId: 'Asia/Seoul' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const invited: string[] = [];
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => invited.push(...calledIn(String(payload)))));
  await page.addInitScript(rememberConnections);
  await page.goto(url);
  return { page, context, complaints, invited };
}

/** The target of an INVITE that begins a call; a hold or a new microphone asks within one. */
function calledIn(frame: string): string[] {
  const target = /^INVITE sip:([^@\s]+)@/.exec(frame)?.[1];
  return target && !/^To:.*;tag=/im.test(frame) ? [decodeURIComponent(target)] : [];
}

/** Starts a practice call as a person does, by keys: opens the list and presses the digit beside the scenario. */
export async function practise(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Alt+KeyP');
  const start = page.getByRole('listitem').filter({ hasText: title }).getByRole('button');
  await expect(start).toBeEnabled();
  await page.keyboard.press((await start.getAttribute('data-choice')) ?? '');
}

/** The first key press: sound is on from here, and calls can reach this desk. */
export async function becomeReady({ page }: DeskPage): Promise<void> {
  await page.locator('[data-note-field], textarea').first().waitFor();
  // As often as the desk asks for a key.
  await expect(async () => {
    await page.keyboard.press('Shift');
    await expect(page.getByText(/Line connected|회선 정상/)).toBeVisible({ timeout: 3000 });
  }).toPass({ timeout: 20_000 });
}

/** The note as it stands in the field. */
export function noteField(page: Page) {
  return page.locator('textarea').first();
}

/** The customer whose screen is open: their number, e.g. C-100001. */
export function customerNumber(page: Page, number: string) {
  return page.getByText(number, { exact: true }).first();
}

/** Looks somebody up by the number on their letters, by keys; `shown`: whose screen opens, where the number was merged into another. */
export async function lookUp(page: Page, number: string, shown = number): Promise<void> {
  await page.keyboard.press('Control+KeyK');
  await page.keyboard.insertText(number);
  await page.locator('[data-candidate]').filter({ hasText: shown }).first().waitFor();
  await page.keyboard.press('Enter');
  await expect(customerNumber(page, shown)).toBeVisible();
}

/** Waits for the call to ring, and answers by key. */
export async function answer(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Answer|받기)/ }).waitFor();
  await page.keyboard.press('Alt+KeyA');
  // Not the button to hang up: that is there while the answer is still on its way.
  await page.getByRole('button', { name: /^(Mute|음소거)/ }).waitFor();
}

/** A desk that talks to the gold customer of the practice, whose screen is open. */
export async function talkToGold(browser: Browser, url: string): Promise<DeskPage> {
  const desk = await openDesk(browser, url);
  await becomeReady(desk);
  await practise(desk.page, 'Gold customer');
  await answer(desk.page);
  await customerNumber(desk.page, 'C-100001').waitFor();
  return desk;
}

/** Ends the call and its wrap-up as an agent does, by keys. */
export async function finish(page: Page): Promise<void> {
  await page.keyboard.press('Alt+KeyX');
  await expect(page.getByText('Call ended · wrap-up')).toBeVisible();
  await page.keyboard.press('Alt+KeyW');
  await page.keyboard.press('1');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Ready for the next call')).toBeVisible();
}

/** True when sound, not silence, arrived in the page on any of its calls (RTCInboundRtpStreamStats.totalAudioEnergy). */
export async function heardInPage(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    const reports = await Promise.all(window.connections.map((connection) => connection.getStats()));
    return reports.some((report) =>
      [...report.values()].some((stat) => stat.type === 'inbound-rtp' && stat.totalAudioEnergy > 0.0001),
    );
  });
}

declare global {
  interface Window {
    connections: RTCPeerConnection[];
  }
}

/** Runs in the page before its own scripts: keeps every peer connection, so that a test can ask what arrived. */
function rememberConnections(): void {
  const connections: RTCPeerConnection[] = [];
  const Original = window.RTCPeerConnection;
  class Remembered extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  }
  Object.assign(window, { connections, RTCPeerConnection: Remembered });
}
