import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/main/db/open.ts';
import { FromHost, type ToHost } from '../../src/main/electron/host-messages.ts';
import { REPAIR_EXIT } from '../../src/main/host.ts';
import { applyRows } from '../../src/sync/apply.ts';
import { type DeskClient, hostStart, type TestDesk, temporaryFolder } from '../fakes/desk.ts';
import { sampleRows } from '../fakes/sample-set.ts';
import { contractSuite } from '../integration/contract/contract-suite.ts';
import { makeAppFolder } from './support/app-folder.ts';

/*
 * The bundle that Electron's utility process runs, whole: hand-over, contract, database. An Electron that can load the
 * database is not to be had everywhere, so here it runs in a thread of Node with the same messages.
 */
let folder: Awaited<ReturnType<typeof makeAppFolder>>;
beforeAll(async () => {
  folder = await makeAppFolder({ page: 'tests/electron/contract-page.ts' });
});
afterAll(() => folder?.remove());

function startBundle() {
  const bundle = pathToFileURL(join(folder.folder, 'dist', 'electron', 'host-entry.js')).href;
  const worker = new Worker(new URL('./support/bundle-runner.mjs', import.meta.url), {
    workerData: { bundle },
    stderr: true,
  });
  const send = (data: ToHost, port?: MessagePort) =>
    worker.postMessage({ data, ports: port ? [port] : [] }, port ? [port as never] : []);
  return { worker, send, answer: async () => FromHost.parse((await once(worker, 'message'))[0]) };
}

async function openBundleDesk(start: ReturnType<typeof hostStart>): Promise<TestDesk> {
  const { worker, send } = startBundle();
  const { port1, port2 } = new MessageChannel();
  send(start);
  // At once, as the shell does: the port waits until the host is open.
  send({ type: 'port' }, port1 as unknown as MessagePort);
  const api = createORPCClient<DeskClient>(new RPCLink({ port: port2 as unknown as MessagePort }));
  port2.start();
  return {
    api,
    folder: start.dataFolder,
    close: async () => {
      send({ type: 'stop' });
      await once(worker, 'exit');
      port2.close();
    },
  };
}

contractSuite("the MessagePort of Electron's host bundle", openBundleDesk);

describe("Electron's host bundle", () => {
  it('says why it cannot open, and ends with code 3', async () => {
    const { folder: data, remove } = temporaryFolder();
    const first = startBundle();
    first.send(hostStart(data, 'http://127.0.0.1:9'));
    expect(await first.answer()).toEqual({ type: 'ready' });
    const second = startBundle();
    const exit = once(second.worker, 'exit');
    second.send(hostStart(data, 'http://127.0.0.1:9', { dataKey: 'cd'.repeat(32) }));
    expect(await second.answer()).toMatchObject({ type: 'failed', code: 'HOST_BUSY' });
    expect(await exit).toEqual([3]);
    first.send({ type: 'stop' });
    await once(first.worker, 'exit');
    const third = startBundle();
    third.send(hostStart(data, 'http://127.0.0.1:9', { dataKey: 'cd'.repeat(32) }));
    expect(await third.answer()).toMatchObject({ type: 'failed', code: 'KEY_MISSING', next: 'call-administrator' });
    remove();
  });

  it('that meets a broken page ends, and the next one has set the file aside', async () => {
    const { folder: data, remove } = temporaryFolder();
    const start = hostStart(data, 'http://127.0.0.1:9');
    breakCustomers(data, start.dataKey);
    const first = startBundle();
    const exit = once(first.worker, 'exit');
    first.send(start);
    expect(await first.answer()).toEqual({ type: 'ready' });
    expect(await exit).toEqual([REPAIR_EXIT]);
    const desk = await openBundleDesk(start);
    expect((await desk.api.host.info({})).store).toMatchObject({ cache: 'rebuilt', outbox: 'encrypted' });
    await desk.close();
    remove();
  });
});

/** A desk with customers whose first page of customers is broken on the disk. */
function breakCustomers(folder: string, dataKey: string | null): void {
  const store = openStore({ folder, dataKey, mayUseKeyFile: false, now: Date.now, log: () => {} });
  store.cache.transaction(() => applyRows(store.cache, sampleRows(Date.now()))).immediate();
  const root = store.cache.prepare(`SELECT rootpage AS page FROM sqlite_schema WHERE name = 'customer'`).get();
  store.close();
  const file = openSync(join(folder, 'cache.db'), 'r+');
  writeSync(file, Buffer.alloc(64, 0x5a), 0, 64, ((root as { page: number }).page - 1) * 4096 + 100);
  closeSync(file);
}
