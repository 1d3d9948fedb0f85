import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeskConfig } from '../../../src/shared/central-api.ts';
import type { SyncTable } from '../../../src/shared/sync-wire.ts';
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

it('teams, users, lines, queues, codes, reasons, text blocks, fields, products and the PBX: the agent signs in and has all of it', async () => {
  await admin(['team', '--name', '1팀']);
  await admin(['user', '--login', 'kim', '--name', '김상담', '--role', 'agent', '--team', '1팀'], 'correct horse\n');
  await admin(['pbx', '--server', 'wss://pbx.example.com:8089/ws', '--domain', 'pbx.example.com', '--keys', 'info']);
  await admin(['sip-account', '--login', 'kim', '--username', '101', '--display-name', '김상담'], 'line-secret\n');
  await admin(['queue', '--name', 'gold', '--ko', '골드 고객', '--en', 'Gold']);
  await admin(['disposition', '--code', 'resolved', '--ko', '해결', '--en', 'Resolved', '--key', '1']);
  await admin(['break-reason', '--code', 'lunch', '--ko', '점심', '--en', 'Lunch']);
  const block = ['text-block', '--code', '요금안내', '--ko', '요금 안내', '--en', 'Charges explained'];
  const said = ['--text', '{{product}} 청구 금액 안내함.', '--text-en', 'Your bill for {{product}}.'];
  await admin([...block, ...said, '--dispositions', 'resolved']);
  await expect(admin([...block, '--text', '{{custmer}} 안내함.'])).rejects.toThrow(
    /only these may be left open: customer,/,
  );
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
  const interests = ['custom-field', '--key', 'interests', '--type', 'choices', '--ko', '관심사', '--en', 'Interests'];
  await admin([...interests, '--choices', '골프=Golf,여행', '--order', '2', '--searchable']);
  const visit = ['custom-field', '--of', 'case', '--key', 'visit', '--type', 'date', '--ko', '방문일', '--en', 'Visit'];
  await admin(visit);
  await admin([
    'custom-field',
    '--of',
    'product',
    '--key',
    'months',
    '--type',
    'number',
    '--ko',
    '약정',
    '--en',
    'Months',
  ]);
  await admin(['product', '--code', 'NET', '--ko', '기가 인터넷', '--en', 'Giga', '--custom', '{"months": 36}']);
  await expect(
    admin(['product', '--code', 'NET', '--ko', '기가 인터넷', '--en', 'Giga', '--custom', '{"months": "many"}']),
  ).rejects.toThrow(/custom\.months: not a value of this field \(number\)/);
  const promised = [
    'service-level',
    '--zone',
    'Asia/Seoul',
    '--high',
    '30/240',
    '--normal',
    '120/960',
    '--low',
    'none/none',
  ];
  await admin([...promised, '--hours', 'mon-fri=09:00-18:00,sat=09:00-13:00', '--holidays', '2026-12-25']);
  await expect(admin([...promised, '--hours', 'daily'])).rejects.toThrow(/--hours is like mon-fri/);
  await expect(admin([...promised, '--hours', 'sun=20:00-10:00'])).rejects.toThrow(/not understood: hours\.week/);
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
      features: { keys: 'info' },
    },
  });
  const rows = async (table: SyncTable) => (await desk.snapshot(table)).map((row) => row.data);
  expect(await rows('queue')).toMatchObject([{ name: 'gold', label: { ko: '골드 고객' } }]);
  expect(await rows('disposition')).toMatchObject([{ code: 'resolved', key: '1' }]);
  expect(await rows('break_reason')).toMatchObject([{ code: 'lunch', active: true }]);
  expect(await rows('text_block')).toMatchObject([
    {
      code: '요금안내',
      inLanguage: { en: 'Your bill for {{product}}.' },
      text: '{{product}} 청구 금액 안내함.',
      dispositionCodes: ['resolved'],
    },
  ]);
  const nine = { from: 540, to: 1080 };
  expect(await rows('service_level')).toMatchObject([
    {
      hours: { week: [nine, nine, nine, nine, nine, { from: 540, to: 780 }, null], holidays: ['2026-12-25'] },
      limits: { high: { answerMinutes: 30, solutionMinutes: 240 }, low: { answerMinutes: null } },
      warnMinutes: 30,
      pausesWhileWaiting: true,
    },
  ]);
  expect(await rows('custom_field')).toMatchObject([
    { entity: 'customer', key: 'grade', choices: expect.anything() },
    {
      ...{ entity: 'customer', key: 'interests', type: 'choices', searchable: true },
      ...{ choices: ['골프', '여행'], choiceNames: { 골프: { ko: '골프', en: 'Golf' } } },
    },
    { entity: 'case', key: 'visit' },
    { entity: 'product', key: 'months' },
  ]);
  expect(await rows('product')).toMatchObject([{ code: 'NET', custom: { months: 36 } }]);
  expect(readFileSync(join(folder, 'admin-token'), 'utf8')).not.toContain('line-secret');
  // Each command is a process of its own.
}, 180_000);

it('a script comes from a file, with its faults told step by step; it goes to desks, into a file, and away again', async () => {
  await admin(['disposition', '--code', 'done', '--ko', '완료', '--en', 'Done']);
  const text = { ko: '안녕하십니까', en: '' };
  const steps = (next: string) => [
    { kind: 'say', id: 'hello', text, next },
    { kind: 'end', id: 'bye', text, result: 'completed', disposition: 'done' },
  ];
  const file = join(folder, 'script.json');
  const write = (next: string) => {
    const head = { code: 'by_file', title: text, kind: 'survey', chosenWhen: null, requires: [], start: 'hello' };
    writeFileSync(file, JSON.stringify({ ...head, steps: steps(next) }));
  };
  write('hello');
  const bad = await admin(['script', 'import', file, '--publish']);
  expect(bad).toMatch(/version 1 is kept and cannot be published:\s+UNREACHABLE bye\s+ENDLESS_LOOP hello hello/);
  await expect(admin(['script', 'publish', 'by_file'])).rejects.toThrow('ENDLESS_LOOP hello');
  write('bye');
  expect(await admin(['script', 'import', file])).toContain('version 2 is kept, without a fault');
  expect(await admin(['script', 'import', file, '--publish'])).toContain('version 2 is published');
  const desk = await centre.desk('park');
  const codes = async () =>
    (await desk.snapshot('script')).map(({ data }) => (data as { content: { code: string } } | null)?.content.code);
  expect(await codes()).toEqual(['by_file']);
  const copy = join(folder, 'copy.json');
  await admin(['script', 'export', 'by_file', '--to', copy]);
  expect(JSON.parse(readFileSync(copy, 'utf8'))).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  expect(await admin(['script', 'list'])).toMatch(/by_file\s+survey\s+안녕하십니까\s+2\s+version 2/);
  expect(await admin(['script', 'withdraw', 'by_file'])).toContain('withdrawn');
  expect(await codes()).toEqual([]);
  writeFileSync(file, '{"code": "by_file"}');
  await expect(admin(['script', 'import', file])).rejects.toThrow('title');
});
