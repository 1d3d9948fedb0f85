import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { ringDesk } from '../fakes/practice-call.ts';
import { makeAppFolder } from './support/app-folder.ts';
import { launchDesk, type RunningDesk } from './support/launch.ts';

/** (b) The whole desk in the Electron window, attached to a running host: a practice call is heard, popped and read. */
describe('the desk in an Electron window that shows a running host', () => {
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

  it("shows that host's page and starts no host of its own", async () => {
    expect(new URL(page.url()).origin).toBe(new URL(centre.deskUrl).origin);
    expect(await page.evaluate(() => window.dangolShell?.kind)).toBe('electron-attached');
    const processes = await desk.app.evaluate(({ app }) => app.getAppMetrics().map(({ name }) => name));
    expect(processes).not.toContain('Dangol host');
  });

  it('rings audibly before anybody has touched it, and pops the customer', async () => {
    await desk.app.context().addInitScript(recordSounds);
    await page.reload();
    // Heard through the console: a question to the page would count as a touch (the driver asks with a user gesture).
    const heard = page.waitForEvent('console', (message) => message.text().startsWith(SOUND));
    await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
    // The ring is a loop; a context that is not running plays into nothing.
    const sound: unknown = JSON.parse((await heard).text().slice(SOUND.length));
    expect(sound).toEqual({ loop: true, state: 'running', touched: false });
    await page.locator('[data-call]').first().waitFor();
    await page.locator('h1[data-customer]').waitFor();
    expect(await page.getByText('C-100001').count()).toBeGreaterThan(0);
  });

  it('is answered by its key, and a note is kept here and reaches the centre', async () => {
    await page.keyboard.press('Alt+KeyA');
    await page.getByRole('button', { name: /Hang up/ }).waitFor();
    await page.locator('textarea').fill(NOTE);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('status').locator('[data-mark="centre"]').waitFor();
    await page.getByText(NOTE).first().waitFor();
    expect(await page.getByText(NOTE).count()).toBe(1);
  });

  it('keeps the call and every character when the host is killed in the call', async () => {
    await page.locator('textarea').fill(DRAFT);
    process.kill(centre.desk.hostPid(), 'SIGKILL');
    const gone = page.getByText('The desk program is restarting.');
    await gone.waitFor();
    await gone.waitFor({ state: 'detached' });
    expect(await page.locator('textarea').inputValue()).toBe(DRAFT);
    await page.getByRole('button', { name: /Hang up/ }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText(DRAFT).waitFor();
    await page.keyboard.press('Alt+KeyX');
    await page.getByRole('button', { name: /Hang up/ }).waitFor({ state: 'detached' });
    await page.keyboard.press('Alt+KeyW');
    await page.keyboard.press('1');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Ready for the next call').waitFor();
  });

  it('starts a practice call itself, by keys: the phone rings and the customer is there', async () => {
    await page.keyboard.press('Alt+KeyP');
    const start = page.getByRole('listitem').filter({ hasText: 'Gold customer' }).getByRole('button');
    await start.and(page.locator(':enabled')).waitFor();
    await page.keyboard.press((await start.getAttribute('data-choice')) ?? '');
    await page.getByRole('button', { name: /^Answer/ }).waitFor();
    await page.getByText('C-100001').first().waitFor();
    await page.keyboard.press('Alt+KeyZ');
    await page.getByRole('button', { name: /^Answer/ }).waitFor({ state: 'detached' });
  });
});

const NOTE = '요금이 2만 8천 원 더 나옴. 청구서를 비교해 문자로 보내기로 함.';
const DRAFT = '할인이 끝난 날을 물어 보심. 내일 오전에 다시 전화.';

/** What recordSounds() writes before each sound. */
const SOUND = 'sound played: ';

/** Runs in the page before its own scripts: tells what is played, and whether it could be heard. */
function recordSounds(): void {
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, ...when) {
    const { state } = this.context;
    const sound = { loop: this.loop, state, touched: navigator.userActivation.hasBeenActive };
    if (this.loop) console.debug(`sound played: ${JSON.stringify(sound)}`);
    start.apply(this, when);
  };
}
