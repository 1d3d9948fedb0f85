import { afterEach, expect, test } from 'vitest';
import type { HostFailure } from '../../../src/shared/shell-bridge.ts';
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
