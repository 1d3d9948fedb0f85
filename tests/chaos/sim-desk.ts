import type { Clock } from '../../src/sync/clock.ts';
import type { SyncEngine, SyncEvent } from '../../src/sync/engine.ts';
import { createSyncEngine } from '../../src/sync/engine.ts';
import type { Statement, WritableDb } from '../../src/sync/sql-db.ts';
import { type DeskDbs, type DeskFolder, openDeskDbs, openFolder, type Power, powered } from '../fakes/desk-db.ts';
import type { SimClock } from '../fakes/sim-clock.ts';
import type { NetworkDesk, SimNetwork } from './sim-network.ts';

/** A desk that can lose its power at any commit and come back with what was on its disk. */
export interface SimDesk extends NetworkDesk {
  dbs: DeskDbs;
  /** null while the power is off. */
  run: { engine: SyncEngine; outbox: WritableDb; clock: Clock } | null;
  events: SyncEvent[];
  boot(): void;
  kill(): void;
  /** Cuts the power at the n-th commit point from now. */
  cutIn(commitPoints: number): void;
  replaceFolder(folder: DeskFolder): void;
}

export interface SimDeskOptions {
  name: string;
  skewMs: number;
  folder: DeskFolder | null;
  network: SimNetwork;
  world: SimClock;
  random: () => number;
}

export function createSimDesk({ name, skewMs, folder, network, world, random }: SimDeskOptions): SimDesk {
  let killRun: () => void = () => undefined;
  let countdown = 0;
  let prepared = noStatements();
  const desk: SimDesk = {
    name,
    partitioned: false,
    signedIn: true,
    dbs: folder ? openFolder(folder) : openDeskDbs(),
    run: null,
    events: [],
    boot: () => {
      if (desk.run) return;
      const clock = world.forDesk(skewMs);
      const power: Power = {
        on: true,
        atCommit: () => {
          if (countdown > 0 && --countdown === 0) desk.kill();
        },
      };
      killRun = () => {
        power.on = false;
        clock.kill();
      };
      const cache = powered(desk.dbs.cache, power, prepared.cache);
      const outbox = powered(desk.dbs.outbox, power, prepared.outbox);
      const engine = createSyncEngine({
        cache,
        outbox,
        clock,
        random,
        transport: network.connect(desk, clock),
        onEvent: (event) => desk.events.push(event),
      });
      desk.run = { engine, outbox, clock };
      engine.start();
    },
    kill: () => {
      killRun();
      desk.run = null;
      countdown = 0;
    },
    cutIn: (commitPoints) => {
      countdown = commitPoints;
    },
    replaceFolder: (other) => {
      desk.kill();
      desk.dbs.cache.close();
      desk.dbs.outbox.close();
      desk.dbs = openFolder(other);
      prepared = noStatements();
    },
  };
  return desk;
}

function noStatements() {
  return { cache: new Map<string, Statement>(), outbox: new Map<string, Statement>() };
}
