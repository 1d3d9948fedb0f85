import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { CentralOptions } from '../../../src/central/server.ts';
import { startTcpProxy } from '../../fakes/tcp-proxy.ts';
import { newCall, newCustomer, newNote, type TestCentre } from '../central/kit.ts';
import { onBothStores, type TestStore } from '../central/stores.ts';
import { type EngineDesk, startEngineDesk } from './kit.ts';

onBothStores('two desks and a real centre', (store) => {
  // One centre for all tests but the restart: every test has texts of its own.
  let centre: TestCentre;
  beforeAll(async () => {
    centre = await store.start();
  });
  const open: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.stop();
  });
  const keep = async <T extends { stop(): Promise<void> }>(thing: Promise<T>): Promise<T> => {
    open.push(await thing);
    return thing;
  };
  const desk = (centre: TestCentre, login: string, url?: string) => keep(startEngineDesk(centre, login, url));
  const proxyTo = async (centre: TestCentre) => {
    const { hostname, port } = new URL(centre.url);
    const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    open.push({ stop: () => proxy.close() });
    return proxy;
  };
  const idle = (one: EngineDesk) => one.until(() => one.engine.status().phase === 'idle');

  test('S30 S32 a call with a new customer and a note on one desk is on the other', async () => {
    const [one, two] = [await desk(centre, 'kim'), await desk(centre, 'lee')];
    await Promise.all([idle(one), idle(two)]);
    const customer = newCustomer('홍길동');
    const call = newCall(customer.customerId);
    one.act(customer, call, newNote('환불 문의', customer.customerId, call.interactionId));
    await two.until(() => two.notes().includes('환불 문의'));
    await one.until(() => one.statuses().every((status) => status === 'acknowledged'));
    const last8 = two.dbs.cache.prepare('SELECT last8 FROM contact_point WHERE customer_id = ?').pluck();
    expect(last8.get(customer.customerId)).toBe('00001234');
    // What one desk holds is what the other holds, down to versions.
    for (const table of ['customer', 'contact_point', 'interaction', 'note', 'agent', 'disposition']) {
      const rows = (of: EngineDesk) =>
        JSON.stringify(of.dbs.cache.prepare(`SELECT id, version, data FROM ${table} ORDER BY id`).all());
      await one.until(() => rows(one) === rows(two));
    }
  });

  test('S23 a refused operation stays for a decision; the rest flows on', async () => {
    const one = await desk(centre, 'kim');
    await idle(one);
    const nobody = newCustomer('nobody').customerId;
    one.act(newNote('of nobody', nobody), newNote('fine', null));
    await one.until(() => one.statuses().every((status) => status !== 'pending'));
    expect(one.statuses()).toEqual(['rejected', 'acknowledged']);
    expect(one.dbs.outbox.prepare('SELECT reply_code FROM operation').pluck().get()).toBe('UNKNOWN_CUSTOMER');
    expect(one.engine.status()).toMatchObject({ pending: 0, attention: 1 });
  });

  test('S22 S40 lost replies: every note is there once, without anybody typing again', async () => {
    const proxy = await proxyTo(centre);
    const one = await desk(centre, 'kim', proxy.url);
    await idle(one);
    proxy.cut();
    proxy.mode = 'lose-replies';
    for (let n = 0; n < 5; n++) one.act(newNote(`note ${n}`, null));
    await proxy.lost(3);
    proxy.mode = 'pass';
    await one.until(() => one.statuses().every((status) => status === 'acknowledged'));
    const two = await desk(centre, 'lee');
    await idle(two);
    expect(
      two
        .notes()
        .filter((text) => text.startsWith('note '))
        .sort(),
    ).toEqual(['note 0', 'note 1', 'note 2', 'note 3', 'note 4']);
  });

  test('S31 S40 the centre goes away and comes back: desks work on, then are in step', async () => {
    const other = await restartable(store);
    const [one, two] = [await desk(other.now, 'kim'), await desk(other.now, 'lee')];
    await Promise.all([idle(one), idle(two)]);
    await other.stop();
    const customer = newCustomer('손님');
    one.act(customer, newNote('while it was away', customer.customerId));
    await one.until(() => one.engine.status().phase === 'offline');
    expect(one.engine.status()).toMatchObject({ pending: 2, problem: { code: 'CENTRE_UNREACHABLE' } });
    await other.startAgain();
    await two.until(() => two.notes().length === 1);
    await one.until(() => one.statuses().every((status) => status === 'acknowledged'));
    await other.end();
  });

  test('S25 a cloned desk becomes a desk of its own, with the same token', async () => {
    const one = await desk(centre, 'kim');
    await idle(one);
    one.act(newNote('first', null));
    await idle(one);
    await one.until(() => one.statuses()[0] === 'acknowledged');
    // The clone did something under the same number in the meantime.
    one.dbs.outbox.prepare('UPDATE device SET next_seq = 1').run();
    one.dbs.outbox.prepare('DELETE FROM operation').run();
    one.act(newNote('second', null), newNote('third', null));
    await one.until(() => one.statuses().length === 2 && one.statuses().every((status) => status === 'acknowledged'));
    expect(one.events.filter((event) => event.type === 'device_changed')).toHaveLength(1);
    await one.until(() => ['first', 'second', 'third'].every((text) => one.notes().includes(text)));
    expect(one.engine.status().problem).toBeNull();
  });

  test('S50 an erased customer leaves every desk', async () => {
    const [one, two] = [await desk(centre, 'kim'), await desk(centre, 'lee')];
    await Promise.all([idle(one), idle(two)]);
    const customer = newCustomer('지워질 사람');
    one.act(customer, newNote('지워질 메모', customer.customerId));
    await two.until(() => two.notes().includes('지워질 메모'));
    await one.until(() => one.statuses().every((status) => status === 'acknowledged'));
    await centre.admin('DELETE', `customers/${customer.customerId}`);
    await Promise.all([one, two].map((each) => each.until(() => !each.notes().includes('지워질 메모'))));
    for (const each of [one, two]) {
      const held = each.dbs.cache.prepare('SELECT 1 FROM customer WHERE id = ?').pluck();
      await each.until(() => held.get(customer.customerId) === undefined);
      await each.until(() => each.events.some((event) => event.type === 'customers_deleted'));
    }
    await one.until(() => one.statuses().length === 0);
  });
});

/** A centre that can stop and come back on its port with its data. */
async function restartable(store: TestStore) {
  const folder = mkdtempSync(join(tmpdir(), 'dangol-sync-'));
  const databaseUrl = await store.newDatabase?.();
  const kept: Partial<CentralOptions> = databaseUrl ? { databaseUrl } : { dataFolder: folder };
  const first = await store.start(kept);
  return {
    now: first,
    stop: () => first.close(),
    startAgain: () => store.start({ ...kept, port: Number(new URL(first.url).port) }),
    end: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
