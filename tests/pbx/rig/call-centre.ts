import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { AdminCustomer } from '../../../src/shared/central-admin-api.ts';
import { type LogWatch, watchLog } from '../../fakes/log-watch.ts';

const project = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

type Customer = Pick<z.input<typeof AdminCustomer>, 'customerNumber' | 'name' | 'phones' | 'tier'>;

export const AGENT_PASSWORD = 'a-long-enough-one';

/** A business of one queue and two agents, told to its centre as an administrator tells it: by the API, with its PBX. */
export interface CallCentre {
  /** Opens a desk of its own (own data folder) in the browser shell; resolves with the address that signs the window in. */
  startDesk: () => Promise<string>;
  /** What an agent of the centre reads there, asked with the administrator's token. */
  administer: (method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown) => Promise<unknown>;
  /** Where everything of it lies: `central`, `desk-1`, `desk-2` …. */
  readonly folder: string;
  /** Everything that centre and desks have logged so far. */
  logs: () => string;
  /** Rejects where a server logged a number or a credential. */
  close: () => Promise<void>;
}

/** @param server the WebSocket address of the PBX. */
export async function startCallCentre(server: string, customers: readonly Customer[]): Promise<CallCentre> {
  const folder = mkdtempSync(join(tmpdir(), 'dangol-call-centre-'));
  const children: ChildProcess[] = [];
  const logs: LogWatch[] = [];
  const start = async (entry: string, args: readonly string[]) => {
    const { child, url, log } = await startPart(entry, args);
    children.push(child);
    logs.push(log);
    return url;
  };
  const data = join(folder, 'central');
  const central = await start('src/central/start.ts', ['--port', '0', '--data', data]);
  const token = readFileSync(join(data, 'admin-token'), 'utf8').trim();
  const administer: CallCentre['administer'] = async (method, path, body) => {
    const response = await fetch(`${central}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  await furnish(administer, server, customers);
  let desks = 0;
  return {
    administer,
    folder,
    logs: () => logs.map((log) => log.text()).join('\n'),
    startDesk: () => {
      desks += 1;
      const deskData = join(folder, `desk-${desks}`);
      mkdirSync(deskData, { recursive: true });
      writeFileSync(join(deskData, 'dangol.json'), JSON.stringify({ allowKeyFile: true }));
      const page = join(project, 'dist', 'renderer');
      return start('src/main/serve/start.ts', [
        '--port',
        '0',
        '--central',
        central,
        '--data',
        deskData,
        '--page',
        page,
      ]);
    },
    close: async () => {
      for (const child of children.reverse()) await end(child);
      rmSync(folder, { recursive: true, force: true });
      for (const log of logs) log.check();
    },
  };
}

async function furnish(administer: CallCentre['administer'], server: string, customers: readonly Customer[]) {
  const put = (thing: string, body: unknown) => administer('PUT', `/v1/admin/${thing}`, body);
  await put('teams', { name: 'Loopback' });
  await put('pbx', { server, domain: '127.0.0.1', iceServers: [] });
  await put('queues', { name: 'support', label: { ko: '고객지원', en: 'Customer care' } });
  const label = { ko: '상담 완료', en: 'Resolved' };
  await put('dispositions', { code: 'resolved', label, key: '1', order: 1, active: true });
  for (const [login, name] of [
    ['agent1', '한가람'],
    ['agent2', '서다온'],
  ] as const) {
    await put('users', { login, name, password: AGENT_PASSWORD, role: 'agent', team: 'Loopback' });
    await put('sip-accounts', { login, username: login, password: `${login}-loopback`, displayName: name });
  }
  const loaded = await administer('POST', '/v1/admin/customers', { customers });
  const errors = (loaded as { errors?: unknown[] }).errors ?? [];
  if (errors.length > 0) throw new Error(`customers were refused: ${JSON.stringify(errors)}`);
}

/** Our servers say { ready: true, url } or { error } on stdout, one line of JSON. Their log is kept for a failure. */
function startPart(
  entry: string,
  args: readonly string[],
): Promise<{ child: ChildProcess; url: string; log: LogWatch }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(project, entry), ...args], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    // The embedded store, whatever the machine is set to.
    env: { ...process.env, DATABASE_URL: '' },
  });
  const log = watchLog(child.stderr, entry);
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as { ready?: boolean; url?: string; error?: { detail?: string } };
      if (message.ready && message.url) resolve({ child, url: message.url, log });
      if (message.error) reject(new Error(`${entry}: ${JSON.stringify(message.error)}`));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${entry} ended with ${code}\n${log.text().slice(-4000)}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}
