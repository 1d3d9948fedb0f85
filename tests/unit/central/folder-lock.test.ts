import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockFolder } from '../../../src/central/db/folder-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dangol-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const held = (pid: number, started = 'x') =>
  writeFileSync(join(folder, 'central.lock'), JSON.stringify({ pid, started }));

it('refuses a folder that somebody holds, and gives it to the next when it is given back', () => {
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'HOST_BUSY' }));
  unlock();
  lockFolder(folder)();
  expect(existsSync(join(folder, 'central.lock'))).toBe(false);
});

it('respects another living process', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  held(child.pid ?? 0);
  expect(() => lockFolder(folder)).toThrow(new RegExp(`process ${child.pid} already`));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  lockFolder(folder)();
});

it('takes over from an earlier process with the same number, as in a restarted container', () => {
  held(process.pid, 'an earlier start');
  lockFolder(folder)();
});

it('takes over a lock that cannot be read', () => {
  writeFileSync(join(folder, 'central.lock'), 'torn');
  lockFolder(folder)();
});
