// The local store: the 360 read against its own statements run raw, the commit of a note, opening, and the fill.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createCustomerDoor, read360 } from '../../src/main/customer-360.ts';
import { READ_360 } from '../../src/main/customer-rows.ts';
import { openStore } from '../../src/main/db/open.ts';
import type { HostContext } from '../../src/main/host-context.ts';
import { saveNote } from '../../src/main/notes.ts';
import { searchCustomers } from '../../src/main/search.ts';
import { systemClock } from '../../src/main/system-clock.ts';
import { newId } from '../../src/shared/ids.ts';
import { applyRows } from '../../src/sync/apply.ts';
import { temporaryFolder } from '../fakes/desk.ts';
import { SAMPLE, sampleId, sampleRows } from '../fakes/sample-set.ts';
import { seededRandom } from '../fakes/sim-clock.ts';
import { percentile, report, reportSpread } from './lib/figures.ts';
import { CALLERS, fillCache, nameOf } from './lib/fill-cache.ts';

const CUSTOMERS = Number(process.env.DANGOL_BENCH_CUSTOMERS ?? 100_000);
const READS = 3000;

const { folder, remove } = temporaryFolder();
const options = { folder, dataKey: 'ab'.repeat(32), mayUseKeyFile: false, now: Date.now, log: () => {} };
const random = seededRandom(1);

/** Milliseconds of each of `count` runs. */
function times(count: number, run: (n: number) => unknown): number[] {
  return Array.from({ length: count }, (_, n) => {
    const from = performance.now();
    run(n);
    return performance.now() - from;
  });
}
const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const anybody = () =>
  `01990000-0000-7abc-8000-${String(Math.floor((random() * CUSTOMERS) / CALLERS) * CALLERS).padStart(12, '0')}`;

try {
  let store = openStore(options);
  const now = Date.now();
  const filledFrom = performance.now();
  applyRows(store.cache, sampleRows(now));
  const rows = fillCache(store.cache, CUSTOMERS);
  const seconds = (performance.now() - filledFrom) / 1000;
  report({ name: `Fill: ${rows} rows of ${CUSTOMERS} customers`, value: rows / seconds, unit: 'rows/s', atMost: null });
  store.close();
  const openedFrom = performance.now();
  store = openStore(options);
  const megabytes = Math.round(statSync(join(folder, 'cache.db')).size / 1e6);
  report({
    name: `Open with its checks (cache.db ${megabytes} MB)`,
    value: performance.now() - openedFrom,
    unit: 'ms',
    atMost: 1500,
  });

  const { cache, outbox } = store;
  const seat = {
    author: () => SAMPLE.agent,
    reader: () => SAMPLE.agent,
    isLine: () => false,
    policy: () => null,
    country: () => 'KR',
  };
  const quiet = { log: () => {}, emit: () => {}, wake: () => {} };
  const context: HostContext = { cache, outbox, clock: systemClock(), seat, ...quiet };
  const door = createCustomerDoor(context);
  const request = (customerId: string) => ({ customerId, callId: null, unmasked: false });
  const interactionIds = (id: string): string => {
    const found = cache.prepare(READ_360.interactions).all(id) as { data: string }[];
    return JSON.stringify(found.map((one) => (JSON.parse(one.data) as { id: string }).id));
  };
  const raw = (id: string, interactions: string) => {
    for (const [name, sql] of Object.entries(READ_360)) {
      if (name === 'interactionNotes' || name === 'ownCalls') cache.prepare(sql).all(interactions, id);
      // Asked only of those who ever bought something: nobody here did.
      else if (name !== 'bought') cache.prepare(sql).all(id);
    }
    cache.prepare('SELECT data FROM custom_field').all();
  };
  const read = (id: string) => read360(outbox, cache, request(id), { country: 'KR', now });
  for (let n = 0; n < 500; n += 1) {
    const id = anybody();
    raw(id, interactionIds(id));
    read(id);
  }
  // In turn, so that whatever else the machine does meets both.
  const both = times(READS, () => 0).map(() => {
    const id = anybody();
    const interactions = interactionIds(id);
    raw(id, interactions);
    const [baseline = 0] = times(1, () => raw(id, interactions));
    const [ours = 0] = times(1, () => read(id));
    return { baseline, ours };
  });
  reportSpread(
    '360 read: its statements run raw',
    both.map((one) => one.baseline),
  );
  reportSpread(
    '360 read',
    both.map((one) => one.ours),
  );
  const ratio = median(both.map((one) => one.ours)) / median(both.map((one) => one.baseline));
  report({ name: '360 read against raw statements', value: ratio, unit: 'ratio', atMost: 2 });
  const pop = (n: number) =>
    door.openByPhone({
      phone: `010${String(n * 31).padStart(8, '0')}`,
      customerRef: null,
      callId: newId(),
      direction: 'in',
    });
  reportSpread('Pop by number with its access entry', times(500, pop));
  const text = (n: number) =>
    [nameOf(n * 13), nameOf(n * 17).slice(1), 'ㄱㅁㅅ', String(n).padStart(4, '0')][n % 4] ?? '';
  reportSpread(
    'Search',
    times(400, (n) => searchCustomers(context, text(n))),
  );
  const note = () => ({ noteId: newId(), callId: null, customerId: sampleId(3, 1), text: '다시 전화하기로 함' });
  const commits = times(1000, () => saveNote(context, note()));
  reportSpread('Commit of a note', commits);
  report({ name: 'Commit of a note, p99', value: percentile(commits, 0.99), unit: 'ms', atMost: 5 });
  store.close();
} finally {
  remove();
}
