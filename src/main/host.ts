import { createHash } from 'node:crypto';
import { DangolError } from '../shared/errors.ts';
import { HostStart } from '../shared/key-hand-over.ts';
import type { Clock } from '../sync/clock.ts';
import { createSyncEngine, type SyncEngine } from '../sync/engine.ts';
import { createHttpTransport } from '../sync/http-transport.ts';
import { SyncFailure } from '../sync/transport.ts';
import { createCallKeeper } from './call-keeper.ts';
import { createCentralClient } from './central-client.ts';
import { createCustomerDoor } from './customer-360.ts';
import { type DeskStore, openStore } from './db/open.ts';
import { keepReadingThrough } from './db/read-through.ts';
import { signInDemoAgent } from './demo-agent.ts';
import { createEventBus } from './event-bus.ts';
import { createFarewells, type SipSocketMaker } from './farewell.ts';
import { keepForgettingCalls } from './forget-here.ts';
import { createHeldReporter } from './held-report.ts';
import type { HostContext, Log } from './host-context.ts';
import { keepOwnIndex } from './keep-own-index.ts';
import { openLiveSocket, type WebSocketMaker } from './live-socket.ts';
import { createPageFiller } from './page-filler.ts';
import { createPbxDoor, type PbxDoor } from './pbx-door.ts';
import { createPhoneClaim } from './phone-claim.ts';
import { createPractice } from './practice.ts';
import { createRemoteWipe } from './remote-wipe.ts';
import { createRouter, type HostRouter } from './router.ts';
import { Session } from './session.ts';
import { tellOfSession } from './session-news.ts';
import { type SyncNewsParts, statusForScreen, tellSyncNews } from './sync-news.ts';
import { createSyncGauge } from './sync-panel.ts';
import { systemClock } from './system-clock.ts';
import { tellLoss } from './tell-loss.ts';
import { warmUpPop } from './warm-up.ts';
import { refuseWiped, wipeFolder } from './wiped-folder.ts';

export type { Log } from './host-context.ts';

/** What a host gets from the world; each has a real default, tests give their own clock and wire. */
export interface HostDeps {
  clock?: Clock;
  fetch?: typeof globalThis.fetch;
  webSocket?: WebSocketMaker;
  sipSocket?: SipSocketMaker;
  random?: () => number;
  log?: Log;
  /** The local store met a broken page: end this process and start another, which repairs what can be repaired. */
  onDamage?: () => void;
  /** Everything was removed from this desk by order: end this process; the next one says so. */
  onWiped?: () => void;
  /** Tests of a full disk. */
  maxPages?: number;
}

/** Exit code of a host that ended itself to be repaired; tells it from a crash in the log of whoever watches it. */
export const REPAIR_EXIT = 70;

/**
 * For `onDamage`, in both shells: the next host sets the broken file aside and is there in a second. Without ceremony: every
 * acknowledged commit is on the disk. A moment later, so that the log line and the failed act's answer leave first.
 */
export function endForRepair(): void {
  setTimeout(() => process.exit(REPAIR_EXIT), 50);
}

/** One desk's host: the contract's procedures over its local store, in step with the centre. */
export interface Host {
  router: HostRouter;
  close: () => Promise<void>;
}

/**
 * Opens the data folder and starts to work. Does not wait for the centre.
 * Errors: BAD_INPUT (a start message that does not fit), HOST_BUSY, KEY_MISSING, NEWER_DATABASE, DISK_FULL, DISK_ERROR.
 */
export async function createHost(start: HostStart, deps: HostDeps = {}): Promise<Host> {
  const parsed = HostStart.safeParse(start);
  if (!parsed.success) throw new DangolError('BAD_INPUT', 'call-administrator', { detail: 'start message' });
  const { clock = systemClock(), fetch = globalThis.fetch, log = () => {} } = deps;
  refuseWiped(start.dataFolder);
  const store = openStore({
    folder: start.dataFolder,
    dataKey: start.dataKey,
    mayUseKeyFile: start.practice || start.allowKeyFile,
    now: () => clock.now(),
    log,
    maxPages: deps.maxPages,
    onDamage: deps.onDamage,
  });
  try {
    return assemble({ start, store, clock, fetch, log, deps });
  } catch (error) {
    store.close();
    throw error;
  }
}

/** The page that opens now comes first. */
const WARM_UP_AFTER_MS = 1000;

interface World {
  start: HostStart;
  store: DeskStore;
  clock: Clock;
  fetch: typeof globalThis.fetch;
  log: Log;
  deps: HostDeps;
}

interface Link {
  engine: SyncEngine | null;
  dropLive: () => void;
  sessionChanged: () => void;
  fieldsChanged: () => void;
}

function assemble(world: World): Host {
  const { start, store, clock, fetch, log } = world;
  const { cache, outbox } = store;
  const bus = createEventBus();
  const central = createCentralClient(fetch, start.centralUrl);
  const farewells = createFarewells({ clock, log, openSocket: world.deps.sipSocket });
  const callKeeper = createCallKeeper({ clock, farewells });
  const phoneClaim = createPhoneClaim(bus.emit, callKeeper.gone);
  // The session and the engine each tell the other of changes; the engine comes second.
  const link: Link = { engine: null, dropLive: () => {}, sessionChanged: () => {}, fieldsChanged: () => {} };
  const told = tellOfSession({
    phoneClaim,
    emit: bus.emit,
    wake: () => link.engine?.wake(),
    dropLive: () => link.dropLive(),
    afterwards: () => link.sessionChanged(),
  });
  const { centralUrl, practice } = start;
  const session = new Session({
    outbox,
    central,
    clock,
    log,
    centralUrl,
    practice,
    onChange: (state) => told.changed(state),
  });
  const wake = () => link.engine?.wake();
  const context: HostContext = { cache, outbox, clock, log, seat: session, emit: bus.emit, wake };
  told.begin(session.state(), (agentId) => tellLoss(context, agentId));
  const door = createCustomerDoor(context);
  const pbx = createPbxDoor({ central, seat: session, accessToken: () => session.accessToken(), emit: bus.emit });
  const held = createHeldReporter({ context, central, deviceToken: () => session.deviceToken() });
  const gauge = createSyncGauge(context);
  const fieldsChanged = () => link.fieldsChanged();
  const parts = { context, door, session, pbx, held, gauge, store, fieldsChanged };
  const { engine, dropLive } = startableEngine(world, parts);
  const status = () => statusForScreen(engine.status(), { context, session });
  const ownIndex = keepOwnIndex(cache, clock, () => engine.status().phase === 'bootstrapping');
  Object.assign(link, { engine, dropLive, fieldsChanged: ownIndex.wake });
  // Whose work waits depends on who sits here, and on what was decided: the engine's own status may say the same as before.
  const tellStatus = () => bus.emit({ type: 'sync', status: status() });
  const heldChanged = () => {
    held.changed();
    tellStatus();
  };
  const router = createRouter({
    context,
    door,
    session,
    sync: { status, tryNow: () => engine.tryNow(), panel: gauge.read, heldChanged },
    practice: createPractice(fetch, session),
    pbx,
    phoneClaim,
    callKeeper,
    central,
    bus,
    info: { version: start.version, store: store.status, startedAt: new Date(clock.now()).toISOString() },
  });
  engine.start();
  const stopDemo = signInDemoAgent(session, { login: practice ? start.demoLogin : null, clock, log });
  // A kept session goes on at once; the configuration follows when the centre answers.
  void session.refreshConfig();
  const stopForgetting = keepForgettingCalls(context);
  const stopReading = store.cacheChecked ? keepReadingThrough(cache, clock, store.cacheChecked) : () => {};
  const stopWarmUp = clock.schedule(WARM_UP_AFTER_MS, () => warmUpPop(context));
  const closeOnce = once(async () => {
    await callKeeper.close();
    stopWarmUp();
    stopReading();
    ownIndex.close();
    stopForgetting();
    stopDemo();
    remoteWipe.close();
    session.close();
    held.close();
    bus.close();
    await engine.stop();
    store.close();
  });
  const remoteWipe = createRemoteWipe({
    context,
    central,
    deviceToken: () => session.deviceToken(),
    shut: () => session.shut(),
    wipe: () => wipeFolder(start.dataFolder, clock.now(), closeOnce),
    onWiped: () => world.deps.onWiped?.(),
  });
  link.sessionChanged = () => {
    tellStatus();
    if (session.state().status === 'locked') remoteWipe.suspect();
  };
  return { router, close: closeOnce };
}

/** Closing twice is closing once: a desk that was wiped is closed already. */
function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= run();
    return running;
  };
}

type EngineParts = SyncNewsParts & { pbx: PbxDoor; store: DeskStore };

function startableEngine({ start, clock, fetch, deps }: World, parts: EngineParts) {
  const { session, context, pbx, store } = parts;
  const filler = store.cacheFile ? createPageFiller({ ...store.cacheFile, log: context.log }) : undefined;
  const transport = createHttpTransport({
    baseUrl: start.centralUrl,
    fetch,
    // A wire that a test put here is in this thread only.
    fetchPage: deps.fetch ? undefined : filler?.fetchPage,
    openSocket: openLiveSocket(deps.webSocket),
    deviceToken: () => session.deviceToken(),
    accessToken: () => session.currentToken(),
    refresh: () => session.renewToken().catch(asSyncFailure),
    clock,
    onPbx: pbx.heard,
  });
  const { cache, outbox } = context;
  const random = deps.random ?? Math.random;
  const engine = createSyncEngine({
    cache,
    outbox,
    transport,
    clock,
    random,
    onEvent: (event) => tellSyncNews(event, parts),
    filler,
    audit: { sha256, everyMs: AUDIT_EVERY_MS },
  });
  return { engine, dropLive: () => transport.dropLive() };
}

const AUDIT_EVERY_MS = 86_400_000;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function asSyncFailure(error: unknown): never {
  const kind = error instanceof DangolError && error.code === 'CENTRE_NONSENSE' ? 'nonsense' : 'unreachable';
  throw new SyncFailure({ kind }, 'refresh', error);
}
