import type { DeskFolder, DeskPool } from '../fakes/desk-db.ts';
import type { OracleScope } from '../fakes/oracle-scope.ts';
import { createSimClock, type SimClock, seededRandom } from '../fakes/sim-clock.ts';
import { type Act, act, correct } from './sim-acts.ts';
import { oracleForSimulation, type SimCentre } from './sim-centre.ts';
import { crossings } from './sim-crossings.ts';
import { createSimDesk, type SimDesk } from './sim-desk.ts';
import { anyWrongTime } from './sim-happenings.ts';
import { everythingHolds, outboxesAreEmpty, screensAreRight } from './sim-invariants.ts';
import { createSimNetwork, type SimNetwork } from './sim-network.ts';
import { longNight, lostHour } from './sim-nights.ts';
import { onlyCulpritsWait } from './sim-order.ts';
import type { Seen } from './sim-seen.ts';
import { createStorm, stormyFaults } from './sim-storm.ts';
import { createToldBook } from './sim-told.ts';
import { AT_REST, createDraftBook, heard, noHalfTransaction, nothingBlinks } from './sim-watch.ts';

export interface SimulationResult {
  seed: number;
  /** Empty when every invariant held. */
  failures: string[];
  /** What happened, in order: the same seed gives the same text (over the oracle). */
  trace: string[];
  acts: number;
}

export interface SimulationOptions {
  stormSeconds?: number;
  /** Databases of earlier runs, emptied. */
  pool?: DeskPool;
  /** Another centre than the oracle. */
  centre?: (time: () => number, customers: ReadonlyMap<string, string>) => Promise<SimCentre>;
  /** At most so many desks, where they are dear. */
  mostDesks?: number;
}

/** Long enough to fill every cache: what goes wrong among full ones is most of what can. */
const MORNING_SECONDS = 8;
/** The centre still breaks on some operations while all else is well: by then everything has overtaken them. */
const BROKEN_SECONDS = 60;
const HEALED_SECONDS = 30;
/** Longer than the slowest timer (a half-open live connection, then the pull after it). */
const REST_SECONDS = 100;
const NEWS_SECONDS = 5;
const FILLING = 'SELECT cursor IS NULL AND bootstrap_cursor IS NOT NULL FROM sync_state';
/** What crosses another request on the way. */
const CROSSING_MS = 500;
const MOST_DESKS = 10;
const ALL: readonly OracleScope[] = ['all'];
/** Who sits where, where some hold a part only: also two in turn of whom one holds what the other does not. */
const SCOPES: readonly (readonly OracleScope[])[] = [ALL, ['team'], ['team', 'all']];

/** One seeded run: three to ten desks, one centre, a storm of faults, then peace. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const { stormSeconds = 40 } = options;
  const world = await createWorld(seed, options);
  const { random, clock, network, seen, drafts, failures, say } = world;
  const { desks } = seen;
  if (world.calmMorning) await clock.advance(MORNING_SECONDS * 1000);
  network.faults = world.faults;
  for (let second = 0; second < stormSeconds; second++) {
    for (const desk of [...desks]) {
      if (random() < 0.6) act(world.actWorld, desk);
      if (random() < 0.1) drafts.type(desk);
    }
    await world.storm.second();
    await clock.advance(1000);
    for (const found of nothingBlinks(seen, `second ${second}`)) failures.add(found);
    for (const found of desks.flatMap(world.told.faults)) failures.add(`second ${second}: ${found}`);
    if (second % 3 === 0) for (const found of noHalfTransaction(seen, `second ${second}`)) failures.add(found);
    say(statusLine(seen));
  }
  say('peace');
  world.storm.end();
  seen.peaceful = true;
  if (seen.chokes) await clock.advance(BROKEN_SECONDS * 1000);
  for (const found of onlyCulpritsWait(seen)) failures.add(found);
  seen.centre.choke(() => false);
  for (const found of await longNight(world)) failures.add(found);
  await clock.advance(HEALED_SECONDS * 1000);
  for (const found of outboxesAreEmpty(seen)) failures.add(found);
  for (const found of await crossings(world)) failures.add(found);
  await lostHour(world);
  await clock.advance(REST_SECONDS * 1000);
  await lastNews(world);
  say(statusLine(seen));
  const rest = [
    ...(await everythingHolds(seen)),
    ...noHalfTransaction(seen, AT_REST),
    ...drafts.faults(desks),
    ...network.impatient.map((who) => `${who} ignored Retry-After`),
    ...desks.flatMap((desk) => desk.faults.map((fault) => `${desk.name}: ${fault}`)),
    ...screensAreRight(seen),
  ];
  for (const found of rest) failures.add(found);
  for (const desk of desks) desk.end();
  return { seed, failures: [...failures], trace: world.trace, acts: seen.acts.size };
}

/** At a healthy network news are at every desk within seconds, also what is said while a desk fetches what was said before. */
async function lastNews({ random, clock, seen, actWorld }: Awaited<ReturnType<typeof createWorld>>): Promise<void> {
  // Not of all: what was wrong before would be put right.
  for (const id of actWorld.customers.slice(3, 6)) {
    await seen.centre.rename(id, `Customer ${seen.wordOf(id)} at last`);
    await clock.advance(Math.floor(random() * 200));
  }
  await clock.advance(NEWS_SECONDS * 1000);
}

async function createWorld(seed: number, { pool, centre: other, mostDesks = MOST_DESKS }: SimulationOptions) {
  const random = seededRandom(seed);
  const clock = createSimClock();
  const customers = Array.from({ length: 8 }, (_, i) => `0193d000-0000-7000-8000-00000000000${i}`);
  const wordOf = (id: string) => `<${id}>`;
  const names = new Map(customers.map((id) => [id, `Customer ${wordOf(id)}`]));
  const centre = other ? await other(clock.now, names) : oracleForSimulation(clock.now, names);
  const network = createSimNetwork(centre, clock, random);
  const chokes = centre.isOracle && random() < 0.2;
  const spoils = random() < 0.25;
  const acts = new Map<string, Act>();
  const [trace, failures, drafts] = [[] as string[], new Set<string>(), createDraftBook(random)];
  const say = (what: string) => trace.push(`${clock.now() % 1_000_000_000} ${what}`);
  const desks: SimDesk[] = [];
  const everErased = new Set<string>();
  const seen: Seen = {
    ...{ centre, desks, acts, everErased, wordOf, chokes, spoils, struck: network.struck },
    isCulprit: (payload) => payload.kind === 'note.save' && payload.text.startsWith('choke'),
    ...{ seeded: new Set(customers), cloned: null, clone: null, copies: 0, peaceful: false, doubled: false },
    ...{ scoped: centre.isOracle && random() < 0.3, everDeparted: new Set() },
  };
  const told = createToldBook(seen);
  network.delivered = (desk, request, response) => told.hear(desk.name, request, response);
  const onEvent = (desk: SimDesk) => {
    // While a cache is filled, two come to the same rows.
    if (desk.dbs.ask('cache', FILLING).pluck().get() === 0) return;
    for (const found of told.faults(desk)) failures.add(found);
  };
  const addDesk = deskAdder({ seen, network, clock, random, pool, say, drafts, onEvent, isPeace: () => seen.peaceful });
  // Mostly three or four: what goes wrong among many goes wrong among few, and many cost time.
  const count = 3 + Math.floor(random() ** 3 * (mostDesks - 2));
  for (let n = 0; n < count; n++) addDesk(null, seen.scoped ? (SCOPES[n % SCOPES.length] ?? ALL) : ALL);
  const madeElsewhere = (id: string) => void (seen.scoped && seen.everDeparted.add(id));
  const actWorld = { random, acts, customers, wordOf, chokes, madeElsewhere };
  const correctSoon = (desk: SimDesk, id: string) =>
    clock.schedule(Math.floor(random() * CROSSING_MS), () => correct(actWorld, desk, id));
  const { schedule } = clock;
  const storm = createStorm({ seen, network, random, customers, addDesk, say, drafts, schedule, correctSoon });
  if (chokes) centre.choke(seen.isCulprit);
  const faults = stormyFaults(random);
  const calmMorning = random() < 0.8;
  network.heard = heard(acts, seen, failures);
  return { random, clock, network, seen, drafts, failures, say, storm, actWorld, trace, faults, calmMorning, told };
}

interface Adder {
  seen: Seen;
  network: SimNetwork;
  clock: SimClock;
  random: () => number;
  pool: DeskPool | undefined;
  say: (what: string) => void;
  drafts: ReturnType<typeof createDraftBook>;
  onEvent: (desk: SimDesk) => void;
  isPeace: () => boolean;
}

function deskAdder({ seen, network, clock, random, pool, say, drafts, onEvent, isPeace }: Adder) {
  const desks = seen.desks as SimDesk[];
  return (folder: DeskFolder | null, scopes: readonly OracleScope[]) => {
    const skewMs = anyWrongTime(random);
    const name = `desk${desks.length + 1}`;
    const desk = createSimDesk({
      name,
      skewMs,
      scopes,
      folder,
      network,
      world: clock,
      random,
      onEvent,
      isPeace,
      ...(pool ? { pool } : {}),
    });
    desks.push(desk);
    if (folder) drafts.reread(desk);
    desk.boot();
    say(`${desk.name} starts`);
    return name;
  };
}

function statusLine({ centre, desks }: Seen): string {
  const each = desks.map((desk) => {
    const rows = desk.dbs.ask('outbox', 'SELECT status, count(*) AS n FROM operation GROUP BY status').all() as {
      status: string;
      n: number;
    }[];
    return `${desk.name}${desk.run ? '' : ' off'} ${rows.map((row) => `${row.status} ${row.n}`).join(' ')}`;
  });
  return `${centre.epochName()}; ${each.join('; ')}`;
}
