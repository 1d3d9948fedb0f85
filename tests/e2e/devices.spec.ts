import { expect, type Page, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { ringDesk } from '../fakes/practice-call.ts';
import { answer, becomeReady, finish, openDesk } from './support/desk-page.ts';
import { chooseDevice, newestRing, rememberRings } from './support/ring-device.ts';
import { giveTones, TONES } from './support/tone-devices.ts';

let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
});
test.afterAll(() => centre?.stop());

/** Calls the number that says back what it hears. */
async function callEcho(page: Page): Promise<void> {
  await page.keyboard.press('Alt+KeyT');
  await expect(page.getByPlaceholder('Enter a number')).toBeFocused();
  await page.keyboard.insertText('600');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Mute/ }).waitFor();
}

/** A grade, not "Measuring" and not what is said of silence. */
const JUDGED = /^(Good|Fair|Poor|Bad)/;

const hears = (page: Page, { hertz }: { hertz: number }) => page.evaluate((hz) => window.tones.hears(hz), hertz);

async function choose(page: Page, what: string, label: string): Promise<void> {
  await page.getByRole('combobox', { name: what }).click();
  await page.getByRole('option', { name: label }).click();
}

test.describe('devices in a call', () => {
  test('another microphone is chosen, pulled, and comes back: what is sent follows, without a word to the PBX', async ({
    browser,
  }) => {
    const desk = await openDesk(browser, 'about:blank');
    const { page } = desk;
    await giveTones(page);
    await page.goto(centre.desk.newUrl());
    await becomeReady(desk);
    await callEcho(page);
    expect(await hears(page, TONES.headset)).toBe(true);
    expect(await page.evaluate(() => window.tones.offers)).toBe(1);

    await page.keyboard.press('Alt+Comma');
    await choose(page, 'Microphone', TONES.spare.label);
    expect(await hears(page, TONES.spare)).toBe(true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');

    await page.evaluate((label) => window.tones.pull(label), TONES.spare.label);
    await expect(page.getByText(/Microphone unplugged: Spare 1500/)).toBeVisible({ timeout: 3_000 });
    expect(await hears(page, TONES.headset)).toBe(true);

    await page.keyboard.press('Alt+KeyM');
    await expect(page.getByRole('button', { name: /^Unmute/ })).toBeVisible();
    await page.evaluate((label) => window.tones.plug(label), TONES.spare.label);
    await expect(page.getByText(/Microphone is back: Spare 1500/)).toBeVisible({ timeout: 3_000 });
    await expect(page.getByRole('button', { name: /^Unmute/ })).toBeVisible();
    await expect(page.getByText('You are muted', { exact: true })).toBeVisible();
    await page.keyboard.press('Alt+KeyM');
    expect(await hears(page, TONES.spare)).toBe(true);
    expect(await page.evaluate(() => window.tones.offers)).toBe(1);

    for (const { label } of Object.values(TONES)) await page.evaluate((one) => window.tones.pull(one), label);
    await expect(page.getByText(/there is no other. The customer cannot hear you/)).toBeVisible({ timeout: 3_000 });
    await finish(page);
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });

  test('it rings on the ring device, and the caller is heard on the other one', async ({ browser }) => {
    const desk = await openDesk(browser, 'about:blank');
    const { page } = desk;
    await page.addInitScript(rememberRings);
    await page.addInitScript(() => {
      const heardOn: string[] = [];
      Object.assign(window, { heardOn });
      const play = HTMLAudioElement.prototype.play;
      const setSink = HTMLAudioElement.prototype.setSinkId;
      HTMLAudioElement.prototype.setSinkId = function (sink) {
        return setSink.call(this, sink).finally(() => heardOn.push(this.sinkId));
      };
      HTMLAudioElement.prototype.play = function () {
        return play.call(this).finally(() => heardOn.push(this.sinkId));
      };
    });
    await page.goto(centre.desk.newUrl());
    await becomeReady(desk);
    const bell = await chooseDevice(page, 'Ring', 'Fake Audio Output 1');
    const headset = await chooseDevice(page, 'Call audio', 'Fake Audio Output 2');
    expect(new Set([bell, headset, ''])).toHaveProperty('size', 3);
    await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
    expect(await newestRing(page, 0)).toBe(bell);
    await answer(page);
    await page.waitForFunction((id) => (window as Window & { heardOn?: string[] }).heardOn?.at(-1) === id, headset);
    await finish(page);
    // The next start finds both again, by their names.
    await page.goto(centre.desk.newUrl());
    await becomeReady(desk);
    await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
    expect(await newestRing(page, 0)).toBe(bell);
    await page.keyboard.press('Alt+KeyZ');
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });

  test('how the call was heard is shown by bars, a word and figures, and stands in the history', async ({
    browser,
  }) => {
    const desk = await openDesk(browser, centre.desk.newUrl());
    const { page } = desk;
    await becomeReady(desk);
    await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
    await answer(page);
    // How well it is heard depends on this machine: which word belongs to which figures is held by quality.test.ts.
    await expect(page.getByRole('button', { name: JUDGED })).toBeVisible({ timeout: 20_000 });
    await page.keyboard.press('Alt+KeyL');
    await expect(page.getByRole('table')).toContainText('Round trip');
    await page.keyboard.press('Escape');
    await finish(page);
    await page.keyboard.press('Control+KeyK');
    await page.keyboard.insertText('C-100001');
    await page
      .getByText(/C-100001/)
      .first()
      .click();
    await expect(page.getByText(/quality [1-4]\.\d/).first()).toBeVisible();
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });

  test('the check before the shift: by key, in four steps, all well', async ({ browser }) => {
    const desk = await openDesk(browser, centre.desk.newUrl());
    const { page } = desk;
    await becomeReady(desk);
    await page.keyboard.press('Alt+Period');
    await page.getByRole('button', { name: 'Start the check' }).click();
    await expect(page.getByText('Did you hear yourself?')).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByText('Did you hear the ring?')).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByText('All is well. Have a good day.')).toBeVisible();
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });

  test('a microphone that is denied is said before the first call, with the next step', async ({ browser }) => {
    const desk = await openDesk(browser, 'about:blank');
    const { page } = desk;
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await page.goto(centre.desk.newUrl());
    await becomeReady(desk);
    await expect(page.getByText(/The microphone is blocked. Allow it in the address bar/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    await desk.context.close();
  });
});
