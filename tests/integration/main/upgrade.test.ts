import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { CACHE_MIGRATIONS, OUTBOX_MIGRATIONS } from '../../../src/main/db/migrate.ts';
import { openStore } from '../../../src/main/db/open.ts';
import type { Operation } from '../../../src/shared/sync-wire.ts';
import { hostStart, openPortDesk, temporaryFolder, until } from '../../fakes/desk.ts';
import { PASSWORD, startHttpCentre } from '../../fakes/http-centre.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';
import { FROZEN_KEY, frozenName, keptRows } from '../../fixtures/schemas/freeze.ts';

const FROZEN = 'tests/fixtures/schemas';
interface FrozenOperation {
  op_id: string;
  status: string;
  payload: string;
}
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A desk's folder as an older Dangol left it. */
function frozenFolder(cache: number, outbox: number): string {
  const { folder, remove } = temporaryFolder();
  cleanups.push(remove);
  copyFileSync(join(FROZEN, `${frozenName('cache', cache)}.db`), join(folder, 'cache.db'));
  copyFileSync(join(FROZEN, `${frozenName('outbox', outbox)}.db`), join(folder, 'outbox.db'));
  return folder;
}
const frozenRows = (outbox: number): Record<string, unknown[]> =>
  JSON.parse(readFileSync(join(FROZEN, `${frozenName('outbox', outbox)}.json`), 'utf8'));

test('S3 every step of both schemas is frozen: whoever adds one runs freeze.ts in the same commit', () => {
  for (const { number } of CACHE_MIGRATIONS)
    expect(existsSync(join(FROZEN, `${frozenName('cache', number)}.db`))).toBe(true);
  for (const { number } of OUTBOX_MIGRATIONS) {
    expect(existsSync(join(FROZEN, `${frozenName('outbox', number)}.db`))).toBe(true);
  }
});

const PAIRS = CACHE_MIGRATIONS.flatMap((cache) =>
  OUTBOX_MIGRATIONS.map((outbox) => ({ cache: cache.number, outbox: outbox.number })),
);

describe.each(PAIRS)('a desk of cache schema $cache and outbox schema $outbox', ({ cache, outbox }) => {
  test('S3 opens with every act, draft and call byte for byte, and with its customers', () => {
    const folder = frozenFolder(cache, outbox);
    const options = { folder, dataKey: FROZEN_KEY, mayUseKeyFile: false, now: () => Date.UTC(2026, 10, 24) };
    const store = openStore({ ...options, log: () => {} });
    cleanups.push(() => store.close());
    expect(store.status).toMatchObject({ cache: 'encrypted', outbox: 'encrypted', lostOperations: 0 });
    const kept = keptRows(store.outbox);
    // A column that came later is empty in them; every one that there was is as it was.
    for (const [table, rows] of Object.entries(frozenRows(outbox)))
      expect([table, kept[table]]).toMatchObject([table, rows]);
    expect(store.cache.pragma('user_version')).toBe(CACHE_MIGRATIONS.at(-1)?.number);
    expect(store.outbox.pragma('user_version')).toBe(OUTBOX_MIGRATIONS.at(-1)?.number);
    const row = store.cache.prepare('SELECT name FROM customer WHERE id = ?').get(SAMPLE.gold.id);
    expect(row).toEqual({ name: SAMPLE.gold.name });
  });

  test('S3 sends what waited as it was written, in its order; what was refused still waits for a decision', async () => {
    const centre = await startHttpCentre(Date.now);
    cleanups.push(() => centre.close());
    const sent: Operation[] = [];
    const push = centre.oracle.push.bind(centre.oracle);
    centre.oracle.push = (request) => {
      sent.push(...(request.operations as Operation[]));
      return push(request);
    };
    const desk = await openPortDesk(hostStart(frozenFolder(cache, outbox), centre.url, { dataKey: FROZEN_KEY }));
    cleanups.push(() => desk.close());
    await desk.api.session.signIn({ login: 'agent1', password: PASSWORD });
    const pending = (frozenRows(outbox).operation as FrozenOperation[]).filter(({ status }) => status === 'pending');
    const waited = new Set(pending.map(({ op_id }) => op_id));
    const arrived = () => sent.filter(({ opId }) => waited.has(opId));
    await until(async () => new Set(arrived().map(({ opId }) => opId)).size === pending.length, 'the old outbox');
    const once = [...new Map(arrived().map((operation) => [operation.opId, operation])).values()];
    expect(once.map(({ opId, payload }) => [opId, JSON.stringify(payload)])).toEqual(
      pending.map(({ op_id, payload }) => [op_id, payload]),
    );
    await until(async () => (await desk.api.sync.status({})).phase === 'idle', 'in step');
    const { items } = await desk.api.sync.attention({});
    expect(items.filter(({ reason }) => reason === 'rejected').length).toBeGreaterThanOrEqual(8);
  });
});
