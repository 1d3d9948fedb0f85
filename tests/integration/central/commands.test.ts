import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPglite } from '../../../src/central/db/store.ts';
import { onPostgres } from './stores.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dangol-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(root, 'src/central/start.ts'), ...args], {
    env: { ...process.env, ...env },
  });
  let said = '';
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('\n')) resolve(said.slice(0, said.indexOf('\n')));
    });
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return { firstLine, ended, stop };
}

/** scripts/admin.mjs with this on its stdin. */
function admin(args: string[], stdin = ''): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(root, 'scripts/admin.mjs'), ...args], { cwd: root });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  child.stdin.end(stdin);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

describe('the centre as a command', () => {
  const data = join(folder, 'centre');
  let centre: ReturnType<typeof start>;
  let url = '';
  beforeAll(async () => {
    centre = start(['--port', '0', '--data', data]);
    url = (JSON.parse(await centre.firstLine) as { url: string }).url;
  });
  afterAll(() => centre.stop());
  const run = (args: string[], stdin?: string) =>
    admin([...args, '--url', url, '--token-file', join(data, 'admin-token')], stdin);

  it('keeps its administrator token where only its owner reads it', () => {
    expect(statSync(join(data, 'admin-token')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(data, 'admin-token'), 'utf8')).toMatch(/^dga_/);
  });

  it('refuses a second centre on its folder, and says who holds it', async () => {
    const second = start(['--port', '0', '--data', data]);
    expect(JSON.parse(await second.firstLine)).toMatchObject({
      error: { code: 'HOST_BUSY', detail: expect.stringContaining('already runs') },
    });
    expect(await second.ended).toBe(1);
  });

  it('is administered from the command line', async () => {
    expect((await run(['team', '--name', '1팀'])).out).toContain('1팀: created');
    const user = await run(
      ['user', '--login', 'kim', '--name', '김상담', '--role', 'agent', '--team', '1팀'],
      'correct horse\n',
    );
    expect(user).toMatchObject({ code: 0, out: 'kim: created\n' });
    expect((await run(['list', 'users'])).out).toMatch(/kim +김상담 +agent +1팀/);
    const file = join(folder, 'customers.csv');
    writeFileSync(file, 'customerNumber,name,phone\nC-1,홍길동,010-0000-1234\nC-2,,\n');
    const loaded = await run(['load-customers', file]);
    expect(loaded.out).toMatch(/line 3: INVALID name/);
    expect(loaded.out).toContain('1 new or changed, 0 unchanged, 1 not taken');
  });

  it('reads what Korean Excel saves, and refuses what is no text', async () => {
    const file = join(folder, 'excel.csv');
    // "홍길동" and "김하나" as CP949, which Excel writes for "CSV (comma separated)".
    const cp949 = [
      [0xc8, 0xab, 0xb1, 0xe6, 0xb5, 0xbf],
      [0xb1, 0xe8, 0xc7, 0xcf, 0xb3, 0xaa],
    ].map((b) => Buffer.from(b));
    const [hong = Buffer.alloc(0), kim = Buffer.alloc(0)] = cp949;
    const lines = ['customerNumber,name,phone\r\nX-1,', hong, ',010-0000-5551\r\nX-2,', kim, ',010-0000-5552\r\n'];
    writeFileSync(file, Buffer.concat(lines.map((part) => Buffer.from(part))));
    const loaded = await run(['load-customers', file]);
    expect(loaded.out).toContain('2 new or changed');
    expect(loaded.out).toContain('read as Korean (CP949)');
    const answer = await fetch(`${url}/v1/admin/customers`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${readFileSync(join(data, 'admin-token'), 'utf8').trim()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ customers: [{ customerNumber: 'X-1', name: '홍길동', phones: ['010-0000-5551'] }] }),
    });
    expect(await answer.json()).toMatchObject({ changed: 0, unchanged: 1 });
    writeFileSync(file, Buffer.from([0xff, 0x80, 0x00, 0x81, 0x20, 0x2c, 0xff]));
    const refused = await run(['load-customers', file]);
    expect(refused.err).toMatch(/excel\.csv is neither UTF-8 nor Korean/);
    expect(refused.code).toBe(1);
    writeFileSync(file, '\uFEFFcustomerNumber,name\r\nX-3,이두리\r\n', 'utf16le');
    expect((await run(['load-customers', file])).out).toContain('1 new or changed');
  });

  it('names the line of a do-not-call date that is none, and takes the ways a date is written', async () => {
    const file = join(folder, 'register.csv');
    writeFileSync(file, 'phone,listedAt\n010-0000-6661,2026-11-01\n010-0000-6662,지난주\n');
    const bad = await run(['load-do-not-call', file]);
    expect(bad.err).toMatch(/line 3: listedAt "지난주" is no date/);
    expect(bad.err).not.toMatch(/\n\s+at /);
    writeFileSync(file, 'phone,listedAt\n010-0000-6661,2026. 11. 1.\n010-0000-6662,20261101\n010-0000-6663,\n');
    expect((await run(['load-do-not-call', file])).out).toContain('3 new or changed');
  });

  it('sends its token in the clear to this machine only', async () => {
    const token = ['--token-file', join(data, 'admin-token')];
    const { err, code } = await admin(['list', 'teams', '--url', 'http://crm.example.com', ...token]);
    expect(err).toMatch(/would send the administrator's token unencrypted.*https:\/\/crm\.example\.com.*--allow-http/s);
    expect(code).toBe(1);
  });

  it('says what is wrong and what to do in words', async () => {
    const cases: [string[], RegExp][] = [
      [['no-such-command'], /there is no command no-such-command/],
      [['team'], /--name is missing/],
      [['user', '--login', 'x', '--name', 'x', '--role', 'boss', '--keep-password'], /BAD_INPUT.*role/],
      [['user', '--login', 'lee', '--name', 'x', '--role', 'agent'], /nothing was given on stdin/],
      [['team', '--nam', 'x'], /Unknown option/],
      [['load-customers', '/no/such/file.csv'], /cannot be read/],
    ];
    for (const [args, words] of cases) {
      const { code, err } = await run(args);
      expect(err).toMatch(words);
      expect(err).not.toMatch(/\n\s+at /);
      expect(code).toBe(1);
    }
    const nowhere = await admin([
      'list',
      'teams',
      '--url',
      'http://127.0.0.1:9',
      '--token-file',
      join(data, 'admin-token'),
    ]);
    expect(nowhere.err).toMatch(/no centre answers/);
    expect((await admin(['--help'])).out).toContain('load-customers');
  });
});

describe('a centre that cannot start', () => {
  it('names the port that is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const centre = start(['--port', String(port)]);
    expect(JSON.parse(await centre.firstLine)).toMatchObject({
      error: { code: 'PORT_IN_USE', detail: expect.stringContaining(String(port)) },
    });
    expect(await centre.ended).toBe(1);
    await new Promise((resolve) => other.close(resolve));
  });

  it('says which option it does not understand', async () => {
    for (const args of [['--port', 'x'], ['--host', 'example.com'], ['--nonsense']]) {
      const centre = start(args);
      expect(JSON.parse(await centre.firstLine)).toMatchObject({
        error: { code: 'CONFIG_BROKEN', next: 'check-input' },
      });
    }
  });

  it('leaves a newer database as it is', async () => {
    const data = join(folder, 'newer');
    const first = start(['--port', '0', '--data', data]);
    await first.firstLine;
    await first.stop();
    const store = await openPglite(data);
    await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-from-the-future', '')`.execute(store.db);
    await store.close();
    const second = start(['--port', '0', '--data', data]);
    expect(JSON.parse(await second.firstLine)).toMatchObject({
      error: { code: 'NEWER_DATABASE', next: 'update-dangol' },
    });
    expect(await second.ended).toBe(1);
  });

  it('says that the database does not answer, without its password', async () => {
    const centre = start(['--port', '0'], { DATABASE_URL: 'postgres://dangol:geheim@127.0.0.1:9/dangol' });
    const line = await centre.firstLine;
    expect(JSON.parse(line)).toMatchObject({
      error: { code: 'CONFIG_BROKEN', detail: expect.stringContaining('does not answer') },
    });
    expect(line).not.toContain('geheim');
  });
});

onPostgres('the centre as a command', (store) => {
  it('runs on DATABASE_URL and ends cleanly at SIGTERM', async () => {
    const centre = start(['--port', '0', '--data', join(folder, 'pg')], { DATABASE_URL: await store.newDatabase() });
    const { url } = JSON.parse(await centre.firstLine) as { url: string };
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok', store: 'postgresql' });
    expect(await centre.stop()).toBe(0);
  });
});
