import pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { newId } from '../../../src/shared/ids.ts';
import { LiveMessage, SYNC_TABLES } from '../../../src/shared/sync-wire.ts';
import { codeOf, newCustomer, newNote, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores, onPostgres } from './stores.ts';

/** A live connection that collects what it hears. */
function listen(centre: TestCentre, accessToken: string) {
  const socket = new WebSocket(`${centre.url.replace('http', 'ws')}/v1/sync/live`);
  const heard: LiveMessage[] = [];
  let wake = () => {};
  socket.on('message', (frame) => {
    heard.push(LiveMessage.parse(JSON.parse(String(frame))));
    wake();
  });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', accessToken })));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  const until = async (done: () => boolean) => {
    while (!done()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const pokes = () => heard.filter((message) => message.type === 'poke').length;
  return { socket, heard, closed, pokes, until, close: () => socket.close() };
}

onBothStores('the feed', (store) => {
  let centre: TestCentre;
  let desk: TestDesk;
  beforeAll(async () => {
    centre = await store.start();
    desk = await centre.desk();
  });

  it('C6 brings a bootstrap and everything after it, without a hole and with growing versions', async () => {
    await centre.admin('PUT', 'teams', { name: '1팀' });
    const start = await desk.start();
    expect(start.tables.map(({ table }) => table)).toEqual(Object.keys(SYNC_TABLES));
    expect(start.tables.find(({ table }) => table === 'team')?.count).toBe(1);
    expect(await desk.snapshot('team')).toMatchObject([{ table: 'team', version: 1, data: { name: '1팀' } }]);
    await centre.admin('PUT', 'queues', { name: 'gold', label: { ko: '골드', en: 'Gold' } });
    await centre.admin('PUT', 'queues', { name: 'gold', label: { ko: '골드 고객', en: 'Gold' } });
    const { rows, cursor } = await desk.pullAll(start.cursor);
    expect(rows).toMatchObject([{ table: 'queue', version: 2, data: { label: { ko: '골드 고객' } } }]);
    expect((await desk.pull(cursor)).rows).toEqual([]);
  });

  it('does not move a row that already says the same', async () => {
    const { cursor } = await desk.start();
    await centre.admin('PUT', 'queues', { name: 'gold', label: { ko: '골드 고객', en: 'Gold' } });
    expect((await desk.pull(cursor)).rows).toEqual([]);
  });

  it('C6 comes in pages that miss nothing and repeat nothing', async () => {
    const { cursor } = await desk.start();
    const rows = Array.from({ length: 23 }, (_, i) => ({
      table: 'product',
      data: { id: newId(), code: `P${i}`, name: { ko: '상품', en: 'Product' }, active: true },
    }));
    await centre.admin('POST', 'load', { rows });
    const seen: string[] = [];
    for (let at = cursor; ; ) {
      const page = await desk.pull(at, 5);
      seen.push(...page.rows.map((row) => row.id));
      at = page.cursor;
      if (!page.more) break;
    }
    expect(seen.sort()).toEqual(rows.map(({ data }) => data.id).sort());
    expect((await desk.snapshot('product', 7)).map((row) => row.id)).toEqual([...seen].sort());
  });

  it('takes no cursor that it did not give out', async () => {
    const { cursor } = await desk.start();
    for (const wrong of ['', 'x', cursor.slice(0, -1), cursor.replace(/\.(\d+)\.(\d+)\./, '.9$1.$2.')]) {
      const answer = await desk.get(`/v1/sync/changes?cursor=${wrong}`);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_INPUT']);
    }
  });

  it('C7 pokes whoever listens, once for many changes, and tells nobody else', async () => {
    const desks = [listen(centre, desk.session.accessToken), listen(centre, desk.session.accessToken)];
    for (const live of desks) await live.until(() => live.heard.length > 0);
    expect(desks[0]?.heard).toEqual([{ type: 'welcome', epoch: (await desk.start()).epoch }]);
    await desk.push(...Array.from({ length: 20 }, (_, i) => desk.operation(newNote(`메모 ${i}`, null))));
    for (const live of desks) {
      await live.until(() => live.pokes() > 0);
      live.close();
      await live.closed;
      expect(live.pokes()).toBeLessThan(3);
    }
    const nobody = listen(centre, 'not a token');
    expect(await nobody.closed).toBe(4401);
    expect(nobody.heard).toEqual([]);
  });
});

onPostgres('the feed with many at once', (store) => {
  it('C6 loses no row of 8 writers, whichever commits first', async () => {
    const databaseUrl = await store.newDatabase();
    const centre = await store.start({ databaseUrl });
    const desk = await centre.desk();
    let { cursor } = await desk.start();
    const plain = { url: databaseUrl, seq: '0', seen: new Set<string>() };
    const reader = new pg.Client(databaseUrl);
    await reader.connect();
    const written: string[] = [];
    const writers = Array.from({ length: 8 }, (_, w) => write(databaseUrl, w, 120, written));
    const seen = new Set<string>();
    let writing = true;
    const done = Promise.all(writers).then(() => {
      writing = false;
    });
    while (writing) {
      const page = await desk.pull(cursor);
      for (const row of page.rows) seen.add(row.id);
      cursor = page.cursor;
      const naive = await reader.query('SELECT id, seq::text FROM record WHERE tbl = $2 AND seq > $1 ORDER BY seq', [
        plain.seq,
        'product',
      ]);
      for (const row of naive.rows) {
        plain.seen.add(row.id);
        plain.seq = row.seq;
      }
    }
    await done;
    const last = await desk.pullAll(cursor);
    for (const row of last.rows) seen.add(row.id);
    const rest = await reader.query('SELECT id FROM record WHERE tbl = $2 AND seq > $1', [plain.seq, 'product']);
    for (const row of rest.rows) plain.seen.add(row.id);
    await reader.end();
    expect(written.filter((id) => !seen.has(id))).toEqual([]);
    // That the writers really raced: a reader by number alone misses rows here.
    expect(plain.seen.size).toBeLessThan(written.length);
  });

  it('C9 says in /health how long an open transaction holds it back, and pokes when it goes on', async () => {
    const databaseUrl = await store.newDatabase();
    let now = 1_800_000_000_000;
    const centre = await store.start({ databaseUrl, clock: () => now });
    const desk = await centre.desk();
    const { cursor } = await desk.start();
    const holder = new pg.Client(databaseUrl);
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT pg_current_xact_id()');
    const live = listen(centre, desk.session.accessToken);
    await live.until(() => live.heard.length > 0);
    await desk.do(newNote('뒤에 묶인 메모', null));
    await live.until(() => live.pokes() > 0);
    expect((await desk.pull(cursor)).rows).toEqual([]);
    const health = async () =>
      (await centre.call('GET', '/health')).json as { status: string; horizonLagSeconds: number };
    now += 6000;
    while ((await health()).status !== 'degraded') await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await health()).horizonLagSeconds).toBeGreaterThanOrEqual(5);
    // Counted before: the poke may come while the connection is still being closed.
    const pokes = live.pokes();
    await holder.query('COMMIT');
    await holder.end();
    await live.until(() => live.pokes() > pokes);
    expect((await desk.pullAll(cursor)).rows).toHaveLength(1);
    live.close();
  });

  it('pokes the desks of the other processes of one centre', async () => {
    const databaseUrl = await store.newDatabase();
    const [here, there] = [await store.start({ databaseUrl }), await store.start({ databaseUrl })];
    const desk = await here.desk();
    const live = listen(there, desk.session.accessToken);
    await live.until(() => live.heard.length > 0);
    const before = live.pokes();
    await desk.do(newCustomer('옆 프로세스'));
    await live.until(() => live.pokes() > before);
    live.close();
  });
});

/** One writer: short transactions of its own, some of which stay open for a while after they took their numbers. */
async function write(url: string, writer: number, transactions: number, written: string[]): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  for (let i = 0; i < transactions; i += 1) {
    const id = newId();
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO record (tbl, id, version, deleted, data, xid, seq)
       VALUES ('product', $1, 1, false, $2, pg_current_xact_id(), nextval('record_seq'))`,
      [id, JSON.stringify({ id, code: `${writer}-${i}`, name: { ko: '상품', en: 'Product' }, active: true })],
    );
    if ((i + writer) % 3 === 0) await client.query('SELECT pg_sleep(0.01)');
    await client.query('COMMIT');
    written.push(id);
  }
  await client.end();
}
