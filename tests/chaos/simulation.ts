import type { DeskFolder, DeskPool } from '../fakes/desk-db.ts';
import { createSimClock, type SimClock, seededRandom } from '../fakes/sim-clock.ts';
import { type Act, act } from './sim-acts.ts';
import { oracleForSimulation, type SimCentre } from './sim-centre.ts';
import { createSimDesk, type SimDesk } from './sim-desk.ts';
import { everythingHolds, outboxesAreEmpty, type Seen } from './sim-invariants.ts';
import { createSimNetwork, type SimNetwork } from './sim-network.ts';
import { createStorm, stormyFaults } from './sim-storm.ts';
import { createDraftBook, heard, noHalfTransaction, nothingBlinks } from './sim-watch.ts';

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

const HEALED_SECONDS = 30;
/** Longer than the slowest timer (a half-open live connection, then the pull after it). */
const REST_SECONDS = 100;
const MOST_DESKS = 10;

/** One seeded run: three to ten desks, one centre, a storm of faults, then peace. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const { stormSeconds = 40 } = options;
  const world = await createWorld(seed, options);
  const { random, clock, network, seen, drafts, failures, say } = world;
  const { desks } = seen;
  for (let second = 0; second < stormSeconds; second++) {
    for (const desk of [...desks]) {
      if (random() < 0.6) act(world.actWorld, desk);
      if (random() < 0.1) drafts.type(desk);
    }
    await world.storm.second();
    await clock.advance(1000);
    for (const found of nothingBlinks(seen, `second ${second}`)) failures.add(found);
    if (second % 3 === 0) for (const found of noHalfTransaction(seen, `second ${second}`)) failures.add(found);
    say(statusLine(seen));
  }
  say('peace');
  world.storm.end();
  await clock.advance(HEALED_SECONDS * 1000);
  for (const found of outboxesAreEmpty(seen)) failures.add(found);
  await clock.advance(REST_SECONDS * 1000);
  say(statusLine(seen));
  const rest = [
    ...(await everythingHolds(seen)),
    ...noHalfTransaction(seen, 'at rest'),
    ...drafts.faults(desks),
    ...network.impatient.map((who) => `${who} ignored Retry-After`),
  ];
  for (const found of rest) failures.add(found);
  for (const desk of desks) desk.end();
  return { seed, failures: [...failures], trace: world.trace, acts: seen.acts.size };
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
  const acts = new Map<string, Act>();
  const [trace, failures, drafts] = [[] as string[], new Set<string>(), createDraftBook(random)];
  const say = (what: string) => trace.push(`${clock.now() % 1_000_000_000} ${what}`);
  const desks: SimDesk[] = [];
  const everErased = new Set<string>();
  const seen: Seen = {
    ...{ centre, desks, acts, everErased, wordOf, chokes },
    ...{ seeded: new Set(customers), cloned: false, copies: 0 },
  };
  const addDesk = deskAdder({ seen, network, clock, random, pool, say, drafts });
  // Mostly three or four: what goes wrong among many goes wrong among few, and many cost time.
  const count = 3 + Math.floor(random() ** 3 * (mostDesks - 2));
  for (let n = 0; n < count; n++) addDesk(null);
  const storm = createStorm({ seen, network, random, customers, addDesk, say, drafts, schedule: clock.schedule });
  if (chokes) centre.choke((payload) => payload.kind === 'note.save' && payload.text.startsWith('choke'));
  network.faults = stormyFaults(random);
  network.heard = heard(acts, failures);
  const actWorld = { random, acts, customers, wordOf, chokes };
  return { random, clock, network, seen, drafts, failures, say, storm, actWorld, trace };
}

interface Adder {
  seen: Seen;
  network: SimNetwork;
  clock: SimClock;
  random: () => number;
  pool: DeskPool | undefined;
  say: (what: string) => void;
  drafts: ReturnType<typeof createDraftBook>;
}

function deskAdder({ seen, network, clock, random, pool, say, drafts }: Adder) {
  const desks = seen.desks as SimDesk[];
  return (folder: DeskFolder | null) => {
    // Two days wrong, in either direction: changes nothing.
    const skewMs = Math.floor((random() - 0.5) * 4 * 86_400_000);
    const name = `desk${desks.length + 1}`;
    const desk = createSimDesk({ name, skewMs, folder, network, world: clock, random, ...(pool ? { pool } : {}) });
    desks.push(desk);
    if (folder) drafts.reread(desk);
    desk.boot();
    say(`${desk.name} starts`);
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
