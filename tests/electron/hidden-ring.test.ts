import type { Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chooseDevice, newestRing, rememberRings } from '../e2e/support/ring-device.ts';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { ringDesk } from '../fakes/practice-call.ts';
import { makeAppFolder } from './support/app-folder.ts';
import { launchDesk, type RunningDesk } from './support/launch.ts';

/** A desk whose window nobody sees: hidden in the tray, behind everything else. */
let centre: CallCentre;
let folder: Awaited<ReturnType<typeof makeAppFolder>>;
let desk: RunningDesk;
let page: Page;

beforeAll(async () => {
  centre = await startCallCentre({ customers: 100 });
  folder = await makeAppFolder({ page: 'built' });
  desk = await launchDesk(folder.folder, ['--host-url', centre.deskUrl]);
  page = desk.page;
});
afterAll(async () => {
  await desk?.close();
  folder?.remove();
  await centre?.stop();
});

const SOUND = 'sound played: ';

/** Runs in the page before its own scripts: tells what is played in a loop, and whether it could be heard. */
function recordSounds(): void {
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, ...when) {
    const { state } = this.context;
    if (this.loop) console.debug(`sound played: ${JSON.stringify({ state })}`);
    start.apply(this, when);
  };
}

const seen = () => desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());

it('rings audibly in a window that is hidden, and is answered from there', async () => {
  await desk.app.context().addInitScript(recordSounds);
  await page.reload();
  await page.locator('[data-phase="idle"]').waitFor();
  await desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  expect(await seen()).toBe(false);
  const heard = page.waitForEvent('console', (message) => message.text().startsWith(SOUND));
  await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
  expect(JSON.parse((await heard).text().slice(SOUND.length))).toEqual({ state: 'running' });
  // As the headset's button does it: no window is needed.
  await page.evaluate(() => {
    const key = { key: 'a', code: 'KeyA', altKey: true, bubbles: true };
    document.body.dispatchEvent(new KeyboardEvent('keydown', key));
  });
  await page.waitForFunction(() => document.querySelector('section[data-tone="talking"]') !== null, undefined, {
    polling: 50,
  });
  expect(await seen()).toBe(false);
});

it('rings on the ring device that the agent chose', async () => {
  await desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
  await page.getByRole('button', { name: /Hang up/ }).click();
  await page.keyboard.press('Alt+KeyW');
  await page.keyboard.press('1');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Ready for the next call').waitFor();
  await desk.app.context().addInitScript(rememberRings);
  await page.reload();
  await page.locator('[data-phase="idle"]').waitFor();
  const bell = await chooseDevice(page, 'Ring', 'Fake Audio Output 1');
  expect(bell).toMatch(/^[0-9a-f]{64}$/);
  await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
  expect(await newestRing(page, 0)).toBe(bell);
});
