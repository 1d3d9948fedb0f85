import type { AmiMessage } from './ami-messages.ts';

/** One member of one queue, as the PBX has it. */
export interface Seat {
  queue: string;
  /** What the PBX rings, and what a pause names. */
  member: string;
  /** What it watches for "in use" (StateInterface), e.g. PJSIP/kim: the agent's line. */
  device: string;
  paused: boolean;
  reason: string;
  /** Asterisk's device state: 1 free, 2 in use, 5 unavailable, 6 ringing, … */
  status: number;
}

/** What a message changed. */
export interface QueueNews {
  /** Devices whose seats are others now, or paused otherwise. */
  seats: ReadonlySet<string>;
  /** Queues whose waiting callers, or whose members' lines, changed. */
  queues: ReadonlySet<string>;
}

/** The PBX's queues: filled by QueueStatus, kept by its events. Knows nothing of agents. */
export interface QueueBook {
  /** Takes the whole list of a QueueStatus. */
  replace: (list: readonly AmiMessage[], now: number) => QueueNews;
  /** null: the event is not about queues. */
  hear: (event: AmiMessage, now: number) => QueueNews | null;
  seatsOf: (device: string) => readonly Seat[];
  devices: () => ReadonlySet<string>;
  waitingIn: (queue: string) => { count: number; longestSince: number | null };
  /** Hears each word of the PBX about a seat, also one that the next word takes back. Returns the end of it. */
  watch: (look: (seat: Seat) => void) => () => void;
  clear: () => void;
}

export function createQueueBook(): QueueBook {
  let seats = new Map<string, Seat>();
  /** queue -> Uniqueid of the caller -> epoch ms of joining. */
  let waiting = new Map<string, Map<string, number>>();
  const watchers = new Set<(seat: Seat) => void>();
  const callersOf = (queue: string) => {
    const callers = waiting.get(queue) ?? new Map<string, number>();
    waiting.set(queue, callers);
    return callers;
  };
  const sit = (seat: Seat): boolean => {
    const key = `${seat.queue} ${seat.member}`;
    const before = seats.get(key);
    seats.set(key, seat);
    for (const look of watchers) look(seat);
    return before?.paused !== seat.paused || before.reason !== seat.reason;
  };
  const hearMember = (event: AmiMessage): QueueNews => {
    const seat = seatOf(event, event.Interface);
    const queues = new Set([seat.queue]);
    if (event.Event === 'QueueMemberRemoved') {
      seats.delete(`${seat.queue} ${seat.member}`);
      return { seats: new Set([seat.device]), queues };
    }
    return { seats: new Set(sit(seat) ? [seat.device] : []), queues };
  };
  return {
    replace: (list, now) => {
      const before = seats;
      const devices = new Set([...before.values()].map((seat) => seat.device));
      seats = new Map();
      waiting = new Map();
      for (const message of list) {
        if (message.Event === 'QueueMember') {
          const seat = seatOf(message, message.Location);
          sit(seat);
          devices.add(seat.device);
        }
        if (message.Event === 'QueueEntry' && message.Queue && message.Uniqueid) {
          callersOf(message.Queue).set(message.Uniqueid, now - Number(message.Wait ?? 0) * 1000);
        }
      }
      return { seats: devices, queues: new Set(list.flatMap(({ Queue }) => Queue ?? [])) };
    },
    hear: (event, now) => {
      const { Event: name = '', Queue: queue, Uniqueid: caller } = event;
      if (queue === undefined) return null;
      if (name.startsWith('QueueMember') && event.Interface !== undefined) return hearMember(event);
      if (name === 'QueueCallerJoin' && caller) callersOf(queue).set(caller, now);
      else if ((name === 'QueueCallerLeave' || name === 'QueueCallerAbandon') && caller) {
        callersOf(queue).delete(caller);
      } else return null;
      return { seats: new Set(), queues: new Set([queue]) };
    },
    seatsOf: (device) => [...seats.values()].filter((seat) => seat.device === device),
    devices: () => new Set([...seats.values()].map((seat) => seat.device)),
    waitingIn: (queue) => {
      const since = [...(waiting.get(queue)?.values() ?? [])];
      return { count: since.length, longestSince: since.length === 0 ? null : Math.min(...since) };
    },
    watch: (look) => {
      watchers.add(look);
      return () => watchers.delete(look);
    },
    clear: () => {
      seats = new Map();
      waiting = new Map();
    },
  };
}

function seatOf(message: AmiMessage, member = ''): Seat {
  return {
    queue: message.Queue ?? '',
    member,
    device: message.StateInterface || member,
    paused: message.Paused === '1',
    reason: (message.PausedReason ?? '').slice(0, 80),
    status: Number(message.Status ?? 0),
  };
}
