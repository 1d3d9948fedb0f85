import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { DangolError } from '../shared/errors.ts';
import { forgetOldImports } from './admin/imports.ts';
import { type CentralApp, createApp } from './app.ts';
import { expireAssignments } from './assignments.ts';
import { newToken } from './auth/tokens.ts';
import type { Clock } from './clock.ts';
import { migrate } from './db/migrate.ts';
import { openPglite, openPostgres, POKE_CHANNEL, type Store } from './db/store.ts';
import { openDeskWipes } from './desk-wipes.ts';
import { createHorizonGauge, HORIZON_WARN_SECONDS, isHeldBack } from './live/horizon.ts';
import { createPokeHub, type PokeHub } from './live/poke-hub.ts';
import { createLog } from './log.ts';
import { createMessages } from './messages/messages.ts';
import { dropOldSources } from './messages/old-sources.ts';
import { createPbx } from './pbx/pbx.ts';
import { createSecrets, secretKeyIn } from './secrets.ts';
import { beginRun } from './sync/epoch.ts';
import { pruneReplies } from './sync/old-replies.ts';
import { dropOldCapsules } from './transfer-capsules.ts';

export interface CentralOptions {
  host?: '127.0.0.1' | '0.0.0.0' | '::';
  /** 0: any free one. */
  port: number;
  /** Holds the practice store, its lock and the admin token. Without it the practice store is in memory. */
  dataFolder?: string;
  /** PostgreSQL instead of the practice store. */
  databaseUrl?: string;
  /** Demo sign-in without a password, for accounts that are made meanwhile. */
  practice: boolean;
  clock?: Clock;
  /** How often what has run out is looked for; ten minutes if absent. */
  tidyEveryMs?: number;
  /** Gets one line of JSON each; nothing is logged without it. */
  log?: (line: string) => void;
}

export interface Central {
  url: string;
  /** Accepted as Bearer by /v1/admin/…; also in <dataFolder>/admin-token. */
  adminToken: string;
  close(): Promise<void>;
}

/**
 * Starts the centre. DangolError: HOST_BUSY (the folder is in use), NEWER_DATABASE, DATABASE_CORRUPT, CONFIG_BROKEN
 * (DATABASE_URL), PORT_IN_USE.
 */
export async function startCentral(options: CentralOptions): Promise<Central> {
  const clock = options.clock ?? Date.now;
  const log = createLog(options.log);
  await mustBeFree(options);
  const store = await openStore(options, log);
  try {
    await migrate(store.db);
    const adminToken = adminTokenIn(options.dataFolder);
    const secret = await ownSecret(store);
    await beginRun(store.db);
    const live = await startLive(store, clock, log);
    const { practice } = options;
    const { hub, horizonLagSeconds } = live;
    const pbx = createPbx({ db: store.db, clock, warn: (facts) => log.warn(facts) });
    const secrets = createSecrets(secretKeyIn(options.dataFolder, process.env.DANGOL_SECRET_KEY));
    const messages = createMessages({
      ...{ db: store.db, clock, secrets, practice },
      changed: () => hub.changed(),
      warn: (facts) => log.warn(facts),
    });
    const wipes = await openDeskWipes(store.db, clock);
    const app = await createApp({
      store,
      clock,
      log,
      hub,
      pbx,
      wipes,
      messages,
      secrets,
      secret,
      adminToken,
      practice,
      horizonLagSeconds,
    });
    const url = await listen(app, options).catch(async (error: unknown) => {
      await live.stop();
      throw error;
    });
    await pbx.start();
    await messages.start();
    const stopExpiring = keepTidy(store, clock, hub, log, options.tidyEveryMs ?? TIDY_EVERY_MS);
    return {
      url,
      adminToken,
      close: async () => {
        stopExpiring();
        await live.stop();
        pbx.close();
        await messages.close();
        for (const socket of app.websocketServer.clients) socket.close(1001, 'the centre stops');
        await app.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

const TIDY_EVERY_MS = 600_000;

/** From time to time: customers whose time on a desk is over leave it; stories of transfers, replies and sources of mails that nobody asks for any more go. */
function keepTidy(store: Store, clock: Clock, hub: PokeHub, log: Logger, everyMs: number): () => void {
  let running = false;
  const warn = (event: string) => (error: unknown) => {
    log.warn({ event, name: error instanceof Error ? error.name : '' });
  };
  const look = async () => {
    if (running) return;
    running = true;
    const expired = await expireAssignments(store.db, clock).catch(warn('assignments.not_expired'));
    if (expired) hub.changed();
    await dropOldCapsules(store.db, clock).catch(warn('capsules.not_dropped'));
    await forgetOldImports(store.db, clock).catch(warn('imports.not_forgotten'));
    await pruneReplies(store.db, clock).catch(warn('replies.not_pruned'));
    await dropOldSources(store.db, clock).catch(warn('sources.not_dropped'));
    running = false;
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function openStore(options: CentralOptions, log: Logger): Promise<Store> {
  if (options.databaseUrl === undefined) return openPglite(options.dataFolder);
  return openPostgres(options.databaseUrl, (event) => log.warn({ event }));
}

/** The administrator's token, made once and kept beside the data, readable by its owner only. */
function adminTokenIn(folder: string | undefined): string {
  if (folder === undefined) return newToken('dga');
  const path = join(folder, 'admin-token');
  try {
    const kept = readFileSync(path, 'utf8').trim();
    if (kept.startsWith('dga_')) return kept;
  } catch {
    // Not there yet.
  }
  const token = newToken('dga');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  return token;
}

/** The centre's own row: its first epoch and the secret that signs tokens, made with the data. */
async function ownSecret(store: Store): Promise<string> {
  await store.db
    .insertInto('centre')
    .values({ epoch_id: randomUUID(), secret: randomBytes(32).toString('hex') })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { secret } = await store.db.selectFrom('centre').select('secret').executeTakeFirstOrThrow();
  return secret;
}

interface Live {
  hub: PokeHub;
  horizonLagSeconds: () => number;
  stop(): Promise<void>;
}

/** Pokes between processes, and the look at the horizon once a second. */
async function startLive(store: Store, clock: Clock, log: Logger): Promise<Live> {
  const self = randomUUID();
  const shared = store.kind === 'postgresql';
  const hub = createPokeHub({
    tellOthers: async () => {
      if (shared) await sql`SELECT pg_notify(${POKE_CHANNEL}, ${self})`.execute(store.db);
    },
    isHeldBack: () => (shared ? isHeldBack(store.db) : Promise.resolve(false)),
    warn: (event) => log.warn({ event }),
  });
  const unlisten = await store.listen((from) => {
    if (from !== self) hub.changedElsewhere();
  });
  const gauge = createHorizonGauge(clock);
  const look = async () => {
    const lag = await gauge.look(store.db).catch(() => 0);
    if (lag >= HORIZON_WARN_SECONDS) log.warn({ event: 'the feed is held back by an open transaction', seconds: lag });
  };
  // A first look before anybody writes: every later one is measured against it.
  if (shared) await look();
  const timer = shared ? setInterval(() => void look(), 1000) : undefined;
  return {
    hub,
    horizonLagSeconds: gauge.lagSeconds,
    stop: async () => {
      clearInterval(timer);
      hub.close();
      await unlisten();
    },
  };
}

function portInUse(port: number): DangolError {
  return new DangolError('PORT_IN_USE', 'none', {
    detail: `port ${port} is in use; stop what holds it, or choose another with --port`,
    data: { port },
  });
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

/** Asks for the port before the store is opened: the answer to the commonest mistake must not take seconds. */
async function mustBeFree({ host = '127.0.0.1', port }: CentralOptions): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error) => reject(isInUse(error) ? portInUse(port) : error));
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

async function listen(app: CentralApp, { host = '127.0.0.1', port }: CentralOptions): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw isInUse(error) ? portInUse(port) : error;
  }
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}
