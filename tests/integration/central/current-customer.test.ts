import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAdminCall } from '../../../src/central/cli/client.ts';
import { COMMANDS } from '../../../src/central/cli/commands.ts';
import { DeskConfig } from '../../../src/shared/central-api.ts';
import { startTestCentre, type TestCentre } from './kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'dangol-current-'));
let centre: TestCentre;
beforeAll(async () => {
  centre = await startTestCentre();
  writeFileSync(join(folder, 'admin-token'), centre.adminToken);
  const field = { entity: 'customer', choices: [], order: 1, label: { ko: '포인트', en: 'Points' } };
  await centre.admin('PUT', 'custom-fields', { ...field, key: 'points', type: 'number' });
});
afterAll(async () => {
  await centre.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = async (name: string, options: Record<string, string | boolean>, ...rest: string[]) => {
  const call = createAdminCall(centre.url, join(folder, 'admin-token'));
  const said = (async () => COMMANDS[name]?.run(call, options, rest))();
  return said.catch((error: Error) => `FAILED ${error.message}`);
};
const atDesks = async () => DeskConfig.parse((await (await centre.desk()).get('/v1/desk-config')).json).currentCustomer;

it('an administrator says what it means, every desk is told, and it can be shown, changed and taken back', async () => {
  expect(await atDesks()).toBeNull();
  await run('current-customer', { any: 'bought:365,contract,in-use:NET|TV,balance:0,points>1000' });
  const rule = {
    any: [
      { kind: 'bought', withinDays: 365 },
      { kind: 'contract' },
      { kind: 'in_use', codes: ['NET', 'TV'] },
      { kind: 'balance', above: 0 },
      { kind: 'field_above', key: 'points', above: 1000 },
    ],
  };
  expect(await atDesks()).toEqual(rule);
  expect(JSON.parse((await run('list', {}, 'current-customer')) ?? '')).toEqual(rule);
  const file = join(folder, 'rule.json');
  const groups = { all: [{ kind: 'in_use' }, { any: [{ kind: 'contract' }, { kind: 'balance', above: -1 }] }] };
  writeFileSync(file, JSON.stringify(groups));
  await run('current-customer', {}, file);
  expect(await atDesks()).toEqual(groups);
  await run('current-customer', { off: true });
  expect(await atDesks()).toBeNull();
});

it.each([
  [{ any: 'points<30d' }, /points: not to be asked of a number field/],
  [{ any: 'nope=x' }, /nope: there is no such field of customers/],
  [{ all: 'bought:never' }, /not understood/],
  [{ all: 'rich' }, /"rich" is not understood/],
  [{}, /either --any or --all/],
  [{ any: 'contract', all: 'contract' }, /either --any or --all/],
])('%j is refused in words, and changes nothing', async (options, words) => {
  expect(await run('current-customer', options as Record<string, string>)).toMatch(words);
  expect(await atDesks()).toBeNull();
});
