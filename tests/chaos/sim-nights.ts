import { SYNC_TABLES, type SyncTable } from '../../src/shared/sync-wire.ts';
import { forgetCursor, readSyncState } from '../../src/sync/sync-state.ts';
import type { SimClock } from '../fakes/sim-clock.ts';
import { type ActWorld, act, writeNote } from './sim-acts.ts';
import type { SimDesk } from './sim-desk.ts';
import { deskEqualsCentre, outboxesAreEmpty } from './sim-invariants.ts';
import type { SimNetwork } from './sim-network.ts';
import type { Seen } from './sim-seen.ts';

export interface NightWorld {
  random: () => number;
  clock: SimClock;
  network: SimNetwork;
  seen: Seen;
  say: (what: string) => void;
  actWorld: ActWorld;
}

/** The share of runs in which one desk is cut off for long, and for how long: some thirty failures in a row. */
const NIGHTS = 0.16;
const NIGHT_SECONDS = 300;

/** One desk has half a line, or none, for a long time after all others are well: it never gives up, and half a line does half the work. */
export async function longNight(world: NightWorld): Promise<string[]> {
  const { random, clock, seen, say, actWorld, network } = world;
  const desk = seen.centre.isOracle && random() < NIGHTS ? anyOf(random, seen.desks) : undefined;
  if (!desk) return [];
  const kind = anyOf(random, ['nothing', 'push', 'pull', 'release'] as const);
  say(`a night of ${desk.name} without ${kind}`);
  if (kind === 'nothing') desk.partitioned = true;
  else if (kind === 'release') desk.release = network.release + 1;
  else desk.blocked = kind;
  for (let hour = 0; hour < 3; hour += 1) {
    for (const each of seen.desks) act(actWorld, each);
    await clock.advance((NIGHT_SECONDS / 3) * 1000);
  }
  const found = [
    ...(kind === 'push' ? await deskEqualsCentre(seen, desk) : []),
    ...(kind === 'pull' ? outboxesAreEmpty({ ...seen, desks: [desk] }) : []),
  ];
  desk.blocked = null;
  desk.partitioned = false;
  // The centre follows: nothing starts at the desk.
  desk.release = network.release;
  return found.map((text) => `after a night without ${kind}: ${text}`);
}

/** The share of runs in which the centre loses an hour that a single desk knows of. */
const HOURS = 0.2;
const MOMENT_MS = 3000;
/** Also the access entries that wait for company are gone by then: nothing is sent any more. */
const QUIET_MS = 15_000;

/** The centre is an older copy of itself, and one desk alone can know it, each time by something else. */
export async function lostHour(world: NightWorld): Promise<void> {
  const { random, clock, seen, say } = world;
  if (!seen.centre.isOracle || random() >= HOURS) return;
  const teams = seen.desks.filter(({ scope }) => scope === 'team');
  if (teams.length > 0 && random() < 0.6) {
    say('the centre loses an hour in which somebody left');
    return loseDeparted(world, anyOf(random, teams));
  }
  const desk = anyOf(random, seen.desks);
  const others = seen.desks.filter((one) => one !== desk);
  // A copy that comes back under the same name.
  seen.copies += 1;
  seen.doubled = true;
  for (const other of others) other.partitioned = true;
  if (random() < 0.5) await loseSnapshot(world, desk);
  else await loseAcknowledged(world, desk);
  say(`the centre loses an hour of ${desk.name}`);
  await clock.advance(MOMENT_MS);
  for (const other of others) other.partitioned = false;
}

/** Only the operations of a customer who left since say what the centre lost. */
async function loseDeparted({ random, clock, seen, actWorld }: NightWorld, desk: SimDesk): Promise<void> {
  const { centre } = seen;
  const customerId = actWorld.customers.slice(0, 4).find((id) => !seen.everErased.has(id));
  if (customerId === undefined) return;
  centre.comeBack(customerId);
  await clock.advance(MOMENT_MS);
  const backup = await centre.backup();
  // Acknowledged before they left, or after.
  const late = random() < 0.5;
  if (late) desk.blocked = 'push';
  writeNote(actWorld, desk, customerId);
  await clock.advance(MOMENT_MS);
  centre.depart(customerId);
  seen.everDeparted.add(customerId);
  await clock.advance(MOMENT_MS);
  if (late) desk.blocked = 'pull';
  await clock.advance(QUIET_MS);
  await centre.restore(backup, 'dump');
  desk.blocked = null;
}

/** Only an acknowledgement says it: what was pulled last is older than the backup. */
async function loseAcknowledged({ clock, seen, actWorld }: NightWorld, desk: SimDesk): Promise<void> {
  const backup = await seen.centre.backup();
  desk.blocked = 'pull';
  act(actWorld, desk);
  await clock.advance(QUIET_MS);
  await seen.centre.restore(backup, 'base');
  desk.blocked = null;
}

/** Only a page of a snapshot says it: the cursor is of before. */
async function loseSnapshot({ random, clock, network, seen, actWorld }: NightWorld, desk: SimDesk): Promise<void> {
  const { centre } = seen;
  desk.kill();
  desk.dbs.cache.transaction(() => forgetCursor(desk.dbs.cache)).immediate();
  desk.boot();
  for (let waited = 0; waited < 100 && readSyncState(desk.dbs.cache).bootstrap === null; waited += 1) {
    await clock.advance(50);
  }
  const backup = await centre.backup();
  for (const id of actWorld.customers) await centre.rename(id, `Customer ${seen.wordOf(id)} of a lost hour`);
  const lastTable = Object.keys(SYNC_TABLES).at(-1) as SyncTable;
  network.served = (who, { table }, page) => {
    if (who !== desk || table !== lastTable || page.next !== null) return;
    network.served = () => undefined;
    void centre.restore(backup, 'base');
  };
  await clock.advance(QUIET_MS + Math.floor(random() * 1000));
  network.served = () => undefined;
}

function anyOf<T>(random: () => number, all: readonly T[]): T {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new Error('nothing to choose from');
  return one;
}
