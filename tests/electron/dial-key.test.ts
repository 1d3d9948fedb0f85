import { afterAll, beforeAll, expect, it } from 'vitest';
import type {} from './contract-page.ts';
import { makeAppFolder } from './support/app-folder.ts';
import { electronForTests, launchDesk, type RunningDesk, runPlain, TEST_SWITCHES } from './support/launch.ts';

/**
 * Numbers from other programs: a key, and links. Nobody can press a key outside of the window here, so the key itself is asked
 * of Electron (is it held?), and what a press reads is tried in tests/unit/electron/dial-key.test.ts.
 */
const ARGS = ['--central', 'http://127.0.0.1:9', '--practice', '--demo-login', 'agent1'];
let folder: Awaited<ReturnType<typeof makeAppFolder>>;
let desk: RunningDesk;

beforeAll(async () => {
  folder = await makeAppFolder({
    hostEntry: 'tests/electron/contract-host.ts',
    page: 'tests/electron/contract-page.ts',
  });
  desk = await launchDesk(folder.folder, ARGS);
  await desk.page.waitForFunction(() => window.desk.wires() > 0);
});
afterAll(async () => {
  await desk?.close();
  folder?.remove();
});

const held = (key: string) => desk.app.evaluate(({ globalShortcut }, one) => globalShortcut.isRegistered(one), key);
/** As the page does it for its settings; resolves with what the shell answers. */
const choose = async (key: string | null) => {
  const before = await desk.page.evaluate((one) => {
    const known = window.desk.shellEvents.length;
    window.desk.shell?.send({ type: 'dial_key', key: one } as Parameters<
      NonNullable<typeof window.desk.shell>['send']
    >[0]);
    return known;
  }, key);
  await desk.page.waitForFunction((known) => window.desk.shellEvents.length > known, before);
  return desk.page.evaluate(() => window.desk.shellEvents.at(-1));
};

it('takes no key from other programs until one is chosen, and only that one', async () => {
  expect(await held('Control+Shift+F9')).toBe(false);
  expect(await choose('Control+Shift+F9')).toEqual({ type: 'dial_key', key: 'Control+Shift+F9', held: true });
  expect(await held('Control+Shift+F9')).toBe(true);
  expect(await choose('Control+Alt+D')).toMatchObject({ held: true });
  expect(await held('Control+Shift+F9')).toBe(false);
  expect(await choose(null)).toEqual({ type: 'dial_key', key: null, held: true });
  expect(await held('Control+Alt+D')).toBe(false);
});

it('says so where somebody else has the key', async () => {
  await desk.app.evaluate(({ globalShortcut }) => {
    globalShortcut.register('Super+Alt+D', () => {});
    const real = globalShortcut.register.bind(globalShortcut);
    // Electron gives a program its own key twice; another program's it refuses.
    globalShortcut.register = (key: string, press: () => void) => key !== 'Super+Alt+D' && real(key, press);
  });
  expect(await choose('Super+Alt+D')).toEqual({ type: 'dial_key', key: 'Super+Alt+D', held: false });
});

it('a key that is not among those offered is no message at all', async () => {
  await desk.page.evaluate(() => {
    const send = window.desk.shell?.send as (message: unknown) => void;
    for (const key of ['Control+C', 'A', '', 'Control+Alt+Delete', 7]) send({ type: 'dial_key', key });
  });
  expect(await choose('Control+Alt+D')).toMatchObject({ key: 'Control+Alt+D' });
  expect(await held('Control+C')).toBe(false);
});

it('a press brings the copied number to the page, which shows it; nothing is dialled', async () => {
  await desk.app.evaluate(async ({ clipboard, globalShortcut }) => {
    await clipboard.writeText('연락처 010-0000-1234 (내선 12)');
    const real = globalShortcut.register.bind(globalShortcut);
    // A headless display has no other window to press a key in: what the shell registers is called here.
    globalShortcut.register = (key: string, press: () => void) => {
      Object.assign(globalThis, { pressDialKey: press });
      return real(key, press);
    };
  });
  await choose(null);
  await choose('Control+Shift+D');
  await desk.app.evaluate(() => Reflect.get(globalThis, 'pressDialKey')());
  await desk.page.waitForFunction(() => window.desk.shellEvents.some(({ type }) => type === 'tel'));
  const numbers = await desk.page.evaluate(() => window.desk.shellEvents.filter(({ type }) => type === 'tel'));
  expect(numbers).toEqual([{ type: 'tel', number: '010-0000-1234' }]);
});

it('a callto: link of a second start arrives as a number, too', async () => {
  const { path } = await electronForTests();
  const second = runPlain(path, [...TEST_SWITCHES, folder.folder, '--data', desk.dataFolder, ...ARGS, 'callto:6001']);
  expect(await second.exit).toMatchObject({ code: 0 });
  await desk.page.waitForFunction(() =>
    window.desk.shellEvents.some((event) => event.type === 'tel' && event.number === '6001'),
  );
});
