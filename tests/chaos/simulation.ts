import { copyFolder, type DeskFolder } from '../fakes/desk-db.ts';
import { OracleCentre } from '../fakes/oracle-centre.ts';
import { sampleCustomer } from '../fakes/sample-rows.ts';
import { createSimClock, seededRandom } from '../fakes/sim-clock.ts';
import { type Act, act } from './sim-acts.ts';
import { createSimDesk, type SimDesk } from './sim-desk.ts';
import { everythingHolds, nothingBlinks, outboxesAreEmpty, type Seen } from './sim-invariants.ts';
import { createSimNetwork, HEALTHY } from './sim-network.ts';

export interface SimulationResult {
  seed: number;
  /** Empty when every invariant held. */
  failures: string[];
  /** What happened, in order: the same seed gives the same text. */
  trace: string[];
  acts: number;
}

const HEALED_SECONDS = 30;
/** Longer than the slowest timer (a half-open live connection, then the pull after it). */
const REST_SECONDS = 100;

/** One seeded run: some desks, one centre, a storm of faults, then peace. */
export async function simulate(seed: number, { stormSeconds = 40 } = {}): Promise<SimulationResult> {
  const random = seededRandom(seed);
  const clock = createSimClock();
  const centre = new OracleCentre(() => clock.now());
  const network = createSimNetwork(centre, clock, random);
  const trace: string[] = [];
  const say = (what: string) => trace.push(`${clock.now() % 1_000_000_000} ${what}`);
  const customers = Array.from({ length: 8 }, (_, i) => `0193d000-0000-7000-8000-00000000000${i}`);
  const wordOf = (id: string) => `<${id}>`;
  centre.write((rows) => {
    for (const id of customers) rows.put('customer', id, sampleCustomer(id, `Customer ${wordOf(id)}`));
  });
  const acts = new Map<string, Act>();
  const everErased = new Set<string>();
  const chokes = random() < 0.2;
  const desks: SimDesk[] = [];
  const addDesk = (folder: DeskFolder | null) => {
    // Two days wrong, in either direction: changes nothing.
    const skewMs = Math.floor((random() - 0.5) * 4 * 86_400_000);
    const desk = createSimDesk({ name: `desk${desks.length + 1}`, skewMs, folder, network, world: clock, random });
    desks.push(desk);
    desk.boot();
    say(`${desk.name} starts`);
  };
  for (let i = random() < 0.5 ? 2 : 3; i > 0; i--) addDesk(null);
  const seeded = new Set(customers);
  const seen: Seen = { centre, desks, acts, seeded, everErased, wordOf, chokes, cloned: false, rolledBack: 0 };
  const storm = createStorm({ seen, random, customers, addDesk, say, schedule: clock.schedule });
  centre.chokesOn = (payload) => payload.kind === 'note.save' && payload.text.startsWith('choke');
  network.faults = stormyFaults(random);

  const failures: string[] = [];
  for (let second = 0; second < stormSeconds; second++) {
    for (const desk of [...desks]) if (random() < 0.6) act({ random, acts, customers, wordOf, chokes }, desk);
    storm.second();
    await clock.advance(1000);
    failures.push(...nothingBlinks(seen, `second ${second}`));
    say(statusLine(seen));
  }
  say('peace');
  network.faults = HEALTHY;
  centre.chokesOn = () => false;
  storm.end();
  await clock.advance(HEALED_SECONDS * 1000);
  failures.push(...outboxesAreEmpty(seen));
  await clock.advance(REST_SECONDS * 1000);
  say(statusLine(seen));
  failures.push(...everythingHolds(seen), ...network.impatient.map((who) => `${who} ignored Retry-After`));
  for (const desk of desks) desk.kill();
  return { seed, failures: [...new Set(failures)], trace, acts: acts.size };
}

function stormyFaults(random: () => number) {
  const strength = random() * 0.3;
  const some = () => random() * strength;
  return {
    drop: some(),
    duplicate: some(),
    loseReply: some(),
    rateLimit: some() / 2,
    nonsense: some() / 2,
    losePoke: some(),
  };
}

function statusLine({ centre, desks }: Seen): string {
  const each = desks.map((desk) => {
    const rows = desk.dbs.outbox.prepare('SELECT status, count(*) AS n FROM operation GROUP BY status').all() as {
      status: string;
      n: number;
    }[];
    return `${desk.name}${desk.run ? '' : ' off'} ${rows.map((row) => `${row.status} ${row.n}`).join(' ')}`;
  });
  return `${centre.epochName()} log ${centre.log().length}; ${each.join('; ')}`;
}

interface StormOptions {
  seen: Seen & { everErased: ReadonlySet<string> };
  random: () => number;
  customers: readonly string[];
  addDesk: (folder: DeskFolder | null) => void;
  say: (what: string) => void;
  schedule: (delayMs: number, run: () => void) => void;
}

/** What befalls the desks and the centre, beside the network. */
function createStorm({ seen, random, customers, addDesk, say, schedule }: StormOptions) {
  const { centre, acts } = seen;
  const everErased = seen.everErased as Set<string>;
  let backup: unknown = null;
  let yesterday: { desk: SimDesk; folder: DeskFolder } | null = null;
  let over = false;
  const anyDesk = () => seen.desks[Math.floor(random() * seen.desks.length)];
  const forgetWhatIsNotIn = (desk: SimDesk) => {
    const held = desk.dbs.outbox.prepare('SELECT 1 FROM operation WHERE op_id = ?');
    for (const one of acts.values()) if (one.desk === desk.name && !held.get(one.opId)) one.forgotten = true;
  };
  const bootLater = (desk: SimDesk) => schedule(over ? 0 : Math.floor(random() * 3000), () => desk.boot());
  const happenings: [number, (desk: SimDesk) => void][] = [
    [0.06, (desk) => desk.cutIn(1 + Math.floor(random() * 8))],
    [
      0.03,
      (desk) => {
        desk.kill();
        say(`${desk.name} is killed`);
      },
    ],
    [
      0.04,
      (desk) => {
        desk.partitioned = !desk.partitioned;
        say(`${desk.name} partitioned ${desk.partitioned}`);
      },
    ],
    [
      0.02,
      (desk) => {
        desk.signedIn = !desk.signedIn;
        desk.run?.engine.wake();
        say(`${desk.name} signed in ${desk.signedIn}`);
      },
    ],
    [
      0.05,
      () => {
        const id = customers[Math.floor(random() * customers.length)] ?? '';
        if (centre.liveRows().some((row) => row.id === id)) {
          const name = `Customer ${seen.wordOf(id)} ${Math.floor(random() * 100)}`;
          centre.write((rows) => rows.put('customer', id, sampleCustomer(id, name)));
        }
      },
    ],
    [
      0.015,
      () => {
        const id = customers[Math.floor(random() * customers.length)] ?? '';
        if (everErased.size < 4) {
          everErased.add(id);
          centre.erase(id);
          say(`erased ${id}`);
        }
      },
    ],
    [
      0.04,
      () => {
        backup ??= centre.backup();
      },
    ],
    [
      0.015,
      () => {
        if (backup === null) return;
        centre.restore(backup);
        backup = null;
        say('the centre is restored');
      },
    ],
    [
      0.04,
      (desk) => {
        yesterday ??= { desk, folder: copyFolder(desk.dbs) };
      },
    ],
    [
      0.015,
      () => {
        if (!yesterday) return;
        const { desk, folder } = yesterday;
        yesterday = null;
        seen.rolledBack += 1;
        desk.replaceFolder(folder);
        forgetWhatIsNotIn(desk);
        bootLater(desk);
        say(`${desk.name} has its folder of yesterday`);
      },
    ],
    [
      0.01,
      (desk) => {
        if (seen.cloned) return;
        seen.cloned = true;
        addDesk(copyFolder(desk.dbs));
        say(`${desk.name} was cloned`);
      },
    ],
  ];
  return {
    second: () => {
      for (const [chance, happen] of happenings) {
        const desk = anyDesk();
        if (desk && random() < chance * seen.desks.length) happen(desk);
      }
      for (const desk of seen.desks) if (!desk.run && random() < 0.5) bootLater(desk);
    },
    end: () => {
      over = true;
      for (const desk of seen.desks) {
        desk.cutIn(0);
        desk.partitioned = false;
        desk.signedIn = true;
        desk.boot();
        desk.run?.engine.wake();
      }
    },
  };
}
