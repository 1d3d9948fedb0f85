import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openWindow } from '../../../scripts/lib/electron-shell.mjs';

// What `npm start` makes of the Electron program's word. The program is a script that says what Electron would say.

const folder = mkdtempSync(join(tmpdir(), 'dangol-electron-word-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('a window that says that it is ready is open', async () => {
  const opened = await openWindow(program('ready', `echo '{"ready":true}'; exec sleep 60`), []);
  expect(opened.child?.exitCode).toBeNull();
  opened.child?.kill();
});

test('a program that ends says why, in its own words, with the next step', async () => {
  const error = { code: 'CONFIG_BROKEN', detail: 'dangol.json, line 3', next: 'call-administrator' };
  const opened = await openWindow(program('broken', `echo '${JSON.stringify({ error })}'; exit 3`), []);
  expect(opened).toEqual({ child: null, reason: 'dangol.json, line 3; call-administrator' });
});

test('a program that ends without a word, or is none, is no open window', async () => {
  expect(await openWindow(program('silent', 'exit 5'), [])).toEqual({ child: null, reason: 'it ended with code 5' });
  const none = await openWindow(join(folder, 'not-there'), []);
  expect(none).toMatchObject({ child: null, reason: expect.stringContaining('ENOENT') });
});

test('one that stands there and says nothing counts as open', async () => {
  const opened = await openWindow(program('slow', 'exec sleep 60'), [], 50);
  expect(opened.child).not.toBeNull();
  opened.child?.kill();
});
