import type {
  BootstrapStart,
  PullResponse,
  PushRequest,
  PushResponse,
  SnapshotPage,
} from '../../src/shared/sync-wire.ts';
import type { Clock } from '../../src/sync/clock.ts';
import {
  type LiveHandlers,
  type PullQuery,
  type SnapshotQuery,
  SyncFailure,
  type SyncTransport,
} from '../../src/sync/transport.ts';
import type { SimClock } from '../fakes/sim-clock.ts';

/** Chances of each fault, 0 to 1. All 0 is a healthy network. */
export interface Faults {
  drop: number;
  duplicate: number;
  loseReply: number;
  rateLimit: number;
  nonsense: number;
  losePoke: number;
  /** The desk gave up waiting; its request arrives all the same, behind whatever it sent after it. */
  late: number;
}
export const HEALTHY: Faults = {
  drop: 0,
  duplicate: 0,
  loseReply: 0,
  rateLimit: 0,
  nonsense: 0,
  losePoke: 0,
  late: 0,
};

type Soon<T> = T | Promise<T>;

/** What the network needs of a centre: the oracle, or the real one. `desk` names whose token the request carries. */
export interface NetworkCentre {
  onChange: () => void;
  epochName(): string;
  push(request: PushRequest, desk: string): Soon<PushResponse>;
  pull(query: PullQuery): Soon<PullResponse>;
  start(): Soon<BootstrapStart>;
  snapshot(query: SnapshotQuery): Soon<SnapshotPage>;
}

export interface SimNetwork {
  faults: Faults;
  /** Wires up one run of a desk. */
  connect(desk: NetworkDesk, clock: Clock): SyncTransport;
  /** Requests that came before their Retry-After was over. */
  impatient: string[];
  /** The release that the centre runs. */
  release: number;
  /** Hears every push that a desk sends. */
  heard: (request: PushRequest) => void;
}

/** What the network knows of a desk. */
export interface NetworkDesk {
  name: string;
  partitioned: boolean;
  signedIn: boolean;
  /** The release it runs: a centre of another one takes it for nonsense, as its schemas would. Absent: the centre's. */
  release?: number;
}

const TIMEOUT_MS = 3000;
const PING_MS = 20_000;
const LATEST_MS = 12_000;

export function createSimNetwork(centre: NetworkCentre, world: SimClock, random: () => number): SimNetwork {
  const listeners = new Set<{ desk: NetworkDesk; poke: () => void }>();
  const delay = () => Math.floor(5 + random() * 200);
  const hit = (chance: number) => chance > 0 && random() < chance;
  const network: SimNetwork = { faults: HEALTHY, connect, impatient: [], release: 1, heard: () => undefined };
  centre.onChange = () => {
    for (const { desk, poke } of listeners) {
      if (!desk.partitioned && !hit(network.faults.losePoke)) world.schedule(delay(), poke);
    }
  };

  function connect(desk: NetworkDesk, clock: Clock): SyncTransport {
    const notBefore = new Map<string, number>();
    const request = <T>(lane: string, handle: () => Soon<T>, signal: AbortSignal, token: boolean): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        const fail = (error: SyncFailure, after: number) => clock.schedule(after, () => reject(error));
        signal.addEventListener('abort', () => reject(new SyncFailure({ kind: 'unreachable' }, 'aborted')));
        if (!token) return reject(new SyncFailure({ kind: 'signed_out' }, lane));
        if (clock.now() < (notBefore.get(lane) ?? 0)) network.impatient.push(`${desk.name} ${lane}`);
        const unreachable = () => new SyncFailure({ kind: 'unreachable' }, lane);
        if (desk.partitioned || hit(network.faults.drop)) return fail(unreachable(), TIMEOUT_MS);
        if (hit(network.faults.rateLimit)) {
          const retryAfterMs = 500 + Math.floor(random() * 1500);
          notBefore.set(lane, clock.now() + retryAfterMs);
          return fail(new SyncFailure({ kind: 'rate_limited', retryAfterMs }, lane), 0);
        }
        if (hit(network.faults.late)) {
          world.schedule(TIMEOUT_MS + delay() + random() * LATEST_MS, () => void attempt(world, handle));
          return fail(unreachable(), TIMEOUT_MS);
        }
        world.schedule(delay(), async () => {
          if (desk.release !== undefined && desk.release !== network.release)
            return fail(new SyncFailure({ kind: 'nonsense' }, `${lane}: another release`), 10);
          const answer = await attempt(world, handle);
          if (hit(network.faults.duplicate)) world.schedule(delay() * 10, () => void attempt(world, handle));
          if (desk.partitioned || hit(network.faults.loseReply)) return fail(unreachable(), TIMEOUT_MS);
          if (hit(network.faults.nonsense)) return fail(new SyncFailure({ kind: 'nonsense' }, lane), 10);
          clock.schedule(delay(), () => (answer.ok ? resolve(answer.value) : reject(answer.error)));
        });
      });
    return {
      push: (body, signal) => {
        network.heard(body);
        const text = JSON.stringify(body);
        return request('push', () => centre.push(JSON.parse(text), desk.name), signal, true);
      },
      pull: (query, signal) => request('pull', () => centre.pull(query), signal, desk.signedIn),
      start: (signal) => request('pull', () => centre.start(), signal, desk.signedIn),
      // Small pages, so that bootstraps have several and can be cut between them.
      snapshot: (query, signal) =>
        request('pull', () => centre.snapshot({ ...query, limit: 3 }), signal, desk.signedIn),
      live: (handlers) => listen(desk, clock, handlers),
    };
  }

  function listen(desk: NetworkDesk, clock: Clock, handlers: LiveHandlers) {
    let open = true;
    const listener = { desk, poke: () => clock.schedule(0, () => open && handlers.onPoke()) };
    const end = () => {
      open = false;
      listeners.delete(listener);
    };
    const refuse = (kind: 'unreachable' | 'signed_out') => {
      end();
      handlers.onClosed(new SyncFailure({ kind }, 'live'));
    };
    const ping = () => {
      if (!open) return;
      if (!desk.partitioned) handlers.onAlive();
      clock.schedule(PING_MS, ping);
    };
    clock.schedule(delay(), () => {
      if (!open) return;
      if (!desk.signedIn) return refuse('signed_out');
      if (desk.partitioned || hit(network.faults.drop)) return refuse('unreachable');
      listeners.add(listener);
      handlers.onWelcome(centre.epochName());
      clock.schedule(PING_MS, ping);
    });
    return { close: end };
  }
  return network;
}

type Answer<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** What the centre answers; a centre that takes real time stops the clock meanwhile. */
function attempt<T>(world: SimClock, handle: () => Soon<T>): Answer<T> | Promise<Answer<T>> {
  try {
    const value = handle();
    if (!(value instanceof Promise)) return { ok: true, value };
    const answer = value.then(
      (given): Answer<T> => ({ ok: true, value: given }),
      (error: unknown): Answer<T> => ({ ok: false, error }),
    );
    world.hold(answer);
    return answer;
  } catch (error) {
    return { ok: false, error };
  }
}
