import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeskConfig } from '../../../src/shared/central-api.ts';
import { startTestCentre, type TestCentre } from './kit.ts';

// A whole business by `npm run admin` alone; after it an agent signs in, and needs to type nothing else.

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dangol-set-up-'));
let centre: TestCentre;

beforeAll(async () => {
  centre = await startTestCentre();
  writeFileSync(join(folder, 'admin-token'), `${centre.adminToken}\n`);
});
afterAll(async () => {
  await centre.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One command as an administrator types it; what it said. Rejects where it failed. */
function admin(args: readonly string[], stdin = ''): Promise<string> {
  const where = ['--url', centre.url, '--token-file', join(folder, 'admin-token')];
  const child = spawn(process.execPath, [join(root, 'scripts/admin.mjs'), ...args, ...where], { cwd: root });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += String(chunk)));
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve(said) : reject(new Error(`${args[0]}: ${said}`))));
  });
}

it('teams, users, lines, queues, codes, reasons, fields and the PBX: the agent signs in and has all of it', async () => {
  await admin(['team', '--name', '1팀']);
  await admin(['user', '--login', 'kim', '--name', '김상담', '--role', 'agent', '--team', '1팀'], 'correct horse\n');
  await admin(['pbx', '--server', 'wss://pbx.example.com:8089/ws', '--domain', 'pbx.example.com']);
  await admin(['sip-account', '--login', 'kim', '--username', '101', '--display-name', '김상담'], 'line-secret\n');
  await admin(['queue', '--name', 'gold', '--ko', '골드 고객', '--en', 'Gold']);
  await admin(['disposition', '--code', 'resolved', '--ko', '해결', '--en', 'Resolved', '--key', '1']);
  await admin(['break-reason', '--code', 'lunch', '--ko', '점심', '--en', 'Lunch']);
  await admin([
    'custom-field',
    '--key',
    'grade',
    '--type',
    'choice',
    '--ko',
    '등급',
    '--en',
    'Grade',
    '--choices',
    'A,B',
  ]);
  const business = JSON.parse(await admin(['list', 'business'])) as { wrapUpSeconds: number };
  writeFileSync(join(folder, 'business.json'), JSON.stringify({ ...business, wrapUpSeconds: 45 }));
  await admin(['business', join(folder, 'business.json')]);

  const desk = await centre.desk('kim');
  const config = DeskConfig.parse((await desk.get('/v1/desk-config')).json);
  expect(config).toMatchObject({
    wrapUpSeconds: 45,
    sip: {
      server: 'wss://pbx.example.com:8089/ws',
      domain: 'pbx.example.com',
      username: '101',
      password: 'line-secret',
    },
  });
  const rows = async (table: 'queue' | 'disposition' | 'break_reason' | 'custom_field') =>
    (await desk.snapshot(table)).map((row) => row.data);
  expect(await rows('queue')).toMatchObject([{ name: 'gold', label: { ko: '골드 고객' } }]);
  expect(await rows('disposition')).toMatchObject([{ code: 'resolved', key: '1' }]);
  expect(await rows('break_reason')).toMatchObject([{ code: 'lunch', active: true }]);
  expect(await rows('custom_field')).toMatchObject([{ key: 'grade', choices: expect.anything() }]);
  expect(readFileSync(join(folder, 'admin-token'), 'utf8')).not.toContain('line-secret');
});
