import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrived, newSource } from './inbound-kit.ts';
import { startTestCentre, type TestCentre } from './kit.ts';

const run = promisify(execFile);
const TOOLS = ['/usr/bin/curl', '/usr/bin/openssl', '/bin/sh'];
const missing = TOOLS.filter((tool) => !existsSync(tool));

/** The block of docs/central.md that posts. */
function example(): string {
  const text = readFileSync(new URL('../../../docs/central.md', import.meta.url), 'utf8');
  const block = [...text.matchAll(/```sh\n(.*?)```/gs)]
    .map(([, lines]) => lines ?? '')
    .find((one) => one.includes('curl'));
  if (!block) throw new Error('docs/central.md has no example');
  return block;
}

let centre: TestCentre;
beforeAll(async () => {
  centre = await startTestCentre();
});
afterAll(() => centre.close());

describe.skipIf(missing.length > 0)('the example of docs/central.md', () => {
  it('runs as it stands, and what it posts is at the desk', async () => {
    const desk = await centre.desk();
    const { secret } = await newSource(centre, { name: 'shop-form', channel: 'web', label: '홈페이지 문의' });
    const env = { ...process.env, SECRET: secret, CENTRE: centre.url };
    const { stdout } = await run('/bin/sh', ['-euc', example()], { env });
    expect(JSON.parse(stdout)).toEqual({ repeated: false });
    expect((await arrived(desk, 'Please move my line')).message).toMatchObject({
      name: '김민지',
      phone: '010-0000-1234',
    });
    const wrong = run('/bin/sh', ['-euc', example()], { env: { ...env, SECRET: 'another' } });
    await expect(wrong).rejects.toMatchObject({ stdout: expect.stringContaining('WRONG_SIGNATURE') });
  });
});
