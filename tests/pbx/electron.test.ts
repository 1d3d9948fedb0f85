import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeAppFolder } from '../electron/support/app-folder.ts';
import { launchDesk, type RunningDesk } from '../electron/support/launch.ts';
import { bundle, mediaSwitches } from './rig/browser.ts';
import { type CallCentre, startCallCentre } from './rig/call-centre.ts';
import { type DeskPage, signIn } from './rig/desk-page.ts';
import { CALLER_HZ, type PbxRig, startRig } from './rig/pbx-rig.ts';

// The other shell: the Electron window, attached to a desk's host, and a call that comes from Asterisk.

const KIM = { customerNumber: 'C-1001', name: '김단골', phones: ['010-0000-1234'], tier: 'gold' as const };
const NOTE = '일렉트론 창에서 받은 전화. 배송일 다시 안내함.';
const missing = process.env.DANGOL_NO_ELECTRON;

describe.skipIf(missing !== undefined)(`a call in the Electron window${missing ? ` (${missing})` : ''}`, () => {
  let rig: PbxRig;
  let centre: CallCentre;
  let folder: Awaited<ReturnType<typeof makeAppFolder>>;
  let sounds: string;
  let running: RunningDesk;
  let desk: DeskPage;

  beforeAll(async () => {
    rig = await startRig();
    centre = await startCallCentre(rig.asterisk.server, [KIM]);
    folder = await makeAppFolder({ page: 'built' });
    sounds = mkdtempSync(join(tmpdir(), 'dangol-electron-sounds-'));
    running = await launchDesk(folder.folder, ['--host-url', await centre.startDesk()], mediaSwitches(sounds));
    await running.app.context().addInitScript({ content: await bundle('probe.ts') });
    await running.page.reload();
    desk = await signIn(running.page, 'agent1', running.close);
    await rig.manager.event('agent1 registered', (event) => {
      return event.Event === 'ContactStatus' && event.AOR === 'agent1' && event.ContactStatus === 'Reachable';
    });
  });
  afterAll(async () => {
    await rig?.endTest();
    await running?.close();
    folder?.remove();
    await centre?.close();
    await rig?.close();
    if (sounds) rmSync(sounds, { recursive: true, force: true });
  });

  test('pops the customer, is answered by key and heard both ways; the note reaches the centre', async () => {
    expect(await desk.page.evaluate(() => window.dangolShell?.kind)).toBe('electron-attached');
    const caller = rig.call({ dial: '700', number: '01000001234' });
    await desk.ringing.waitFor();
    expect(await desk.ringing.textContent()).toBe('010-****-1234');
    await desk.page.getByText(KIM.customerNumber, { exact: true }).waitFor();
    await desk.press('Alt+A');
    await desk.talking.waitFor();
    expect(await desk.hears(CALLER_HZ)).toBe(true);
    expect((await rig.callerHears(2)).agent).toBeGreaterThan(0.2);
    await desk.note.fill(NOTE);
    await desk.press('Control+Enter');
    await desk.page.getByRole('status').locator('[data-mark="centre"]').waitFor();
    await desk.page.getByText(NOTE).first().waitFor();
    await desk.press('Alt+X');
    await caller.over;
  });
});
