import { join } from 'node:path';
import pg from 'pg';
import { cipherOf } from '../../src/main/db/cache-cipher.ts';
import { connect } from '../../src/main/db/connection.ts';
import { openStore } from '../../src/main/db/open.ts';
import { temporaryFolder } from '../fakes/desk.ts';
import { startPostgres } from '../fakes/postgres.ts';
import { seededRandom } from '../fakes/sim-clock.ts';
import { newCustomer, PASSWORD, startTestCentre } from '../integration/central/kit.ts';
import { createCentreProcess, createFleetDesk, type FleetDesk, type Victim } from './fleet.ts';

export interface FireOptions {
  desks: number;
  seconds: number;
  seed: number;
  /** Between two notes of an agent. */
  everyMs: number;
  say: (what: string) => void;
}

export interface FireResult {
  failures: string[];
  saved: number;
  kills: number;
  freezes: number;
  cuts: number;
  /** From healing to empty outboxes. */
  healedMs: number;
}

const GIVE_UP_MS = 120_000;
const LONGEST_HARM_MS = 3000;
const KEY = 'ab'.repeat(32);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Desk hosts and a centre on PostgreSQL, each a process, whose wires are cut in either direction and which are stopped and
 * killed. Afterwards nothing that a host answered for is lost, nothing is there twice, and all desks hold the same.
 */
export async function processesUnderFire(options: FireOptions): Promise<FireResult | { skip: string }> {
  const postgres = await startPostgres();
  if ('skip' in postgres) return postgres;
  const data = temporaryFolder();
  const desks: FleetDesk[] = [];
  let centre: ReturnType<typeof createCentreProcess> | null = null;
  try {
    const { port, customers } = await prepare(postgres.url, data.folder, options.desks);
    centre = createCentreProcess(postgres.url, data.folder, port);
    await centre.start();
    for (let n = 1; n <= options.desks; n += 1) {
      desks.push(await createFleetDesk(`desk${n}`, { port, password: PASSWORD, customers }, options.everyMs));
    }
    for (const desk of desks) await desk.start();
    // Each has a session before the fire: signing in is not what is tried here.
    await until(() => desks.every((desk) => desk.saved.size > 0), 'every desk at work');
    const harm = await fire(options, desks, centre);
    const from = performance.now();
    for (const desk of desks) desk.tell({ type: 'rest' });
    const emptied = await everyOutboxEmpty(desks).catch((error: Error) => error.message);
    const healedMs = performance.now() - from;
    const healed =
      emptied === true ? await everyDeskFull(desks, postgres.url).catch((error: Error) => error.message) : emptied;
    for (const desk of desks) await desk.end();
    const failures = [...(healed === true ? [] : [healed]), ...(await compare(desks, postgres.url))];
    const saved = desks.reduce((sum, desk) => sum + desk.saved.size, 0);
    return { ...harm, failures, saved, healedMs };
  } finally {
    for (const desk of desks) await desk.remove();
    await centre?.end();
    await postgres.stop();
    data.remove();
  }
}

/** Users, customers and the port, by a centre in this process that ends again. */
async function prepare(databaseUrl: string, dataFolder: string, desks: number) {
  const centre = await startTestCentre({ databaseUrl, dataFolder });
  const customers: string[] = [];
  for (let n = 1; n <= desks; n += 1) {
    const desk = await centre.desk(`desk${n}`);
    const customer = newCustomer(`손님 ${n}`, `010-0000-${1000 + n}`);
    await desk.do(customer);
    customers.push(customer.customerId);
  }
  const port = Number(new URL(centre.url).port);
  await centre.close();
  return { port, customers };
}

async function fire({ seconds, seed, say }: FireOptions, desks: FleetDesk[], centre: Victim) {
  const random = seededRandom(seed);
  const until = Date.now() + seconds * 1000;
  const counts = { kills: 0, freezes: 0, cuts: 0 };
  const pending = new Set<Promise<void>>();
  const later = (work: () => unknown) => {
    const done = pause(random() * LONGEST_HARM_MS).then(async () => void (await work()));
    pending.add(done);
    void done.finally(() => pending.delete(done));
  };
  const kill = (victim: Victim) => {
    counts.kills += 1;
    victim.thaw();
    victim.kill();
    later(() => victim.start());
  };
  const freeze = (victim: Victim) => {
    counts.freezes += 1;
    victim.freeze();
    later(() => victim.thaw());
  };
  const cut = ({ proxy }: FleetDesk) => {
    counts.cuts += 1;
    proxy.mode = (['lose-replies', 'lose-requests', 'silent', 'refuse'] as const)[Math.floor(random() * 4)] ?? 'silent';
    if (random() < 0.5) proxy.cut();
    later(() => {
      // A connection that lost bytes in its middle is dead: what forgot it resets it.
      if (proxy.mode !== 'refuse') proxy.cut();
      proxy.mode = 'pass';
    });
  };
  while (Date.now() < until) {
    const desk = desks[Math.floor(random() * desks.length)];
    const dice = random();
    if (dice < 0.08) kill(centre);
    else if (dice < 0.15) freeze(centre);
    else if (desk && dice < 0.4) kill(desk);
    else if (desk && dice < 0.6) freeze(desk);
    else if (desk) cut(desk);
    await pause((1000 + random() * 2000) / desks.length);
    if (Math.floor(random() * 100) === 0) say(`${counts.kills} kills, ${counts.freezes} freezes, ${counts.cuts} cuts`);
  }
  await Promise.all(pending);
  for (const victim of [centre, ...desks]) {
    victim.thaw();
    // A kill may have been on its way when its start came.
    await pause(50);
    await victim.start();
  }
  return counts;
}

async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<true> {
  const end = Date.now() + GIVE_UP_MS;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await pause(100);
  }
  return true;
}

function everyOutboxEmpty(desks: readonly FleetDesk[]): Promise<true> {
  return until(async () => {
    const statuses = await Promise.all(desks.map((desk) => desk.status()));
    return statuses.every((status) => status?.phase === 'idle' && status.pending === 0);
  }, 'empty outboxes');
}

/** Also those that heard no poke: the slow timer brings them there. */
function everyDeskFull(desks: readonly FleetDesk[], databaseUrl: string): Promise<true> {
  return until(async () => {
    const notes = await count(databaseUrl, `SELECT count(*)::int AS n FROM record WHERE tbl = 'note'`);
    return desks.every(({ folder }) => {
      const cache = connect({ file: join(folder, 'cache.db'), key: KEY, cipher: cipherOf(folder, 'cache.db') });
      const held = cache.prepare('SELECT count(*) AS n FROM note').get() as { n: number };
      cache.close();
      return held.n === notes;
    });
  }, 'the same notes everywhere');
}

async function count(databaseUrl: string, text: string): Promise<number> {
  const [row] = await ask<{ n: number }>(databaseUrl, text);
  return row?.n ?? -1;
}

async function ask<T extends object>(databaseUrl: string, text: string): Promise<T[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

async function compare(desks: readonly FleetDesk[], databaseUrl: string): Promise<string[]> {
  const rows = await ask<{ line: string; id: string; text: string }>(
    databaseUrl,
    `SELECT id || ' v' || version AS line, id::text AS id, data->>'text' AS text FROM record WHERE tbl = 'note' AND NOT deleted ORDER BY id`,
  );
  const twice = await count(
    databaseUrl,
    `SELECT (count(*) - count(DISTINCT row_id))::int AS n FROM operation WHERE kind = 'note.save'`,
  );
  const refused = await count(databaseUrl, `SELECT count(*)::int AS n FROM operation WHERE status <> 'applied'`);
  const texts = new Map(rows.map((row) => [row.id, row.text]));
  const failures = [
    ...(twice === 0 ? [] : [`${twice} notes were settled twice`]),
    ...(refused === 0 ? [] : [`${refused} operations were refused`]),
    ...(new Set(texts.values()).size === texts.size ? [] : ['a text is there twice']),
  ];
  const expected = rows.map((row) => row.line).join('\n');
  for (const desk of desks) {
    for (const [id, text] of desk.saved) if (texts.get(id) !== text) failures.push(`${desk.name}: note ${id} is lost`);
    failures.push(...(await onDisk(desk, expected, texts)));
  }
  return failures;
}

async function onDisk(desk: FleetDesk, expected: string, texts: ReadonlyMap<string, string>): Promise<string[]> {
  const options = { folder: desk.folder, dataKey: KEY, mayUseKeyFile: false, now: Date.now, log: () => {} };
  const { cache, outbox, close } = openStore(options);
  try {
    const rows = cache.prepare(`SELECT id || ' v' || version AS line FROM note ORDER BY id`).all() as {
      line: string;
    }[];
    const held = rows.map((row) => row.line).join('\n');
    const draft = outbox.prepare('SELECT text FROM draft WHERE note_id = ?');
    const lost = [...desk.typed].filter(([id, text]) => {
      const kept = draft.get(id) as { text: string } | undefined;
      return texts.get(id) !== text && kept?.text !== text;
    });
    return [
      ...(held === expected
        ? []
        : [`${desk.name} holds ${rows.length} notes, the centre ${expected.split('\n').length}`]),
      ...lost.map(([id]) => `${desk.name}: draft ${id} is lost`),
    ];
  } finally {
    close();
  }
}
