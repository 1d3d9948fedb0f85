// The centre of a first load in a process of its own: every page is made and compressed before, so that it takes next to no time
// of the processors that the bench measures. Told its LoadPlan as JSON in the first argument; tells its port and its rows.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { SNAPSHOT_MAX_ROWS } from '../../../src/shared/sync-wire.ts';
import { LOAD_TABLES, type LoadPlan, loadRows } from './load-rows.ts';

const plan = JSON.parse(process.argv[2] ?? '') as LoadPlan;
const pages = new Map<string, Buffer>();
let total = 0;
for (const [table, rows] of loadRows(plan)) {
  total += rows.length;
  for (let at = 0; at === 0 || at < rows.length; at += SNAPSHOT_MAX_ROWS) {
    const page = rows.slice(at, at + SNAPSHOT_MAX_ROWS);
    const next = at + SNAPSHOT_MAX_ROWS < rows.length ? page.at(-1)?.id : null;
    const text = JSON.stringify({ epoch: 'one', rows: page, next, end: 'end' });
    pages.set(`${table} ${at === 0 ? '' : rows[at - 1]?.id}`, gzipSync(text, { level: 1 }));
  }
}
const serverTime = new Date(plan.now).toISOString();
const tables = LOAD_TABLES.map((table) => ({ table, count: table === 'customer' ? total : 0 }));
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://centre.invalid');
  const page = pages.get(`${url.searchParams.get('table')} ${url.searchParams.get('after') ?? ''}`);
  response.setHeader('content-type', 'application/json');
  if (url.pathname.endsWith('/start')) {
    response.end(JSON.stringify({ epoch: 'one', cursor: 'here', tables, serverTime }));
  } else if (page) response.setHeader('content-encoding', 'gzip').end(page);
  else response.end(JSON.stringify({ epoch: 'one', rows: [], cursor: 'here', more: false, serverTime }));
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
