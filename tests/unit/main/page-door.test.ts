import { statSync } from 'node:fs';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPageDoor } from '../../../src/main/serve/page-door.ts';
import { temporaryFolder } from '../../fakes/desk.ts';

let folder: string;
let remove: () => void;
let now = 0;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  now = Date.UTC(2026, 10, 23);
});
afterEach(() => remove());

const openDoor = (port = 4700) => createPageDoor({ folder, port, now: () => now });
function ask(headers: Record<string, string>): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { headers: { host: '127.0.0.1:4700', ...headers } });
}
const cookieOf = (setCookie: string | null) => setCookie?.split(';')[0] ?? '';

test('a token opens once; the next one is another', () => {
  const door = openDoor();
  const token = door.openToken();
  expect(door.takeToken(`${token}x`)).toBeNull();
  expect(door.takeToken(token)).toContain('HttpOnly; SameSite=Strict');
  expect(door.takeToken(token)).toBeNull();
  expect(door.openToken()).not.toBe(token);
});

test('a cookie outlives the host, and not its thirty days', () => {
  const door = openDoor();
  const cookie = cookieOf(door.takeToken(door.openToken()));
  expect(openDoor().isOurs(ask({ cookie: `other=1; ${cookie}` }))).toBe(true);
  now += 31 * 86_400_000;
  expect(openDoor().isOurs(ask({ cookie }))).toBe(false);
});

test('a cookie of another desk on this machine, of another age or of nobody is none', () => {
  const door = openDoor();
  const cookie = cookieOf(door.takeToken(door.openToken()));
  expect(openDoor(4800).isOurs(ask({ host: '127.0.0.1:4800', cookie: cookie.replace('4700', '4800') }))).toBe(false);
  expect(door.isOurs(ask({ cookie: cookie.replace(/=\d/, '=9') }))).toBe(false);
  expect(door.isOurs(ask({ cookie: 'dangol_4700=' }))).toBe(false);
  expect(door.isOurs(ask({}))).toBe(false);
});

test('only a page of this origin speaks, under a name of this machine', () => {
  const door = openDoor();
  const cookie = cookieOf(door.takeToken(door.openToken()));
  expect(door.isOurPage(ask({ cookie, origin: 'http://127.0.0.1:4700' }))).toBe(true);
  expect(door.isOurPage(ask({ cookie, origin: 'http://localhost:4700' }))).toBe(false);
  expect(door.isOurPage(ask({ cookie, origin: 'null' }))).toBe(false);
  expect(door.isOurPage(ask({ cookie }))).toBe(false);
  expect(door.isOurs(ask({ cookie, host: 'desk.example:4700' }))).toBe(false);
});

test('what opens the door is readable by this user alone', () => {
  openDoor().openToken();
  for (const name of ['page-secret', 'open-token']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});
