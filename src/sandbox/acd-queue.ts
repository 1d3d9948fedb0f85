import type { DeskCall, DeskCallEvents } from './sip/desk-call.ts';

export interface QueueOptions {
  /** Accounts that could take a call now: registered and without one. */
  free: () => string[];
  /** How long one desk rings before the next is tried. */
  ringMs: number;
  /** A desk that did not take a call is left alone for so long. */
  restMs: number;
}

interface QueueCaller {
  /** This desk first, when it is free; null: whoever waited longest. */
  prefer: string | null;
  patienceMs: number;
  /** Rings one desk with this caller; null when it went away in between. */
  ring: (account: string, events: DeskCallEvents) => DeskCall | null;
  ringing: (call: DeskCall) => void;
  answered: (call: DeskCall) => void;
  /** Ended after it was answered. */
  ended: () => void;
  /** Gave up before anybody answered. */
  abandoned: () => void;
}

/** One waiting line. First come, first served; the desk that has been idle longest is rung first. */
export interface AcdQueue {
  enter: (caller: QueueCaller) => { leave: () => void };
  /** Somebody registered or became free. */
  poke: () => void;
  close: () => void;
}

interface Waiting extends QueueCaller {
  call: DeskCall | null;
  gone: boolean;
}

export function createAcdQueue(options: QueueOptions): AcdQueue {
  const line: Waiting[] = [];
  /** When a desk may be rung again, epoch ms. Also the order of idleness: the smallest first. */
  const restsUntil = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();

  const later = (ms: number, act: () => void): NodeJS.Timeout => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
    return timer;
  };
  const stop = (timer: NodeJS.Timeout) => {
    clearTimeout(timer);
    timers.delete(timer);
  };

  const choose = (caller: Waiting): string | null => {
    const now = Date.now();
    const free = options.free().filter((account) => (restsUntil.get(account) ?? 0) <= now);
    if (caller.prefer !== null && free.includes(caller.prefer)) return caller.prefer;
    return free.sort((a, b) => (restsUntil.get(a) ?? 0) - (restsUntil.get(b) ?? 0))[0] ?? null;
  };

  const remove = (caller: Waiting) => {
    caller.gone = true;
    const at = line.indexOf(caller);
    if (at >= 0) line.splice(at, 1);
  };

  const rest = (account: string) => {
    restsUntil.set(account, Date.now() + options.restMs);
    later(options.restMs + 1, poke);
    // Whoever else is free need not wait for that.
    setImmediate(poke);
  };

  const offer = (caller: Waiting, account: string) => {
    let answered = false;
    let noAnswer: NodeJS.Timeout | null = null;
    const call = caller.ring(account, {
      phase: (phase) => {
        if (phase !== 'talking' || answered) return;
        answered = true;
        if (noAnswer) stop(noAnswer);
        remove(caller);
        if (call) caller.answered(call);
      },
      ended: () => {
        if (noAnswer) stop(noAnswer);
        caller.call = null;
        if (answered) {
          restsUntil.set(account, Date.now());
          caller.ended();
          poke();
        } else if (!caller.gone) rest(account);
      },
    });
    if (!call) return rest(account);
    caller.call = call;
    caller.ringing(call);
    noAnswer = later(options.ringMs, () => call.hangUp());
  };

  const poke = () => {
    for (const caller of [...line]) {
      if (caller.call !== null || caller.gone) continue;
      const account = choose(caller);
      if (account === null) continue;
      offer(caller, account);
    }
  };

  return {
    poke,
    enter: (asked) => {
      const caller: Waiting = { ...asked, call: null, gone: false };
      const leave = () => {
        if (caller.gone) return;
        stop(patience);
        remove(caller);
        caller.call?.hangUp();
        asked.abandoned();
      };
      const patience = later(asked.patienceMs, leave);
      line.push(caller);
      poke();
      return { leave };
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      for (const caller of [...line]) {
        remove(caller);
        caller.call?.hangUp();
      }
    },
  };
}
