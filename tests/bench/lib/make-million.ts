// node tests/bench/lib/make-million.ts FOLDER [CUSTOMERS]: the folder of a desk with this many customers, for `npm run bench -- million`.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../../src/main/db/open.ts';
import { fillMillion } from './million-cache.ts';

export const MILLION_KEY = 'ab'.repeat(32);

/** Makes the folder unless it is there already. */
export function makeMillion(folder: string, customers: number): void {
  const done = join(folder, `filled-${customers}`);
  if (existsSync(done)) return;
  const store = openStore({ folder, dataKey: MILLION_KEY, mayUseKeyFile: false, now: Date.now, log: () => {} });
  const from = performance.now();
  let rows = 0;
  let told = 0;
  fillMillion(store.cache, customers, (more) => {
    rows += more;
    if (rows - told < 500_000) return;
    told = rows;
    process.stderr.write(`${rows} rows, ${Math.round((1000 * rows) / (performance.now() - from))} a second\n`);
  });
  store.cache.pragma('wal_checkpoint(TRUNCATE)');
  store.close();
  writeFileSync(done, '');
}

if (import.meta.main) makeMillion(process.argv[2] ?? '', Number(process.argv[3] ?? 1_000_000));
