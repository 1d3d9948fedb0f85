import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Central, startCentral } from '../../../src/central/server.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { CustomerPage, DeskConfig, SignInResponse } from '../../../src/shared/central-api.ts';
import { newId } from '../../../src/shared/ids.ts';
import { PracticeCallResponse, ScenarioList } from '../../../src/shared/practice.ts';
import { BootstrapStart } from '../../../src/shared/sync-wire.ts';
import { openRawDesk } from './support/raw-desk.ts';

let central: Central;
let folder = '';
let open: Sandbox | undefined;
const START = new URL('../../../src/sandbox/start.ts', import.meta.url).pathname;

const start = async (changes: Partial<SandboxOptions> = {}): Promise<Sandbox> => {
  await open?.close();
  const common = { port: 0, centralUrl: central.url, adminToken: central.adminToken, seed: 3, dataFolder: folder };
  open = await startSandbox({ ...common, customers: 30, ...changes });
  return open;
};
const signIn = async (login: string) => {
  const body = JSON.stringify({ login, deviceId: newId() });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${central.url}/v1/sign-in-demo`, { method: 'POST', headers, body });
  return SignInResponse.parse(await response.json());
};
const read = async (login: string, path: string): Promise<unknown> => {
  const { accessToken } = await signIn(login);
  return (await fetch(central.url + path, { headers: { authorization: `Bearer ${accessToken}` } })).json();
};
const look = async (login: string, question: object): Promise<unknown> => {
  const { accessToken } = await signIn(login);
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
  const body = JSON.stringify(question);
  return (await fetch(`${central.url}/v1/customers/lookup`, { method: 'POST', headers, body })).json();
};
const counts = async () => {
  const { tables } = BootstrapStart.parse(await read('agent1', '/v1/sync/start'));
  return Object.fromEntries(tables.map(({ table, count }) => [table, count]));
};

beforeAll(async () => {
  central = await startCentral({ port: 0, practice: true });
});
afterAll(() => central.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dangol-practice-'));
});
afterEach(async () => {
  await open?.close();
  open = undefined;
  rmSync(folder, { recursive: true, force: true });
});

describe('the practice call centre at a centre', () => {
  it('gives every demo person a line that registers and rings', async () => {
    const sandbox = await start();
    for (const [login, role] of [
      ['agent1', 'agent'],
      ['tm1', 'telemarketer'],
      ['super1', 'supervisor'],
    ] as const) {
      expect((await signIn(login)).agent.role).toBe(role);
    }
    const config = DeskConfig.parse(await read('agent1', '/v1/desk-config'));
    expect(config.businessName).toBe('단골텔레콤');
    expect(config.practice).toEqual({ url: sandbox.practiceUrl, token: sandbox.practiceToken });
    const desk = await openRawDesk(config.sip?.server ?? '', config.sip?.username ?? '');
    expect((await desk.register(config.sip?.password ?? '')).status).toBe(200);
    const headers = { authorization: `Bearer ${sandbox.practiceToken}`, 'content-type': 'application/json' };
    const list = ScenarioList.parse(await (await fetch(`${sandbox.practiceUrl}/scenarios`, { headers })).json());
    expect(list.scenarios).toHaveLength(9);
    const body = JSON.stringify({ scenarioId: 'gold-billing', sipUsername: config.sip?.username });
    const made = await fetch(`${sandbox.practiceUrl}/calls`, { method: 'POST', headers, body });
    const { practiceCallId } = PracticeCallResponse.parse(await made.json());
    expect((await desk.next((m) => m.method === 'INVITE')).header('from')).toContain('01000001001');
    const again = await fetch(`${sandbox.practiceUrl}/calls`, { method: 'POST', headers, body });
    expect([again.status, (await again.json()).code]).toEqual([409, 'PRACTICE_UNAVAILABLE']);
    const ended = await fetch(`${sandbox.practiceUrl}/calls/${practiceCallId}`, { method: 'DELETE', headers });
    expect((await ended.json()).state).toBe('ended');
    desk.socket.terminate();
  });

  it('lets nobody in without its token, and says what it does not know', async () => {
    const sandbox = await start();
    const status = async (path: string, token: string, init: RequestInit = {}) =>
      (await fetch(sandbox.practiceUrl + path, { ...init, headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status('/scenarios', 'wrong')).toBe(401);
    expect(await status('/calls/none', sandbox.practiceToken)).toBe(404);
    expect(await status('/elsewhere', sandbox.practiceToken)).toBe(404);
    expect(await status('/calls', sandbox.practiceToken, { method: 'POST', body: '{' })).toBe(400);
    const unknown = JSON.stringify({ scenarioId: 'none', sipUsername: 'agent1' });
    expect(await status('/calls', sandbox.practiceToken, { method: 'POST', body: unknown })).toBe(404);
  });

  it('loads the sample once, adds to it when more is asked for, and has the scenario people in it', async () => {
    const told: number[] = [];
    await start({ progress: (done) => told.push(done) });
    expect(told.at(-1)).toBe(30);
    const first = await counts();
    expect(first).toMatchObject({
      customer: 39,
      disposition: 9,
      break_reason: 6,
      text_block: 8,
      queue: 3,
      agent: 5,
      custom_field: 10,
      script: 13,
    });
    told.length = 0;
    await start({ progress: (done) => told.push(done) });
    expect(told).toEqual([]);
    expect(await counts()).toEqual(first);
    await start({ customers: 40 });
    expect((await counts()).customer).toBe(49);
    const page = CustomerPage.parse(await look('agent1', { phone: '01000003003' }));
    expect(page.customers.map(({ customer }) => customer.name).sort()).toEqual(['백순옥', '임태윤']);
    const { policy } = DeskConfig.parse(await read('tm1', '/v1/desk-config'));
    expect(policy.doNotCallLoadedAt).not.toBeNull();
  });

  it('loads again when the centre has forgotten everything', async () => {
    await start();
    const forgetful = await startCentral({ port: 0, practice: true });
    await start({ centralUrl: forgetful.url, adminToken: forgetful.adminToken });
    const list = await fetch(`${forgetful.url}/v1/admin/users`, {
      headers: { authorization: `Bearer ${forgetful.adminToken}` },
    });
    expect((await list.json()).items).toHaveLength(5);
    await open?.close();
    open = undefined;
    await forgetful.close();
  });

  it('never touches a centre with real data', async () => {
    const real = await startCentral({ port: 0, practice: false });
    const failed = start({ centralUrl: real.url, adminToken: real.adminToken });
    await expect(failed).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const list = await fetch(`${real.url}/v1/admin/users`, { headers: { authorization: `Bearer ${real.adminToken}` } });
    expect((await list.json()).items).toEqual([]);
    await real.close();
  });

  it('says what is wrong: a wrong token, nobody there, nonsense, a taken port', async () => {
    await expect(start({ adminToken: 'dga_wrong' })).rejects.toMatchObject({ code: 'FORBIDDEN', next: 'sign-in' });
    await expect(start({ centralUrl: 'http://127.0.0.1:9' })).rejects.toMatchObject({ code: 'CENTRE_UNREACHABLE' });
    const babbler = createServer((_, response) => response.end('<html>'));
    await new Promise<void>((resolve) => babbler.listen(0, '127.0.0.1', () => resolve()));
    const { port } = babbler.address() as AddressInfo;
    await expect(start({ centralUrl: `http://127.0.0.1:${port}` })).rejects.toMatchObject({ code: 'CENTRE_NONSENSE' });
    await expect(start({ port })).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    babbler.close();
  });
});

describe('npm start’s part', () => {
  const run = (args: string[]) => {
    const child = spawn(process.execPath, [START, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    const lines: Record<string, unknown>[] = [];
    let rest = '';
    const ready = new Promise<void>((resolve) => {
      child.stdout.on('data', (data) => {
        rest += data;
        const parts = rest.split('\n');
        rest = parts.pop() ?? '';
        lines.push(...parts.map((line) => JSON.parse(line)));
        if (lines.some((line) => line.ready)) resolve();
      });
    });
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { child, lines, ready, exit };
  };

  it('prints progress, then where it is, and ends on SIGTERM', async () => {
    const token = join(folder, 'token');
    writeFileSync(token, `${central.adminToken}\n`);
    const args = ['--port', '0', '--central', central.url, '--admin-token-file', token, '--customers', '12'];
    const { child, lines, ready, exit } = run([...args, '--data', join(folder, 'data')]);
    await ready;
    expect(lines).toContainEqual({ progress: 'customers', done: 12, total: 12 });
    expect(lines.at(-1)).toMatchObject({ ready: true });
    expect(lines.at(-1)?.sipUrl).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/ws$/);
    expect(lines.at(-1)?.practiceUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/practice$/);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  it.each([
    [[], 'CONFIG_BROKEN', 'check-input'],
    [['--customers', 'many'], 'CONFIG_BROKEN', 'check-input'],
    [['--nonsense'], 'CONFIG_BROKEN', 'check-input'],
    [['--admin-token-file', '/nowhere/at/all'], 'CONFIG_BROKEN', 'check-input'],
  ])('ends with one error line for %j', async (args, code, next) => {
    const { lines, exit } = run(['--central', 'http://127.0.0.1:9', '--data', folder, ...args]);
    expect(await exit).toBe(1);
    expect(lines).toEqual([{ error: expect.objectContaining({ code, next }) }]);
  });
});
