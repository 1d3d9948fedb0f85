import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { incoming } from './inbound-kit.ts';
import { startTestCentre, type TestCentre } from './kit.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dangol-sources-'));
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
function admin(...args: string[]): Promise<string> {
  const where = ['--url', centre.url, '--token-file', join(folder, 'admin-token')];
  const child = spawn(process.execPath, [join(root, 'scripts/admin.mjs'), ...args, ...where], { cwd: root });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += String(chunk)));
  child.stdin.end();
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve(said) : reject(new Error(`${args[0]}: ${said}`))));
  });
}

it('a form and a service are made, changed, listed, renewed, switched off and tried by commands', async () => {
  const made = await admin(
    ...['message-source', '--name', 'shop-form', '--kind', 'form', '--label', '홈페이지 문의'],
    ...['--fields', 'name=성함,text=문의 내용,phone=-'],
  );
  const [, secret = ''] = /shown this once: (dgs_\S+)/.exec(made) ?? [];
  expect(secret).not.toBe('');
  expect(made).toContain('/v1/inbound/shop-form');
  const talk = ['message-source', '--name', 'talk', '--kind', 'service', '--label', '상담톡'];
  await admin(...talk, '--reply-url', 'https://chat.example.com/dangol');
  expect(await admin('message-source', '--name', 'talk', '--off')).toBe('talk: saved\n');
  const renewed = await admin('message-source-secret', '--name', 'shop-form', '--at-once');
  expect(renewed).toContain('the old one has ended');
  expect(await admin('try-message-source', '--name', 'shop-form', '--text', '잘 보이나요')).toContain('it has arrived');
  const listed = await admin('list', 'message-sources');
  expect(listed).toMatch(/shop-form +web +홈페이지 문의/);
  expect(listed).toMatch(/talk .*https:\/\/chat\.example\.com\/dangol .*false/);
  expect(listed).not.toContain('dgs_');
  expect(await admin('message-keeping', '--source-days', '90')).toBe('sources: kept 90 days\n');
  expect(await admin('list', 'message-keeping')).toContain('90');
  const rows = await incoming(await centre.desk());
  expect(rows.map(({ message }) => message?.text)).toEqual(['잘 보이나요']);
}, 120_000);

it('what a command cannot mean is refused before the centre is asked', async () => {
  const source = ['message-source', '--name', 'x'];
  await expect(admin(...source, '--kind', 'fax')).rejects.toThrow('form or service');
  await expect(admin(...source, '--fields', 'iban=x')).rejects.toThrow('ROLE=FIELD is wanted');
  await expect(admin(...source, '--on', '--off')).rejects.toThrow('either --on or --off');
  await expect(admin('message-source-secret', '--name', 'nobody')).rejects.toThrow('there is no source nobody');
}, 120_000);
