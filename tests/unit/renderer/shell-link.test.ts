import { afterEach, expect, test } from 'vitest';
import type { DangolShell, HostFailure, ShellEvent, ShellMessage } from '../../../src/shared/shell-bridge.ts';
import { readyWorld, type World } from './world.ts';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});
const failed = (world: World) => world.desk.shell.store.getState().hostFailed?.code ?? null;

test('a host that cannot come back: the window says why, and stops saying it once there is one', async () => {
  const reason: HostFailure = { code: 'DISK_FULL', next: 'free-disk-space', detail: 'SQLITE_FULL' };
  const world = await readyWorld({ askWhy: async () => reason });
  worlds.push(world);
  expect(failed(world)).toBeNull();
  world.host.kill();
  await world.until(() => failed(world) === 'DISK_FULL');
  world.host.restart();
  await world.until(() => world.desk.connection.getState().status === 'up');
  expect(failed(world)).toBeNull();
});

test('no answer is no reason: the program is only restarting', async () => {
  let asked = 0;
  const askWhy = async () => {
    asked += 1;
    throw new Error('no connection');
  };
  const world = await readyWorld({ askWhy });
  worlds.push(world);
  world.host.kill();
  await world.until(() => asked > 0);
  expect(failed(world)).toBeNull();
});

test('the key for selected numbers: asked of the shell when it is chosen, and said where another program has it', async () => {
  const sent: ShellMessage[] = [];
  let tell: (event: ShellEvent) => void = () => {};
  const shell: DangolShell = {
    kind: 'electron',
    send: (message) => sent.push(message),
    onEvent: (listener) => {
      tell = listener;
      return () => {};
    },
  };
  const world = await readyWorld({ shell });
  worlds.push(world);
  const keys = () => sent.filter(({ type }) => type === 'dial_key');
  expect(world.desk.shell.dialKeys).toBe(true);
  expect(keys()).toEqual([]);
  await world.desk.settings.save({ dialKey: 'Control+Alt+D' });
  expect(keys()).toEqual([{ type: 'dial_key', key: 'Control+Alt+D' }]);
  tell({ type: 'dial_key', key: 'Control+Alt+D', held: false });
  expect(world.desk.shell.store.getState().dialKeyTaken).toBe(true);
  // A press without a number opens the dial box all the same.
  tell({ type: 'tel', number: '' });
  expect(world.desk.shell.store.getState().tel?.number).toBe('');
});

test('a browser has no such key', async () => {
  const world = await readyWorld({});
  worlds.push(world);
  expect(world.desk.shell.dialKeys).toBe(false);
});
