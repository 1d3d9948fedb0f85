import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { connect } from '../../../src/main/db/connection.ts';
import { hostStart, openPortDesk, type TestDesk, temporaryFolder, until } from '../../fakes/desk.ts';
import { PASSWORD, startHttpCentre } from '../../fakes/http-centre.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test('D11 a lost outbox is told to the supervisor too: the next agent at this desk sends the entry, once', async () => {
  const centre = await startHttpCentre(Date.now);
  const { folder, remove } = temporaryFolder();
  cleanups.push(remove, () => centre.close());
  const open = async (): Promise<TestDesk> => openPortDesk(hostStart(folder, centre.url));
  const first = await open();
  await first.api.session.signIn({ login: 'agent1', password: PASSWORD });
  await first.api.customer.open({
    phone: SAMPLE.gold.phone,
    callId: SAMPLE.gold.id,
    customerRef: null,
    direction: 'in',
  });
  await first.close();
  const file = openSync(join(folder, 'outbox.db'), 'r+');
  writeSync(file, Buffer.alloc(64, 0x5a), 0, 64, 100);
  closeSync(file);

  const second = await open();
  expect((await second.api.host.info({})).store).toMatchObject({ outbox: 'salvaged', lostOperations: null });
  await second.api.session.signIn({ login: 'agent2', password: PASSWORD });
  await until(async () => (await second.api.sync.status({})).phase === 'idle', 'the bootstrap');
  await second.close();
  const third = await open();
  await third.close();
  const db = connect({ file: join(folder, 'outbox.db'), key: 'ab'.repeat(32) });
  const rows = db.prepare('SELECT entry FROM access_log ORDER BY seq').all() as { entry: string }[];
  db.close();
  const told = rows.map(({ entry }) => JSON.parse(entry)).filter(({ action }) => action === 'store_loss');
  expect(told).toMatchObject([
    {
      seq: 1,
      agentId: SAMPLE.otherAgent.id,
      customerId: null,
      context: expect.stringContaining('how many is not known'),
    },
  ]);
});
