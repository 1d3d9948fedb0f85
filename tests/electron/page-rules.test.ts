import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type {} from './contract-page.ts';
import { makeAppFolder } from './support/app-folder.ts';
import { electronForTests, isReady, launchDesk, type RunningDesk, runPlain, TEST_SWITCHES } from './support/launch.ts';

const CENTRAL = 'http://127.0.0.1:9';
const ARGS = ['--central', CENTRAL, '--practice', '--demo-login', 'agent1'];

/** RELIABILITY section 4, tried from inside the running page: what a script on it could do, and could not. */
describe('the page in the Electron window', () => {
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

  it('has nothing of Node or Electron but the bridge', async () => {
    const found = await desk.page.evaluate(() => ({
      names: ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in window),
      bridge: Object.keys(window.desk.shell ?? {}).toSorted(),
    }));
    expect(found).toEqual({ names: [], bridge: ['kind', 'onEvent', 'send'] });
  });

  it('stands under the page policy: no foreign request, no inline script, no markup from strings', async () => {
    const tried = await desk.page.evaluate(async () => {
      const failed = (work: () => unknown) =>
        Promise.resolve()
          .then(work)
          .then(
            () => 'went through',
            (error: Error) => error.name,
          );
      return {
        fetch: await failed(() => fetch('http://127.0.0.1:9/')),
        markup: await failed(() => {
          document.body.innerHTML = '<img src=x onerror="window.hacked = 1">';
        }),
        script: await failed(() => {
          const script = document.createElement('script');
          script.textContent = 'window.hacked = 1';
          document.body.append(script);
        }),
        policy: await failed(() => {
          const { trustedTypes } = window as unknown as {
            trustedTypes: { createPolicy: (n: string, r: object) => void };
          };
          trustedTypes.createPolicy('mine', {});
        }),
        hacked: 'hacked' in window,
      };
    });
    expect(tried).toEqual({
      fetch: 'TypeError',
      markup: 'TypeError',
      script: 'TypeError',
      policy: 'TypeError',
      hacked: false,
    });
  });

  it('gets files of the page and no other', async () => {
    const statuses = await desk.page.evaluate(() =>
      Promise.all(
        ['/page.js', '/../package.json', '/%2e%2e/electron/main.js', '/..%2felectron%2fmain.js', '/nothing.js'].map(
          async (path) => (await fetch(`app://dangol${path}`)).status,
        ),
      ),
    );
    expect(statuses).toEqual([200, 404, 404, 404, 404]);
  });

  it('goes nowhere and opens nothing', async () => {
    const { server, asked } = await countingServer();
    const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const opened = await desk.page.evaluate((address) => {
      const result = window.open(address);
      window.location.href = address;
      return result;
    }, elsewhere);
    expect(opened).toBeNull();
    // A navigation that was allowed would have left by the time a second round trip is over.
    await desk.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0))));
    expect(desk.page.url()).toBe('app://dangol/index.html');
    expect(desk.app.windows()).toHaveLength(1);
    expect(asked()).toBe(0);
    server.close();
  });

  it('may speak, hear and notify; camera, place, screen and devices are refused', async () => {
    const states = await desk.page.evaluate(async () => {
      const names = ['microphone', 'notifications', 'camera', 'geolocation', 'midi', 'clipboard-read'] as const;
      const asked = names.map(async (name) => {
        const { state } = await navigator.permissions.query({ name: name as PermissionName });
        return [name, state] as const;
      });
      return Object.fromEntries(await Promise.all(asked));
    });
    expect(states).toMatchObject({ microphone: 'granted', notifications: 'granted' });
    expect(states).toMatchObject({
      camera: 'denied',
      geolocation: 'denied',
      midi: 'denied',
      'clipboard-read': 'denied',
    });
    const camera = await desk.page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'opened',
        (error: Error) => error.name,
      ),
    );
    expect(camera).toBe('NotAllowedError');
    const microphone = await desk.page.evaluate(async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      return stream.getAudioTracks().length;
    });
    expect(microphone).toBe(1);
  });

  it('rings audibly before anybody has clicked', async () => {
    const state = await desk.page.evaluate(() => window.desk.soundAtLoad);
    expect(state).toEqual({ state: 'running', clicked: false });
  });

  it('drops messages to the shell that do not fit, and lives on', async () => {
    await desk.page.evaluate(() => {
      const send = window.desk.shell?.send as unknown as (message: unknown) => void;
      for (const message of [null, 7, 'ask_port', { type: 'nothing' }, { type: 'phone', phase: 'asleep' }, []])
        send(message);
    });
    expect(await desk.page.evaluate(() => window.desk.call('host.info', {}))).toHaveProperty('ok');
  });

  const press = (keyCode: string, modifiers: 'control'[]) =>
    desk.app.evaluate(
      ({ webContents }, key) => {
        const [contents] = webContents.getAllWebContents();
        contents?.sendInputEvent({ type: 'keyDown', ...key });
        contents?.sendInputEvent({ type: 'keyUp', ...key });
      },
      { keyCode, modifiers },
    );
  const tellPhase = (phase: 'in_call' | 'idle') =>
    desk.page.evaluate((now) => window.desk.shell?.send({ type: 'phone', phase: now }), phase);
  /** F5 brings a fresh page that has its host. */
  const reloadsByKey = async () => {
    const loaded = desk.page.waitForEvent('load');
    await press('F5', []);
    await loaded;
    await desk.page.waitForFunction(() => window.desk.wires() > 0);
  };

  it('catches the reload keys in a call, and lets them through after it', async () => {
    await desk.page.evaluate(() => Object.assign(window, { sameLife: true }));
    await tellPhase('in_call');
    await press('F5', []);
    await press('R', ['control']);
    // The window stays open too; ended calls give both back.
    await desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    expect(await desk.page.evaluate(() => 'sameLife' in window)).toBe(true);
    await tellPhase('idle');
    await reloadsByKey();
    expect(await desk.page.evaluate(() => 'sameLife' in window)).toBe(false);
  });

  it('holds nobody to the call of a page that is gone', async () => {
    await tellPhase('in_call');
    await desk.page.reload();
    await reloadsByKey();
  });

  it('is one: a second start brings the first to the front, hands over its tel: link and ends', async () => {
    const { path } = await electronForTests();
    const args = [...TEST_SWITCHES, folder.folder, '--data', desk.dataFolder, ...ARGS, 'tel:+82-10-0000-1234'];
    const second = runPlain(path, args);
    expect(await second.exit).toMatchObject({ code: 0 });
    expect(second.said).toMatchObject([{ error: { code: 'HOST_BUSY' } }]);
    await desk.page.waitForFunction(() => window.desk.shellEvents.length > 0);
    const events = await desk.page.evaluate(() => window.desk.shellEvents);
    expect(events).toEqual([{ type: 'tel', number: '+82-10-0000-1234' }]);
  });
});

describe('how the Electron program starts and ends', () => {
  let folder: Awaited<ReturnType<typeof makeAppFolder>>;
  beforeAll(async () => {
    folder = await makeAppFolder({
      hostEntry: 'tests/electron/contract-host.ts',
      page: 'tests/electron/contract-page.ts',
    });
  });
  afterAll(() => folder?.remove());

  const start = async (...args: string[]) => {
    const { path } = await electronForTests();
    return runPlain(path, [...TEST_SWITCHES, folder.folder, ...args]);
  };

  it.each([
    ['a centre that is no address', ['--central', 'somewhere']],
    ['a host on another machine', ['--host-url', 'http://192.0.2.1:4700/']],
    ['a host over another protocol', ['--host-url', 'file:///etc/passwd']],
  ])('says what is wrong and ends with code 3: %s', async (_, args) => {
    const run = await start(...args);
    expect(await run.exit).toEqual({ code: 3, signal: null });
    expect(run.said).toMatchObject([{ error: { code: 'CONFIG_BROKEN', next: 'call-administrator' } }]);
  });

  it('ends with code 3 when the running host that it should show is not there', async () => {
    const run = await start('--host-url', 'http://127.0.0.1:9/');
    expect(await run.exit).toEqual({ code: 3, signal: null });
  });

  it('ends with code 0 and leaves no process behind when it is told to end', async () => {
    const run = await start('--data', `${folder.folder}/data`, ...ARGS);
    await run.waitFor(isReady);
    const children = await childrenOf(run.child.pid);
    expect(children.length).toBeGreaterThan(0);
    run.child.kill('SIGTERM');
    expect(await run.exit).toEqual({ code: 0, signal: null });
    await vi.waitUntil(() => !children.some(isRunning), { timeout: 5000 });
  });
});

async function countingServer() {
  let count = 0;
  const server = createServer((_request, response) => {
    count += 1;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, asked: () => count };
}

async function childrenOf(pid: number | undefined): Promise<number[]> {
  const ps = spawn('ps', ['-o', 'pid=', '--ppid', String(pid)]);
  let output = '';
  for await (const chunk of ps.stdout) output += chunk;
  return output.split('\n').map(Number).filter(Boolean);
}

/** A process that ended and was not yet collected by its parent does not count. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
