import type { Kysely } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import type { PbxAgent, StateWish } from '../../shared/pbx.ts';
import type { Clock } from '../clock.ts';
import type { CentralTables } from '../db/tables.ts';
import { CentralProblem } from '../problem.ts';
import { AmiError } from './ami-connection.ts';
import type { AmiLink } from './ami-link.ts';
import type { Lines } from './lines.ts';
import type { QueueBook, Seat } from './queue-book.ts';
import { NO_WISH, pauseOf, readWish, readWrapUps, stateOf, type Wish, WRAP_UP_REASON, writeWish } from './wishes.ts';

export interface AgentStatesParts {
  db: Kysely<CentralTables>;
  clock: Clock;
  link: () => AmiLink;
  book: QueueBook;
  lines: Lines;
  /** Who, of a PBX that was asked over and over, is to be told. */
  tell: (agentId: Id) => void;
  warn: (event: string) => void;
}

/** Each agent's state: what was wished, beside what the PBX has. Where they differ, the PBX is right. */
export interface AgentStates {
  read: (agentId: Id) => Promise<Omit<PbxAgent, 'agentId' | 'run' | 'seq' | 'link' | 'linkSince' | 'asOf'>>;
  /** Pauses or unpauses the agent in all their queues; resolves when the PBX says that it is so. */
  set: (agentId: Id, wish: StateWish) => Promise<void>;
  /** Something about this agent's seats changed. */
  compare: (agentId: Id) => void;
  /** The PBX started again and forgot every pause: it is told once more what was wished. Rejects where it does not confirm. */
  repeat: (agentId: Id) => Promise<void>;
  /** Goes on with wrap-ups that a centre before this one began. */
  resumeWrapUps: () => Promise<void>;
  close: () => void;
}

/** Events come queue by queue, and those of another centre's act before its wish is read: not every instant is a difference. */
const SETTLE_MS = 250;
const CONFIRM_MS = 1500;
const LOOK_EVERY_MS = 10;

export function createAgentStates(parts: AgentStatesParts): AgentStates {
  const { db, clock, link, book, lines, tell } = parts;
  /** One act of one agent at a time. */
  const lanes = new Map<Id, Promise<unknown>>();
  const settling = new Map<Id, NodeJS.Timeout>();
  const wrapUps = new Map<Id, NodeJS.Timeout>();
  let closed = false;

  const inTurn = <T>(agentId: Id, act: () => Promise<T>): Promise<T> => {
    const mine = (lanes.get(agentId) ?? Promise.resolve()).catch(() => undefined).then(act);
    lanes.set(agentId, mine);
    const done = () => {
      if (lanes.get(agentId) === mine) lanes.delete(agentId);
    };
    mine.then(done, done);
    return mine;
  };
  const seatsOf = async (agentId: Id): Promise<readonly Seat[]> => {
    const device = await lines.deviceOf(agentId);
    return device === null ? [] : book.seatsOf(device);
  };
  /** Asks the PBX for the pause and waits until its own events say so, also where somebody lifts it in the next instant. */
  const pause = async (agentId: Id, reason: string | null) => {
    const members = new Set((await seatsOf(agentId)).map((seat) => seat.member));
    const said = new Set<string>();
    const unwatch = book.watch((seat) => {
      if (agrees(seat, reason)) said.add(`${seat.queue} ${seat.member}`);
    });
    try {
      for (const member of members) {
        const how: Record<string, string> = reason === null ? { Paused: 'false' } : { Paused: 'true', Reason: reason };
        await link().action({ Action: 'QueuePause', Interface: member, ...how });
      }
      const done = (seat: Seat) => agrees(seat, reason) || said.has(`${seat.queue} ${seat.member}`);
      const until = clock() + CONFIRM_MS;
      while (!(await seatsOf(agentId)).every(done)) {
        if (closed || clock() > until) throw new AmiError('silent', 'the pause was not confirmed');
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    } finally {
      unwatch();
    }
  };
  const planWrapUp = (agentId: Id, until: number | null) => {
    clearTimeout(wrapUps.get(agentId));
    wrapUps.delete(agentId);
    if (until === null || closed) return;
    const wait = Math.max(0, until - clock());
    wrapUps.set(
      agentId,
      setTimeout(() => void inTurn(agentId, () => endWrapUp(agentId)).catch(warned), wait),
    );
  };
  const warned = () => {
    if (!closed) parts.warn('agent state was not brought to the PBX');
  };
  const endWrapUp = async (agentId: Id) => {
    const wish = await readWish(db, agentId);
    if (wish.wrapUpUntil === null) return;
    if (wish.wrapUpUntil > clock()) return planWrapUp(agentId, wish.wrapUpUntil);
    await writeWish(db, agentId, { ...wish, wrapUpUntil: null, since: clock(), changedBy: 'agent' });
    // Where the PBX is out of reach the pause is lifted when it is back: compare() knows whose it was.
    if (wish.breakReason === null) await pause(agentId, null).finally(() => tell(agentId));
  };
  const set = async (agentId: Id, asked: StateWish) => {
    const state = link().state();
    if (state !== 'up') throw new CentralProblem('PBX_UNREACHABLE', { detail: `link ${state}` });
    const before = await readWish(db, agentId);
    const wish = wished(before, asked, clock());
    await writeWish(db, agentId, wish);
    planWrapUp(agentId, wish.wrapUpUntil);
    try {
      await pause(agentId, pauseOf(wish, clock()));
    } catch (error) {
      // What the PBX does not confirm was not done, and is not shown.
      await writeWish(db, agentId, before);
      throw asProblem(error);
    } finally {
      tell(agentId);
    }
  };
  const compareNow = async (agentId: Id) => {
    const [seats, wish] = [await seatsOf(agentId), await readWish(db, agentId)];
    const now = clock();
    const wanted = pauseOf(wish, now);
    const found = whatPbxMadeOfIt(seats, wanted);
    if (found === 'as wished') return;
    if (found === 'forgotten wrap-up') return pause(agentId, wanted).catch(warned);
    const next: Wish = { breakReason: found.breakReason, wrapUpUntil: null, since: now, changedBy: 'pbx' };
    await writeWish(db, agentId, next);
    planWrapUp(agentId, null);
  };
  return {
    read: async (agentId) => {
      const [seats, wish] = [await seatsOf(agentId), await readWish(db, agentId)];
      const now = clock();
      return {
        state: stateOf(wish, now),
        since: new Date(wish === NO_WISH ? now : wish.since).toISOString(),
        changedBy: wish.changedBy,
        seats: seats.slice(0, 200).map(({ queue, paused }) => {
          const { count, longestSince } = book.waitingIn(queue);
          const since = longestSince === null ? null : new Date(longestSince).toISOString();
          return { queue, paused, waiting: count, longestSince: since };
        }),
        reachable: seats.length === 0 ? null : seats.some(({ status }) => status !== UNAVAILABLE && status !== INVALID),
      };
    },
    set: (agentId, wish) => inTurn(agentId, () => set(agentId, wish)),
    compare: (agentId) => {
      if (closed || settling.has(agentId)) return;
      const settled = () => {
        settling.delete(agentId);
        if (closed || link().state() !== 'up') return;
        inTurn(agentId, () => compareNow(agentId))
          .catch(warned)
          .finally(() => tell(agentId));
      };
      settling.set(agentId, setTimeout(settled, SETTLE_MS));
    },
    repeat: (agentId) =>
      inTurn(agentId, async () => {
        const wanted = pauseOf(await readWish(db, agentId), clock());
        if (wanted === null) return;
        await pause(agentId, wanted).catch((error: unknown) => {
          if (!(error instanceof AmiError && error.kind === 'error')) throw error;
          warned();
        });
      }),
    resumeWrapUps: async () => {
      for (const { agentId, until } of await readWrapUps(db)) planWrapUp(agentId, until);
    },
    close: () => {
      closed = true;
      for (const timer of [...settling.values(), ...wrapUps.values()]) clearTimeout(timer);
    },
  };
}

/** Asterisk's device states (AST_DEVICE_INVALID, AST_DEVICE_UNAVAILABLE). */
const INVALID = 4;
const UNAVAILABLE = 5;

function agrees(seat: Seat, reason: string | null): boolean {
  return reason === null ? !seat.paused : seat.paused && seat.reason === reason;
}

function wished(before: Wish, asked: StateWish, now: number): Wish {
  const changedBy = 'agent';
  if (asked.state === 'break') return { breakReason: asked.reason, wrapUpUntil: null, since: now, changedBy };
  if (asked.state === 'available') return { breakReason: null, wrapUpUntil: null, since: now, changedBy };
  // Whoever asked for a break while talking is on it already: the wrap-up does not shorten it.
  if (before.breakReason !== null) return before;
  const lengthened = stateOf(before, now).state === 'wrap_up';
  return {
    breakReason: null,
    wrapUpUntil: now + asked.seconds * 1000,
    since: lengthened ? before.since : now,
    changedBy,
  };
}

/** One queue of several paused by a supervisor leaves the state as it is: the seats tell. */
function whatPbxMadeOfIt(
  seats: readonly Seat[],
  wanted: string | null,
): 'as wished' | 'forgotten wrap-up' | { breakReason: string | null } {
  const [first] = seats;
  if (!first || seats.every((seat) => agrees(seat, wanted))) return 'as wished';
  if (seats.every((seat) => !seat.paused)) return { breakReason: null };
  if (!seats.every((seat) => seat.paused)) return 'as wished';
  if (seats.every((seat) => seat.reason === WRAP_UP_REASON)) return 'forgotten wrap-up';
  return { breakReason: first.reason };
}

function asProblem(error: unknown): unknown {
  if (!(error instanceof AmiError)) return error;
  return new CentralProblem('PBX_UNREACHABLE', { detail: `${error.kind}: ${error.message}` });
}
