import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { newId } from '../../../src/shared/ids.ts';
import { type DeskClient, temporaryFolder, until } from '../../fakes/desk.ts';
import { type HttpCentre, startHttpCentre } from '../../fakes/http-centre.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const ENTRY = join(import.meta.dirname, '../../../src/main/serve/start.ts');
let folder: string;
let data: string;
let page: string;
let remove: () => void;
let children: ChildProcess[];
let centre: HttpCentre;

beforeEach(async () => {
  ({ folder, remove } = temporaryFolder());
  data = join(folder, 'desk');
  page = join(folder, 'page');
  mkdirSync(data);
  mkdirSync(page);
  writeFileSync(join(page, 'index.html'), '<title>desk</title>');
  children = [];
  centre = await startHttpCentre(Date.now);
});
afterEach(async () => {
  await Promise.all(children.map(stop));
  await centre.close();
  remove();
});

type Line = { url?: string; error?: { code: string; next: string; detail: string } };

/** Starts the desk as the launcher does; resolves with its line on stdout. */
async function start(args: string[] = [], folderOfData = data): Promise<Line> {
  const practice = ['--practice', '--demo-login', 'agent1', '--page', page];
  const all = [ENTRY, '--port', '0', '--data', folderOfData, '--central', centre.url, ...practice, ...args];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as Line;
  throw new Error('the desk said nothing');
}
function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
async function enter(url: string): Promise<{ origin: string; cookie: string }> {
  const response = await fetch(url, { redirect: 'manual' });
  expect(response.status).toBe(303);
  return { origin: new URL(url).origin, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
}
function connect({ origin, cookie }: { origin: string; cookie: string }, from = origin): WebSocket {
  return new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { cookie, origin: from } });
}
async function openWire(window: { origin: string; cookie: string }): Promise<{ api: DeskClient; socket: WebSocket }> {
  const socket = await until(async () => {
    const made = connect(window);
    return new Promise<WebSocket | null>((resolve) => {
      made.once('open', () => resolve(made));
      made.once('error', () => resolve(null));
    });
  }, 'a socket');
  return { socket, api: createORPCClient<DeskClient>(new RPCLink({ websocket: socket })) };
}
const hostPid = () => Number(readFileSync(join(data, 'host.pid'), 'utf8'));

describe('what cannot begin says why, in one line, with a next step', () => {
  test('a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await start(['--port', String(port)])).toMatchObject({ error: { code: 'PORT_IN_USE' } });
    other.close();
  });
  test('a configuration that is broken', async () => {
    writeFileSync(join(data, 'dangol.json'), '{\n  "allowKeyFile": tru\n}');
    const { error } = await start();
    expect(error).toMatchObject({ code: 'CONFIG_BROKEN', next: 'call-administrator' });
    expect(error?.detail).toContain(`${join(data, 'dangol.json')}, line 2`);
  });
  test('a data folder that another desk uses', async () => {
    expect(await start()).toHaveProperty('url');
    expect(await start()).toMatchObject({ error: { code: 'HOST_BUSY' } });
  });
});

describe('the door', () => {
  test('opens once for a token, then for its cookie, and for nobody else', async () => {
    const { url = '' } = await start();
    const { origin, cookie } = await enter(url);
    expect(cookie).toMatch(/^dangol_\d+=/);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(401);
    expect((await fetch(`${origin}/`)).status).toBe(401);
    const inside = await fetch(`${origin}/`, { headers: { cookie } });
    expect(await inside.text()).toBe('<title>desk</title>');
    expect(inside.headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'");
    const forged = cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect((await fetch(`${origin}/`, { headers: { cookie: forged } })).status).toBe(401);
    const another = readFileSync(join(data, 'open-token'), 'utf8');
    expect((await enter(`${origin}/?token=${another}`)).cookie).not.toBe(cookie);
  });
  test('lets no file out that is not the page’s', async () => {
    const { url = '' } = await start();
    const { origin, cookie } = await enter(url);
    symlinkSync(join(data, 'page-secret'), join(page, 'link.json'));
    const port = Number(new URL(origin).port);
    for (const path of [
      '/../desk/page-secret',
      '/%2e%2e/desk/page-secret',
      '/..%2fdesk%2fpage-secret',
      '/link.json',
      '/.env',
    ]) {
      // Not fetch(): it would tidy the dots away before they are sent.
      const status = await new Promise<number>((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port, path, headers: { cookie } }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        asked.on('error', reject);
        asked.end();
      });
      expect(status, path).toBe(404);
    }
  });
  test('is shut for a page of another origin, and for another name of this machine', async () => {
    const { url = '' } = await start();
    const window = await enter(url);
    const refused = (socket: WebSocket) =>
      new Promise<boolean>((resolve) => {
        socket.once('open', () => resolve(false));
        socket.once('error', () => resolve(true));
      });
    expect(await refused(connect(window, 'https://evil.example'))).toBe(true);
    expect(await refused(connect({ ...window, cookie: '' }))).toBe(true);
    const rebound = await new Promise<number>((resolve) => {
      const headers = { host: 'evil.example', cookie: window.cookie };
      request(`${window.origin}/`, { headers }, (response) => resolve(response.statusCode ?? 0)).end();
    });
    expect(rebound).toBe(421);
  });
  test('an upgrade that makes no sense is refused, and the host lives on: any page of the web may send one', async () => {
    const { url = '' } = await start();
    const window = await enter(url);
    const before = hostPid();
    const { hostname, port } = new URL(url);
    for (const path of ['//', '/\\\\', 'http://', 'http://[', '*', '/%', '/rpc/../..//']) {
      const answered = await new Promise<string>((resolve, reject) => {
        const socket = createConnection(Number(port), hostname, () => {
          const headers = ['upgrade: websocket', 'connection: Upgrade', 'sec-websocket-version: 13'];
          socket.write(
            [`GET ${path} HTTP/1.1`, `host: ${hostname}:${port}`, ...headers, 'sec-websocket-key: ', '', ''].join(
              '\r\n',
            ),
          );
        });
        let text = '';
        socket.on('data', (bytes) => {
          text += bytes.toString();
        });
        socket.once('close', () => resolve(text));
        socket.once('error', reject);
      });
      expect(answered, path).toMatch(/^HTTP\/1\.1 40[03] /);
    }
    const reset = createConnection(Number(port), hostname);
    reset.write(`GET / HTTP/1.1\r\nhost: evil\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n`);
    reset.resetAndDestroy();
    const { api, socket } = await openWire(window);
    expect(await api.host.info({})).toMatchObject({ contractVersion: 1 });
    expect(hostPid()).toBe(before);
    socket.terminate();
  });
  test('a message that makes no sense closes its socket and harms nobody else', async () => {
    const { url = '' } = await start();
    const window = await enter(url);
    const { api, socket } = await openWire(window);
    for (const nonsense of [
      '',
      'hello',
      '{}',
      '{"i":"1","p":{}}',
      '[1]',
      '{"i":"1","p":{"u":42}}',
      Buffer.from([0, 1, 2]),
    ]) {
      const bad = connect(window);
      const code = await new Promise((resolve) => {
        bad.once('open', () => bad.send(nonsense));
        bad.once('close', resolve);
      });
      expect(code, String(nonsense)).toBe(1003);
    }
    expect(await api.host.info({})).toMatchObject({ contractVersion: 1 });
    socket.terminate();
  });
});

describe('the host is killed in the middle of typing', () => {
  test('it is back by itself, on its port, to the same window, with every character it had acknowledged', async () => {
    const { url = '' } = await start();
    const window = await enter(url);
    let { api, socket } = await openWire(window);
    await until(async () => (await api.session.state({})).status === 'signed_in', 'the demo agent');
    const noteId = newId();
    let revision = 0;
    for (let kill = 0; kill < 5; kill += 1) {
      const before = hostPid();
      let acknowledged = 0;
      const typing = (async () => {
        for (;;) {
          revision += 1;
          const draft = { noteId, callId: null, customerId: SAMPLE.gold.id, text: '가'.repeat(revision), revision };
          acknowledged = (await api.note.draft(draft)).revision;
        }
      })();
      typing.catch(() => {});
      await until(async () => acknowledged >= revision - 1 && acknowledged > kill * 5 + 5, 'some typing');
      process.kill(before, 'SIGKILL');
      socket.terminate();
      ({ api, socket } = await openWire(window));
      const { drafts } = await api.call.restore({});
      expect(drafts).toHaveLength(1);
      expect(drafts[0]?.revision).toBeGreaterThanOrEqual(acknowledged);
      expect(drafts[0]?.text).toBe('가'.repeat(drafts[0]?.revision ?? 0));
      expect(hostPid()).not.toBe(before);
      revision = drafts[0]?.revision ?? 0;
    }
    socket.terminate();
  });
  test('where the next one cannot open, the window is told why, and nobody else; it is tried again until it can', async () => {
    const { url = '' } = await start();
    const window = await enter(url);
    const { socket } = await openWire(window);
    const file = join(data, 'data-key');
    const key = readFileSync(file, 'utf8');
    writeFileSync(file, 'nonsense');
    process.kill(hostPid(), 'SIGKILL');
    socket.terminate();
    const ask = (headers: Record<string, string>) =>
      fetch(`${window.origin}/host-failure`, { headers }).catch(() => null);
    const failure = await until(async () => {
      const response = await ask({ cookie: window.cookie });
      return response?.status === 200 ? ((await response.json()) as unknown) : null;
    }, 'the reason');
    expect(failure).toEqual({ code: 'KEY_MISSING', next: 'call-administrator', detail: expect.any(String) });
    expect((await ask({}))?.status).toBe(401);
    writeFileSync(file, key);
    const again = await openWire(window);
    expect(await again.api.host.info({})).toMatchObject({ contractVersion: 1 });
    expect((await ask({ cookie: window.cookie }))?.status).toBe(204);
    again.socket.terminate();
  });
  test('it ends with its launcher', async () => {
    const { url = '' } = await start();
    expect(url).not.toBe('');
    const pid = hostPid();
    for (const child of children) child.kill('SIGKILL');
    await until(async () => !existsSync(`/proc/${pid}`), 'the end of the host');
  });
});
