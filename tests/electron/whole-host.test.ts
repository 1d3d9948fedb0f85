import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runsTheHost } from '../../scripts/lib/electron-binary.mjs';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { ringDesk } from '../fakes/practice-call.ts';
import { makeAppFolder } from './support/app-folder.ts';
import { electronForTests, launchDesk, type RunningDesk } from './support/launch.ts';

const binary = await electronForTests();

/** (d) The product as it is handed out: the whole host, its database included, in Electron's utility process. */
describe.skipIf(!runsTheHost(binary))('the whole desk in Electron', () => {
  let centre: CallCentre;
  let folder: Awaited<ReturnType<typeof makeAppFolder>>;
  let desk: RunningDesk;

  beforeAll(async () => {
    centre = await startCallCentre({ customers: 100, demoLogin: null });
    folder = await makeAppFolder({ page: 'built' });
    desk = await launchDesk(folder.folder, ['--central', centre.centralUrl, '--practice', '--demo-login', 'agent1']);
  });
  afterAll(async () => {
    await desk?.close();
    folder?.remove();
    await centre?.stop();
  });

  it('pops a call, keeps a draft when its host is killed, and sends it (needs an Electron >= 36)', async () => {
    const { page, app } = desk;
    await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
    await page.locator('h1[data-customer]').waitFor();
    await page.keyboard.press('Alt+KeyA');
    await page.locator('textarea').fill('상담 중 메모');
    const pid = await app.evaluate(({ app: electron }) => {
      return electron.getAppMetrics().find(({ name }) => name === 'Dangol host')?.pid;
    });
    if (pid === undefined) throw new Error('no host process');
    process.kill(pid, 'SIGKILL');
    await page.getByText('The desk program is restarting.').waitFor({ state: 'attached' });
    await page.getByText('The desk program is restarting.').waitFor({ state: 'detached' });
    expect(await page.locator('textarea').inputValue()).toBe('상담 중 메모');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('status').locator('[data-mark="centre"]').waitFor();
  });
});
