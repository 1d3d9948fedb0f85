import { forgetCursor, readSyncState } from '../../src/sync/sync-state.ts';
import { act, correct, meet, tie, welcomeSomebody, writeNote } from './sim-acts.ts';
import type { SimDesk } from './sim-desk.ts';
import type { NightWorld } from './sim-nights.ts';
import type { ToldBook } from './sim-told.ts';
import { nothingBlinks } from './sim-watch.ts';

/** Answers that pass each other on the way: rare in a storm, and what most bugs of an engine are made of. */
export interface CrossingWorld extends NightWorld {
  told: ToldBook;
}

/** The share of runs in which two answers cross, each time in one of these ways. */
const CROSSINGS = 0.7;
const WAYS = [replyBehindNews, replyBehindErasure, pageBehindReply] as const;
/** At a desk that holds a part only. */
const WAYS_OF_A_PART = [replyBehindDeparture, newsBehindReply, handsBehindReply, ...WAYS] as const;
/** How much longer the one that is overtaken takes. */
const LATE_MS = 3000;
const STEP_MS = 50;

/** At a healthy network, from one step to the next: nothing older comes back, nothing that was said is gone. */
export async function crossings(world: CrossingWorld): Promise<string[]> {
  const { random, seen } = world;
  if (!seen.centre.isOracle) return [];
  const parts = seen.desks.filter(({ scope }) => scope === 'team');
  // Rarer desks, more ways.
  if (parts.length > 0)
    return [...(await cross(world, parts, WAYS_OF_A_PART)), ...(await cross(world, parts, WAYS_OF_A_PART))];
  return random() < CROSSINGS ? cross(world, seen.desks, WAYS) : [];
}

type Way = (typeof WAYS_OF_A_PART)[number];

async function cross(world: CrossingWorld, desks: readonly SimDesk[], ways: readonly Way[]): Promise<string[]> {
  const { random, seen } = world;
  const desk = desks[Math.floor(random() * desks.length)];
  const way = ways[Math.floor(random() * ways.length)];
  const some = world.actWorld.customers.slice(0, 4).filter((id) => !seen.everErased.has(id));
  const customerId = some[Math.floor(random() * some.length)];
  if (!desk || !way || customerId === undefined) return [];
  world.say(`${way.name} at ${desk.name}`);
  const found = await way(world, desk, customerId);
  world.network.slowness = () => 0;
  return found.map((text) => `${way.name}: ${text}`);
}

/** Looks at every step. */
async function pass({ clock, seen, told }: CrossingWorld, desk: SimDesk, milliseconds: number): Promise<string[]> {
  const found = new Set<string>();
  for (let passed = 0; passed < milliseconds; passed += STEP_MS) {
    await clock.advance(STEP_MS);
    for (const fault of [...told.faults(desk), ...nothingBlinks(seen, 'crossing')]) found.add(fault);
  }
  return [...found];
}

const slow = ({ network }: CrossingWorld, desk: SimDesk, lane: string) => {
  network.slowness = (of, who) => (of === lane && who === desk.name ? LATE_MS : 0);
};

/** One act: what is done next goes out only when this one is answered. */
function sayOne({ random, actWorld }: CrossingWorld, desk: SimDesk, customerId: string): void {
  if (random() < 0.5) correct(actWorld, desk, customerId);
  else writeNote(actWorld, desk, customerId);
}

/** A reply that is older than what the feed brought meanwhile. */
async function replyBehindNews(world: CrossingWorld, desk: SimDesk, customerId: string): Promise<string[]> {
  const { actWorld, seen } = world;
  slow(world, desk, 'push');
  correct(actWorld, desk, customerId);
  const before = await pass(world, desk, 1000);
  await seen.centre.rename(customerId, `Customer ${seen.wordOf(customerId)} of the feed`);
  return [...before, ...(await pass(world, desk, LATE_MS + 1000))];
}

/** A reply about somebody who has left the desk meanwhile, or is erased. */
async function replyBehindDeparture(world: CrossingWorld, desk: SimDesk, customerId: string): Promise<string[]> {
  const { seen } = world;
  slow(world, desk, 'push');
  sayOne(world, desk, customerId);
  const before = await pass(world, desk, 1000);
  seen.everDeparted.add(customerId);
  seen.centre.depart(customerId);
  return [...before, ...(await pass(world, desk, LATE_MS + 1000))];
}

async function replyBehindErasure(world: CrossingWorld, desk: SimDesk, customerId: string): Promise<string[]> {
  const { seen } = world;
  slow(world, desk, 'push');
  sayOne(world, desk, customerId);
  const before = await pass(world, desk, 1000);
  seen.everErased.add(customerId);
  await seen.centre.erase(customerId);
  return [...before, ...(await pass(world, desk, LATE_MS + 1000))];
}

/** A page of the feed, with a deletion in it, that is older than what a reply brought meanwhile. */
async function newsBehindReply(world: CrossingWorld, desk: SimDesk, customerId: string): Promise<string[]> {
  const { actWorld, seen, network } = world;
  seen.centre.comeBack(customerId);
  const before = await pass(world, desk, 2000);
  slow(world, desk, 'pull');
  seen.everDeparted.add(customerId);
  seen.centre.depart(customerId);
  // Until the page is on its way.
  before.push(...(await pass(world, desk, 600)));
  correct(actWorld, desk, customerId);
  before.push(...(await pass(world, desk, 1500)));
  network.slowness = () => 0;
  return [...before, ...(await pass(world, desk, LATE_MS))];
}

/** What one agent did is answered when another sits there, who does not hold whom it is about. */
async function handsBehindReply(world: CrossingWorld, desk: SimDesk): Promise<string[]> {
  const { actWorld, seen } = world;
  if (!desk.scopes.includes('all')) return [];
  const change = () => {
    desk.agent += 1;
    desk.run?.engine.tryNow();
  };
  change();
  const before = await pass(world, desk, 4000);
  slow(world, desk, 'push');
  // A call of nobody, whom the other one made.
  const [call, made] = [meet(actWorld, desk), welcomeSomebody(actWorld, desk)];
  before.push(...(await pass(world, desk, LATE_MS + 2000)));
  if (call && made) tie(actWorld, desk, call, made);
  before.push(...(await pass(world, desk, 500)));
  seen.everDeparted.add(made ?? '');
  change();
  return [...before, ...(await pass(world, desk, LATE_MS + 3000))];
}

/** A page of a snapshot that is older than what a reply brought meanwhile. */
async function pageBehindReply(world: CrossingWorld, desk: SimDesk, customerId: string): Promise<string[]> {
  const { actWorld, clock, network, random } = world;
  desk.kill();
  desk.dbs.cache.transaction(() => forgetCursor(desk.dbs.cache)).immediate();
  desk.boot();
  const table = random() < 0.5 ? 'customer' : 'note';
  for (let waited = 0; waited < 400 && readSyncState(desk.dbs.cache).bootstrap?.table !== table; waited += 1) {
    await clock.advance(10);
  }
  slow(world, desk, 'pull');
  // The last page of the table is asked for: whatever is new sorts behind all there is.
  const found: string[] = [];
  for (let n = 0; n < 4; n += 1) {
    act(actWorld, desk);
    correct(actWorld, desk, customerId);
    found.push(...(await pass(world, desk, 1500)));
  }
  network.slowness = () => 0;
  return [...found, ...(await pass(world, desk, LATE_MS + 3000))];
}
