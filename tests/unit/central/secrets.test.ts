import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createSecrets, secretKeyIn } from '../../../src/central/secrets.ts';
import { temporaryFolder } from '../../fakes/desk.ts';

const folders: (() => void)[] = [];
afterEach(() => {
  for (const remove of folders.splice(0)) remove();
});
function newFolder(): string {
  const { folder, remove } = temporaryFolder();
  folders.push(remove);
  return folder;
}

test('a key is made once, for its owner only, and opens what it sealed also at the next start', () => {
  const folder = newFolder();
  const sealed = createSecrets(secretKeyIn(folder, undefined)).seal('비밀번호');
  expect(createSecrets(secretKeyIn(folder, undefined)).open(sealed)).toBe('비밀번호');
  expect(statSync(join(folder, 'secret-key')).mode & 0o777).toBe(0o600);
});

test('a key that is damaged, or cannot be read, stops the start and stays as it is: it is never made anew', () => {
  const folder = newFolder();
  const path = join(folder, 'secret-key');
  writeFileSync(path, 'half a ke');
  expect(() => secretKeyIn(folder, undefined)).toThrow(/put the file back/);
  expect(readFileSync(path, 'utf8')).toBe('half a ke');
  const other = newFolder();
  // Whatever stands there is no file that can be read.
  mkdirSync(join(other, 'secret-key'));
  expect(() => secretKeyIn(other, undefined)).toThrow(/nothing was changed/);
});
