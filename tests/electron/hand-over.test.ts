import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {} from './contract-page.ts';
import { makeAppFolder } from './support/app-folder.ts';
import { launchDesk, type RunningDesk } from './support/launch.ts';

const NOTE = '01900000-0000-7000-8000-000000000001';
const CUSTOMER = '01900000-0000-7000-8000-0000000000c1';
const CENTRAL = 'http://127.0.0.1:9';

/** (a) The shipped main, preload and hand-over, with a host that has the contract but no database. */
describe('the Electron shell and its host', () => {
  let folder: Awaited<ReturnType<typeof makeAppFolder>>;
  let desk: RunningDesk;

  beforeAll(async () => {
    folder = await makeAppFolder({
      hostEntry: 'tests/electron/contract-host.ts',
      page: 'tests/electron/contract-page.ts',
    });
    desk = await launchDesk(folder.folder, ['--central', CENTRAL, '--practice', '--demo-login', 'agent1']);
  });
  afterAll(async () => {
    await desk?.close();
    folder?.remove();
  });
  beforeEach(() => desk.page.waitForFunction(() => window.desk.wires() > 0));

  const call = (path: string, input: unknown) =>
    desk.page.evaluate(([name, given]) => window.desk.call(name, given), [path, input] as const);

  const hostPid = () =>
    desk.app.evaluate(({ app }) => app.getAppMetrics().find((metric) => metric.name === 'Dangol host')?.pid);

  it('says on stdout that the window is shown', async () => {
    await expect.poll(() => desk.said).toContainEqual({ ready: true });
  });

  it('answers a call with what the host was started with', async () => {
    const info = await call('host.info', {});
    expect(info).toMatchObject({ ok: { version: `0.0.1 ${CENTRAL}`, store: { keyStore: 'none' } } });
    expect(await call('session.demoLogins', {})).toMatchObject({ ok: { logins: [{ login: 'agent1' }] } });
  });

  it('brings an error with its code and its next step', async () => {
    const outcome = await call('session.signIn', { login: 'somebody', password: 'wrong' });
    expect(outcome).toEqual({ code: 'WRONG_PASSWORD', next: 'sign-in' });
  });

  it('refuses what does not fit the contract', async () => {
    expect(await call('note.save', { noteId: 'no id', text: '' })).toEqual({ code: 'BAD_INPUT', next: 'check-input' });
    expect(await call('host.noSuchThing', {})).toMatchObject({ code: expect.any(String) });
  });

  it('streams events in order, and stops when the reader leaves', async () => {
    const events = await desk.page.evaluate(() => window.desk.readEvents(5));
    expect(events.map((event) => (event as { status: { pending: number } }).status.pending)).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives a reloaded page a port of its own', async () => {
    await desk.page.reload();
    await desk.page.waitForFunction(() => window.desk.wires() > 0);
    expect(await call('host.info', {})).toHaveProperty('ok');
  });

  it('is whole again in 3 s after its host was killed, and a save goes through with the same id', async () => {
    const before = await call('host.info', {});
    const pid = await hostPid();
    if (pid === undefined) throw new Error('no host process');
    const waiting = desk.page.evaluate(() => window.desk.call('sync.tryNow', {}));
    const wires = await desk.page.evaluate(() => window.desk.wires());
    process.kill(pid, 'SIGKILL');
    // An open call must not wait for ever: the page learns that its port died.
    expect(await waiting).toEqual({ code: 'HOST_GONE', next: 'wait' });
    await desk.page.waitForFunction((n) => window.desk.wires() > n, wires, { timeout: 3000 });
    const after = await call('host.info', {});
    expect(after).toHaveProperty('ok');
    expect(after).not.toEqual(before);
    const note = { noteId: NOTE, callId: null, customerId: CUSTOMER, text: '배송 문의, 내일 다시 전화' };
    expect(await call('note.save', note)).toEqual({ ok: { mark: 'here' } });
  });

  it('survives a host that dies again and again', async () => {
    for (let round = 0; round < 3; round += 1) {
      const wires = await desk.page.evaluate(() => window.desk.wires());
      const pid = await hostPid();
      if (pid === undefined) throw new Error('no host process');
      process.kill(pid, 'SIGKILL');
      await desk.page.waitForFunction((n) => window.desk.wires() > n, wires);
      expect(await call('host.info', {})).toHaveProperty('ok');
    }
  });

  it('brings a page back that crashed', async () => {
    // Playwright lets go of a page that crashed: main is asked instead.
    const outcome = await desk.app.evaluate(async ({ webContents }) => {
      const [contents] = webContents.getAllWebContents();
      if (!contents) throw new Error('no page');
      const back = new Promise((resolve) => contents.once('did-finish-load', () => resolve(null)));
      contents.forcefullyCrashRenderer();
      await back;
      return contents.executeJavaScript("window.desk.call('host.info', {})");
    });
    expect(outcome).toHaveProperty('ok');
  });
});
