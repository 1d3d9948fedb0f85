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
import { sha256 } from '../fakes/oracle-audit.ts';
import type { OracleScope } from '../fakes/oracle-scope.ts';
import type { DeskClock, SimClock } from '../fakes/sim-clock.ts';
import { agentNumber } from './sim-agents.ts';
import type { NetworkDesk, SimNetwork } from './sim-network.ts';
import { createSimScreen, type SimScreen } from './sim-screen.ts';

/** Often, so that whatever a storm left has been looked at before the end. */
const AUDIT_EVERY_MS = 45_000;
/** While rows change: what changes under a comparison is none of its business. */
const AUDIT_IN_STORM_MS = 4000;
const TRUNCATED_MS = 5000;

/** A desk that can lose its power at any commit and come back with what was on its disk. */
export interface SimDesk extends NetworkDesk {
  dbs: DeskDbs;
  /** null while the power is off. */
  run: { engine: SyncEngine; outbox: WritableDb; clock: Clock } | null;
  events: SyncEvent[];
  screen: SimScreen;
  blocked: 'push' | 'pull' | null;
  /** What the agent who signed in last may hold. */
  readonly scope: OracleScope;
  /** What its agents may hold, in turn. */
  scopes: readonly OracleScope[];
  /** Rules that it broke by itself: it touched something after its end, or let the bytes of a deleted person lie. */
  faults: string[];
  /** Who sits there; agents take turns. */
  agent: number;
  /** What commits to each file meet. */
  disk: { cache: boolean; outbox: boolean };
  boot(): void;
  kill(): void;
  /** The program is ended as it should be. */
  quit(): void;
  /** Somebody sets its clock. */
  setClock(skewMs: number): void;
  /** The machine sleeps: what was due meanwhile happens when it wakes. */
  pause(): void;
  resume(): void;
  /** Cuts the power at the n-th commit or wait from now; or right behind the n-th commit. */
  cutIn(points: number, where?: 'anywhere' | 'commits'): void;
  replaceFolder(folder: DeskFolder): void;
  /** Gives the databases back for the next run. */
  end(): void;
}

export interface SimDeskOptions {
  name: string;
  skewMs: number;
  scopes?: readonly OracleScope[];
  folder: DeskFolder | null;
  network: SimNetwork;
  world: SimClock;
  random: () => number;
  pool?: DeskPool;
  /** Nothing goes wrong any more. */
  isPeace?: () => boolean;
  /** After the engine told of something. */
  onEvent?: (desk: SimDesk) => void;
}

export function createSimDesk(options: SimDeskOptions): SimDesk {
  const { name, folder, network, world, random, pool, onEvent, isPeace = () => true, scopes = ['all'] } = options;
  let { skewMs } = options;
  let ending = false;
  const logs = createLogWatch(world, (fault) => desk.faults.push(fault));
  let killRun: () => void = () => undefined;
  let endRun: () => Promise<void> = async () => undefined;
  let clockOfRun: DeskClock | null = null;
  let countdown = 0;
  const pooled: PooledDbs | null = folder || !pool ? null : pool.take();
  let prepared = pooled?.statements ?? noStatements();
  let commitsOnly = false;
  const passPoint = (committed = false) => {
    if (countdown > 0 && (committed || !commitsOnly) && --countdown === 0) desk.kill();
  };
  const close = () => {
    if (desk.dbs === pooled) return pool?.giveBack(pooled);
    desk.dbs.cache.close();
    desk.dbs.outbox.close();
  };
  const fails = (which: 'cache' | 'outbox') => (): ReturnType<NonNullable<Power['disk']>> =>
    desk.disk[which] ? (random() < 0.5 ? 'SQLITE_FULL' : 'SQLITE_IOERR_WRITE') : null;
  const scopeAt = (agent: number) => scopes[agent % scopes.length] ?? 'all';
  const desk: SimDesk = {
    name,
    partitioned: false,
    blocked: null,
    scopes,
    get scope() {
      return scopeAt(desk.agent);
    },
    scopeOf: (agentId) => scopeAt(agentNumber(agentId)),
    signedIn: true,
    release: network.release,
    agent: 0,
    disk: { cache: false, outbox: false },
    dbs: pooled ?? (folder ? openFolder(folder) : openDeskDbs()),
    run: null,
    events: [],
    faults: [],
    screen: createSimScreen(() => desk.dbs),
    boot: () => {
      if (desk.run || ending) return;
      const clock = world.forDesk(() => skewMs, passPoint);
      clockOfRun = clock;
      const on = { on: true, stopped: false };
      const power = (which: 'cache' | 'outbox'): Power => ({
        isOn: () => {
          if (on.stopped) desk.faults.push(`${which} was touched after stop()`);
          return on.on;
        },
        atCommit: passPoint,
        disk: fails(which),
      });
      killRun = () => {
        on.on = false;
        clock.kill();
      };
      const cache = logs.over('cache', powered(desk.dbs.cache, power('cache'), prepared.cache));
      const outbox = logs.over('outbox', powered(desk.dbs.outbox, power('outbox'), prepared.outbox));
      logs.forget();
      const engine = createSyncEngine({
        cache,
        outbox,
        clock,
        random,
        transport: network.connect(desk, clock),
        onEvent: (event) => {
          desk.events.push(event);
          desk.screen.hear(event);
          logs.hear(event);
          onEvent?.(desk);
        },
        audit: {
          sha256,
          get everyMs() {
            return isPeace() ? AUDIT_EVERY_MS : AUDIT_IN_STORM_MS;
          },
        },
      });
      desk.run = { engine, outbox, clock };
      desk.screen.open();
      endRun = async () => {
        ending = true;
        await engine.stop();
        ending = false;
        on.stopped = on.on;
      };
      engine.start();
    },
    kill: () => {
      killRun();
      ending = false;
      logs.forget();
      desk.run = null;
      countdown = 0;
    },
    quit: () => {
      if (!desk.run) return;
      desk.run = null;
      countdown = 0;
      logs.forget();
      void endRun();
    },
    setClock: (ms) => {
      skewMs = ms;
    },
    pause: () => clockOfRun?.pause(),
    resume: () => clockOfRun?.resume(),
    cutIn: (points, where = 'anywhere') => {
      countdown = points;
      commitsOnly = where === 'commits';
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

/** S50: five seconds after a deletion, both write-ahead logs were truncated. In memory there is none, so who asks is what counts. */
function createLogWatch(world: SimClock, fault: (text: string) => void) {
  let due: { cache: boolean; outbox: boolean } | null = null;
  let deletions = 0;
  return {
    over: (which: 'cache' | 'outbox', db: WritableDb): WritableDb => ({
      ...db,
      prepare: (sql) => {
        if (due && sql.includes('wal_checkpoint(TRUNCATE)')) due[which] = false;
        return db.prepare(sql);
      },
    }),
    hear: (event: SyncEvent) => {
      if (event.type !== 'customers_deleted') return;
      due = { cache: true, outbox: true };
      const mine = ++deletions;
      world.schedule(TRUNCATED_MS, () => {
        if (due && mine === deletions && (due.cache || due.outbox)) fault('a deletion is still in a write-ahead log');
      });
    },
    forget: () => {
      due = null;
    },
  };
}
