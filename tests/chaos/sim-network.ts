import type { AuditPage, AuditRows } from '../../src/shared/sync-audit.ts';
import type {
  BootstrapStart,
  PullResponse,
  PushRequest,
  PushResponse,
  SnapshotPage,
} from '../../src/shared/sync-wire.ts';
import type { Clock } from '../../src/sync/clock.ts';
import {
  type AuditQuery,
  type LiveHandlers,
  type PullQuery,
  type SnapshotQuery,
  SyncFailure,
  type SyncTransport,
} from '../../src/sync/transport.ts';
import type { OracleScope } from '../fakes/oracle-scope.ts';
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
  /** An answer is long on its way: what another request brought meanwhile is newer. */
  slow: number;
}
export const HEALTHY: Faults = {
  drop: 0,
  duplicate: 0,
  loseReply: 0,
  rateLimit: 0,
  nonsense: 0,
  losePoke: 0,
  late: 0,
  slow: 0,
};

type Soon<T> = T | Promise<T>;

/** What the network needs of a centre: the oracle, or the real one. */
export interface NetworkCentre {
  onChange: () => void;
  epochName(): string;
  push(request: PushRequest, scopeOf: (authorId: string) => OracleScope): Soon<PushResponse>;
  pull(query: PullQuery, scope: OracleScope): Soon<PullResponse>;
  start(scope: OracleScope): Soon<BootstrapStart>;
  snapshot(query: SnapshotQuery, scope: OracleScope): Soon<SnapshotPage>;
  audit(query: AuditQuery, scope: OracleScope): Soon<AuditPage>;
  auditRows(query: AuditQuery & { upTo: string | null }, scope: OracleScope): Soon<AuditRows>;
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
  heard: (request: PushRequest, desk: NetworkDesk) => void;
  /** Hears every answer to a push that arrives at its desk. */
  delivered: (desk: NetworkDesk, request: PushRequest, response: PushResponse) => void;
  /** Hears every snapshot page that leaves the centre. */
  served: (desk: NetworkDesk, query: SnapshotQuery, page: SnapshotPage) => void;
  /** How much longer answers to a kind of request take, in milliseconds. */
  slowness: (lane: string, desk: string) => number;
  /** How long a desk waits for an answer that does not come. */
  timeoutMs: number;
  /** The desk's live connection ends, and the desk sees it. */
  cut(desk: NetworkDesk): void;
  /** The desk's live connection is half open from now on: the centre has forgotten it, and the desk hears nothing of that. */
  silence(desk: NetworkDesk): void;
  /** How often an operation that was sent alone was answered by nonsense: for its desk, the centre breaks on it. */
  struck: Map<string, number>;
}

/** What the network knows of a desk. */
export interface NetworkDesk {
  name: string;
  partitioned: boolean;
  /** Requests of this kind get no answer, all others do. */
  blocked?: 'push' | 'pull' | null;
  signedIn: boolean;
  /** What its agents may hold, who signed in last and each of them. Absent: everything. */
  scope?: OracleScope;
  scopeOf?: (agentId: string) => OracleScope;
  /** The release it runs: a centre of another one refuses it. Absent: the centre's. */
  release?: number;
}

const TIMEOUT_MS = 3000;
const PING_MS = 20_000;
const LATEST_MS = 12_000;
const SLOW_MS = 2500;

function strike(struck: Map<string, number>, { operations }: PushRequest, error: unknown): never {
  const [only, ...others] = operations as { opId: string }[];
  const nonsense = error instanceof SyncFailure && error.reason.kind === 'nonsense';
  if (nonsense && only && others.length === 0) struck.set(only.opId, (struck.get(only.opId) ?? 0) + 1);
  throw error;
}

interface Listener {
  desk: NetworkDesk;
  poke: () => void;
  lose: () => void;
}

export function createSimNetwork(centre: NetworkCentre, world: SimClock, random: () => number): SimNetwork {
  const listeners = new Set<Listener>();
  const isHalfOpen = (listener: Listener) => !listeners.has(listener);
  const delay = () => Math.floor(5 + random() * 200);
  const hit = (chance: number) => chance > 0 && random() < chance;
  const network: SimNetwork = {
    faults: HEALTHY,
    connect,
    impatient: [],
    release: 1,
    heard: () => undefined,
    delivered: () => undefined,
    served: () => undefined,
    slowness: () => 0,
    timeoutMs: TIMEOUT_MS,
    cut: (desk) => {
      for (const listener of [...listeners]) if (listener.desk === desk) listener.lose();
    },
    silence: (desk) => {
      for (const listener of listeners) if (listener.desk === desk) listeners.delete(listener);
    },
    struck: new Map(),
  };
  centre.onChange = () => {
    for (const { desk, poke } of listeners) {
      if (!desk.partitioned && !hit(network.faults.losePoke)) world.schedule(delay(), poke);
    }
  };

  function connect(desk: NetworkDesk, clock: Clock): SyncTransport {
    const notBefore = new Map<string, number>();
    const scope = () => desk.scope ?? 'all';
    const scopeOf = (agentId: string) => desk.scopeOf?.(agentId) ?? scope();
    const request = <T>(lane: string, handle: () => Soon<T>, signal: AbortSignal, token: boolean): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        const fail = (error: SyncFailure, after: number) => clock.schedule(after, () => reject(error));
        signal.addEventListener('abort', () => reject(new SyncFailure({ kind: 'unreachable' }, 'aborted')));
        if (!token) return reject(new SyncFailure({ kind: 'signed_out' }, lane));
        // An audit waits by the desk's clock, which somebody may set: then it asks once too early.
        if (lane !== 'audit' && world.now() < (notBefore.get(lane) ?? 0))
          network.impatient.push(`${desk.name} ${lane}`);
        const unreachable = () => new SyncFailure({ kind: 'unreachable' }, lane);
        if (desk.partitioned || desk.blocked === lane || hit(network.faults.drop))
          return fail(unreachable(), network.timeoutMs);
        if (hit(network.faults.rateLimit)) {
          const retryAfterMs = 500 + Math.floor(random() * 1500);
          notBefore.set(lane, world.now() + retryAfterMs);
          return fail(new SyncFailure({ kind: 'rate_limited', retryAfterMs }, lane), 0);
        }
        if (hit(network.faults.late)) {
          world.schedule(network.timeoutMs + delay() + random() * LATEST_MS, () => void attempt(world, handle));
          return fail(unreachable(), network.timeoutMs);
        }
        world.schedule(delay(), async () => {
          if (desk.release !== undefined && desk.release !== network.release)
            return fail(new SyncFailure({ kind: 'other_release' }, `${lane}: another release`), 10);
          const answer = await attempt(world, handle);
          if (hit(network.faults.duplicate)) world.schedule(delay() * 10, () => void attempt(world, handle));
          if (desk.partitioned || hit(network.faults.loseReply)) return fail(unreachable(), network.timeoutMs);
          if (hit(network.faults.nonsense)) return fail(new SyncFailure({ kind: 'nonsense' }, lane), 10);
          const slowMs = hit(network.faults.slow) ? random() * SLOW_MS : 0;
          clock.schedule(delay() + slowMs + network.slowness(lane, desk.name), () =>
            answer.ok ? resolve(answer.value) : reject(answer.error),
          );
        });
      });
    const tell = (query: SnapshotQuery, page: Soon<SnapshotPage>) => {
      if (!(page instanceof Promise)) network.served(desk, query, page);
      return page;
    };
    return {
      push: (body, signal) => {
        network.heard(body, desk);
        const text = JSON.stringify(body);
        const answer = request('push', () => centre.push(JSON.parse(text), scopeOf), signal, true);
        return answer.then(
          (response) => {
            network.delivered(desk, body, response);
            return response;
          },
          (error: unknown) => strike(network.struck, body, error),
        );
      },
      pull: (query, signal) => request('pull', () => centre.pull(query, scope()), signal, desk.signedIn),
      start: (signal) => request('pull', () => centre.start(scope()), signal, desk.signedIn),
      // Small pages, so that bootstraps have several and can be cut between them.
      snapshot: (query, signal) =>
        request('pull', () => tell(query, centre.snapshot({ ...query, limit: 3 }, scope())), signal, desk.signedIn),
      audit: (query, signal) => request('audit', () => centre.audit(query, scope()), signal, desk.signedIn),
      auditRows: (query, signal) => request('audit', () => centre.auditRows(query, scope()), signal, desk.signedIn),
      live: (handlers) => listen(desk, clock, handlers),
    };
  }

  function listen(desk: NetworkDesk, clock: Clock, handlers: LiveHandlers) {
    let open = true;
    const poke = () => clock.schedule(0, () => open && handlers.onPoke());
    const listener = { desk, poke, lose: () => refuse('unreachable') };
    const end = () => {
      open = false;
      listeners.delete(listener);
    };
    const refuse = (kind: 'unreachable' | 'signed_out') => {
      end();
      handlers.onClosed(new SyncFailure({ kind }, 'live'));
    };
    const ping = () => {
      if (!open || isHalfOpen(listener)) return;
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
