import { expect, test } from 'vitest';
import { warmUpPop } from '../../../src/main/warm-up.ts';
import type { Statement } from '../../../src/sync/sql-db.ts';
import { openTestContext } from '../../fakes/host-context.ts';

test('reads one customer, and nothing where there is none', () => {
  const context = openTestContext();
  expect(warmUpPop(context)).toBe(1);
  context.cache.exec('DELETE FROM contact_point');
  expect(warmUpPop(context)).toBe(0);
});

test('a disk that fails under it ends no host: it runs from a timer, and the pop itself will tell', () => {
  const context = openTestContext();
  const logged: unknown[] = [];
  context.log = (event, data) => logged.push([event, data]);
  const fail = (): never => {
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_READ' });
  };
  const broken: Statement = { run: fail, get: fail, all: fail };
  context.cache = { ...context.cache, prepare: () => broken };
  expect(warmUpPop(context)).toBe(0);
  expect(logged).toEqual([['warm_up.failed', { code: 'SQLITE_IOERR_READ' }]]);
});
