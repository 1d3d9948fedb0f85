import type { Clock } from '../../src/sync/clock.ts';
import type { SyncEngine, SyncEvent } from '../../src/sync/engine.ts';
import { createSyncEngine } from '../../src/sync/engine.ts';
import type { Statement, WritableDb } from '../../src/sync/sql-db.ts';
import {
  type DeskDbs,
  type DeskFolder,
  type DeskPool,
  openDeskDbs,
  openFolder,
  type PooledDbs,
  type Power,
  powered,
} from '../fakes/desk-db.ts';
import type { DeskClock, SimClock } from '../fakes/sim-clock.ts';
import type { NetworkDesk, SimNetwork } from './sim-network.ts';

/** A desk that can lose its power at any commit and come back with what was on its disk. */
export interface SimDesk extends NetworkDesk {
  dbs: DeskDbs;
  /** null while the power is off. */
  run: { engine: SyncEngine; outbox: WritableDb; clock: Clock } | null;
  events: SyncEvent[];
  /** Who sits there; agents take turns. */
  agent: number;
  /** What commits to each file meet. */
  disk: { cache: boolean; outbox: boolean };
  boot(): void;
  kill(): void;
  /** The machine sleeps: what was due meanwhile happens when it wakes. */
  pause(): void;
  resume(): void;
  /** Cuts the power at the n-th commit or wait from now. */
  cutIn(points: number): void;
  replaceFolder(folder: DeskFolder): void;
  /** Gives the databases back for the next run. */
  end(): void;
}

export interface SimDeskOptions {
  name: string;
  skewMs: number;
  folder: DeskFolder | null;
  network: SimNetwork;
  world: SimClock;
  random: () => number;
  pool?: DeskPool;
}

export function createSimDesk({ name, skewMs, folder, network, world, random, pool }: SimDeskOptions): SimDesk {
  let killRun: () => void = () => undefined;
  let clockOfRun: DeskClock | null = null;
  let countdown = 0;
  const pooled: PooledDbs | null = folder || !pool ? null : pool.take();
  let prepared = pooled?.statements ?? noStatements();
  const passPoint = () => {
    if (countdown > 0 && --countdown === 0) desk.kill();
  };
  const close = () => {
    if (desk.dbs === pooled) return pool?.giveBack(pooled);
    desk.dbs.cache.close();
    desk.dbs.outbox.close();
  };
  const fails = (which: 'cache' | 'outbox') => (): ReturnType<NonNullable<Power['disk']>> =>
    desk.disk[which] ? (random() < 0.5 ? 'SQLITE_FULL' : 'SQLITE_IOERR_WRITE') : null;
  const desk: SimDesk = {
    name,
    partitioned: false,
    signedIn: true,
    release: network.release,
    agent: 0,
    disk: { cache: false, outbox: false },
    dbs: pooled ?? (folder ? openFolder(folder) : openDeskDbs()),
    run: null,
    events: [],
    boot: () => {
      if (desk.run) return;
      const clock = world.forDesk(skewMs, passPoint);
      clockOfRun = clock;
      const on = { on: true };
      const power = (which: 'cache' | 'outbox'): Power => ({
        isOn: () => on.on,
        atCommit: passPoint,
        disk: fails(which),
      });
      killRun = () => {
        on.on = false;
        clock.kill();
      };
      const cache = powered(desk.dbs.cache, power('cache'), prepared.cache);
      const outbox = powered(desk.dbs.outbox, power('outbox'), prepared.outbox);
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
    pause: () => clockOfRun?.pause(),
    resume: () => clockOfRun?.resume(),
    cutIn: (points) => {
      countdown = points;
    },
    replaceFolder: (other) => {
      desk.kill();
      close();
      desk.dbs = openFolder(other);
      prepared = noStatements();
    },
    end: () => {
      desk.kill();
      close();
    },
  };
  return desk;
}

function noStatements() {
  return { cache: new Map<string, Statement>(), outbox: new Map<string, Statement>() };
}
