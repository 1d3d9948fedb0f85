import type { DeskFolder } from '../fakes/desk-db.ts';
import type { OracleScope } from '../fakes/oracle-scope.ts';
import type { SimDesk } from './sim-desk.ts';
import { toCentre, toDesks, toFolders, toSeats, upgrade, upgrades } from './sim-happenings.ts';
import { type Faults, HEALTHY, type SimNetwork } from './sim-network.ts';
import type { Seen } from './sim-seen.ts';
import { toRows } from './sim-spoil.ts';
import type { DraftBook } from './sim-watch.ts';

export interface StormOptions {
  seen: Seen;
  drafts: DraftBook;
  network: SimNetwork;
  random: () => number;
  customers: readonly string[];
  /** @returns its name. */
  addDesk: (folder: DeskFolder | null, scopes: readonly OracleScope[]) => string;
  say: (what: string) => void;
  schedule: (delayMs: number, run: () => void) => void;
  /** Within half a second, an agent there corrects who this customer is. */
  correctSoon: (desk: SimDesk, customerId: string) => void;
}

export interface Storm {
  /** What befalls desks and centre in one second, beside the network. */
  second(): Promise<void>;
  /** Everything heals. */
  end(): void;
}

export function stormyFaults(random: () => number): Faults {
  const strength = random() * 0.3;
  const some = () => random() * strength;
  return {
    drop: some(),
    duplicate: some(),
    loseReply: some(),
    rateLimit: some() / 2,
    nonsense: some() / 2,
    losePoke: some(),
    late: some(),
    slow: some() * 2,
  };
}

/** The chance in each second and for each desk that it happens to this desk. */
export type Happening = [chance: number, happen: (desk: SimDesk) => void | Promise<void>];

export function createStorm(options: StormOptions): Storm {
  const { seen, random, schedule, network } = options;
  let over = false;
  const bootLater = (desk: SimDesk) => schedule(over ? 0 : Math.floor(random() * 3000), () => desk.boot());
  const happenings = [
    ...toDesks(options),
    ...toSeats(options),
    ...toFolders(options, bootLater),
    ...toCentre(options),
    ...upgrades(options),
    ...toRows(options),
  ];
  return {
    second: async () => {
      for (const [chance, happen] of happenings) {
        const desk = seen.desks[Math.floor(random() * seen.desks.length)];
        if (desk && random() < chance * Math.min(4, seen.desks.length)) await happen(desk);
      }
      for (const desk of seen.desks) if (!desk.run && random() < 0.5) bootLater(desk);
    },
    end: () => {
      over = true;
      network.faults = HEALTHY;
      for (const desk of seen.desks) {
        desk.cutIn(0);
        desk.partitioned = false;
        const signsIn = !desk.signedIn;
        desk.signedIn = true;
        desk.disk = { cache: false, outbox: false };
        desk.resume();
        if (desk.release !== network.release) upgrade(desk, network);
        desk.boot();
        // One that is just being ended has to be started after that.
        schedule(1000, () => desk.boot());
        // Nobody has to type something: only who signs in says so.
        if (signsIn) desk.run?.engine.wake();
      }
    },
  };
}
