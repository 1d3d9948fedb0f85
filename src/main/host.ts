import { assertNever } from '../shared/assert-never.ts';
import { DangolError } from '../shared/errors.ts';
import type { HostEvent, SyncStatus } from '../shared/host-types.ts';
import { HostStart } from '../shared/key-hand-over.ts';
import type { Clock } from '../sync/clock.ts';
import { createSyncEngine, type SyncEngine, type SyncEvent } from '../sync/engine.ts';
import { createHttpTransport } from '../sync/http-transport.ts';
import { SyncFailure } from '../sync/transport.ts';
import { createCentralClient } from './central-client.ts';
import { type CustomerDoor, createCustomerDoor } from './customer-360.ts';
import { openStore } from './db/open.ts';
import { signInDemoAgent } from './demo-agent.ts';
import { createEventBus } from './event-bus.ts';
import { forgetHere } from './forget-here.ts';
import type { HostContext, Log } from './host-context.ts';
import { openLiveSocket, type WebSocketMaker } from './live-socket.ts';
import { createPhoneClaim } from './phone-claim.ts';
import { createPractice } from './practice.ts';
import { createRouter, type HostRouter } from './router.ts';
import { Session } from './session.ts';
import { systemClock } from './system-clock.ts';

/** What a host gets from the world; each has a real default, tests give their own clock and wire. */
export interface HostDeps {
  clock?: Clock;
  fetch?: typeof globalThis.fetch;
  webSocket?: WebSocketMaker;
  random?: () => number;
  log?: Log;
  /** Tests of a full disk. */
  maxPages?: number;
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
  const store = openStore({
    folder: start.dataFolder,
    dataKey: start.dataKey,
    mayUseKeyFile: start.practice || start.allowKeyFile,
    now: () => clock.now(),
    log,
    maxPages: deps.maxPages,
  });
  const { cache, outbox } = store;
  const bus = createEventBus();
  const central = createCentralClient(fetch, start.centralUrl);
  const phoneClaim = createPhoneClaim(bus.emit);
  let sitting: string | null = null;
  const session = new Session({
    outbox,
    central,
    clock,
    log,
    centralUrl: start.centralUrl,
    practice: start.practice,
    onChange: (state) => {
      const agentId = state.status === 'signed_out' ? null : state.agent.id;
      if (agentId !== sitting) phoneClaim.clear();
      sitting = agentId;
      engine?.wake();
      bus.emit({ type: 'session', session: state });
      if (engine) bus.emit({ type: 'sync', status: statusOf(engine.status(), session) });
    },
  });
  sitting = session.state().status === 'signed_out' ? null : session.author().id;
  let engine: SyncEngine | null = null;
  const context: HostContext = {
    cache,
    outbox,
    clock,
    log,
    seat: session,
    emit: bus.emit,
    wake: () => engine?.wake(),
  };
  const door = createCustomerDoor(context);
  const sync = createSyncEngine({
    cache,
    outbox,
    transport: createHttpTransport({
      baseUrl: start.centralUrl,
      fetch,
      openSocket: openLiveSocket(deps.webSocket),
      deviceToken: () => session.deviceToken(),
      accessToken: () => session.currentToken(),
      refresh: () => session.renewToken().catch(asSyncFailure),
      clock,
    }),
    clock,
    random: deps.random ?? Math.random,
    onEvent: (event) => onSyncEvent(event, { context, door, session, emit: bus.emit }),
  });
  engine = sync;
  const router = createRouter({
    context,
    door,
    session,
    sync: { status: () => statusOf(sync.status(), session), tryNow: () => sync.tryNow() },
    practice: createPractice(fetch, session),
    phoneClaim,
    central,
    bus,
    info: { version: start.version, store: store.status, startedAt: new Date(clock.now()).toISOString() },
  });
  sync.start();
  const stopDemo = signInDemoAgent(session, { login: start.practice ? start.demoLogin : null, clock, log });
  // A kept session goes on at once; the configuration follows when the centre answers.
  void session.refreshConfig();
  return {
    router,
    close: async () => {
      stopDemo();
      session.close();
      bus.close();
      await sync.stop();
      store.close();
    },
  };
}

function statusOf(status: SyncStatus, session: Session): SyncStatus {
  return { ...status, practiceStore: session.practiceStore() };
}

function asSyncFailure(error: unknown): never {
  const kind = error instanceof DangolError && error.code === 'CENTRE_NONSENSE' ? 'nonsense' : 'unreachable';
  throw new SyncFailure({ kind }, 'refresh', error);
}

interface SyncEventParts {
  context: HostContext;
  door: CustomerDoor;
  session: Session;
  emit: (event: HostEvent) => void;
}

/** What the engine says, as windows hear it. */
function onSyncEvent(event: SyncEvent, { context, door, session, emit }: SyncEventParts): void {
  switch (event.type) {
    case 'status':
      emit({ type: 'sync', status: statusOf(event.status, session) });
      return;
    case 'rows_changed':
      if (event.all || event.customerIds.length > 0) {
        emit({ type: 'customers_changed', customerIds: event.all ? [] : event.customerIds, all: event.all });
      }
      if (event.catalogue) emit({ type: 'catalogue_changed' });
      return;
    case 'note_mark':
      emit(event);
      return;
    case 'customers_deleted':
      door.forget(event.customerIds);
      forgetHere(context.outbox, event.customerIds);
      return;
    case 'attention_changed':
    case 'device_changed':
      // The status event beside it carries the count; the new name is read from the outbox at the next sign-in.
      context.log(`sync.${event.type}`);
      return;
    default:
      assertNever(event);
  }
}
