import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryDelay } from '../../../src/telephony/back-off.ts';
import { KeepAlive } from '../../../src/telephony/keep-alive.ts';
import { ServerList } from '../../../src/telephony/server-list.ts';
import { type TimerOrder, type TimerWorker, workerTimers } from '../../../src/telephony/timers.ts';

/** A clock that only moves when told to. */
class Clock {
  now = 1_000_000;
  #timers: { at: number; ring: () => void }[] = [];
  readonly start = (milliseconds: number, ring: () => void) => {
    const timer = { at: this.now + milliseconds, ring };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  };
  /** Lets time pass; timers ring in order. */
  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const next = this.#timers.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.now = Math.max(this.now, next.at);
      next.ring();
    }
    this.now = end;
  }
  /** The machine sleeps: time passes, no timer rings. */
  sleep(milliseconds: number): void {
    this.now += milliseconds;
  }
}

function keepAlive(busy = false) {
  const clock = new Clock();
  const seen = { probes: 0, deadAfter: -1 };
  const began = clock.now;
  const line = new KeepAlive({
    startTimer: clock.start,
    now: () => clock.now,
    probe: () => seen.probes++,
    busy: () => busy,
    dead: () => {
      seen.deadAfter = clock.now - began;
    },
  });
  line.start();
  return { clock, seen, line };
}

describe('a half-open line', () => {
  test.each([
    [false, 10_000],
    [true, 5_000],
  ])('in a call: %s, is seen within %i ms', (busy, limit) => {
    const { clock, seen } = keepAlive(busy);
    clock.pass(60_000);
    expect(seen.deadAfter).toBeGreaterThan(0);
    expect(seen.deadAfter).toBeLessThanOrEqual(limit);
  });

  test('a line that answers is never given up, and is asked only when it is quiet', () => {
    const { clock, seen, line } = keepAlive();
    for (let second = 0; second < 600; second++) {
      clock.pass(1_000);
      line.heard();
    }
    expect(seen).toEqual({ probes: 0, deadAfter: -1 });
  });

  test('after sleep it is asked at once and given up within 3 s', () => {
    const { clock, seen } = keepAlive();
    clock.pass(1_000);
    clock.sleep(3_600_000);
    clock.pass(3_000);
    expect(seen.probes).toBe(1);
    expect(seen.deadAfter).toBeLessThanOrEqual(3_604_000);
  });

  test('stopped means stopped', () => {
    const { clock, seen, line } = keepAlive();
    line.stop();
    line.check();
    clock.pass(60_000);
    expect(seen).toEqual({ probes: 0, deadAfter: -1 });
  });
});

describe('the next try', () => {
  const facts = fc.record({
    reason: fc.constantFrom(
      'unreachable' as const,
      'timeout' as const,
      'socket_lost' as const,
      'rejected' as const,
      'wrong_password' as const,
    ),
    attempt: fc.integer({ min: 1, max: 100_000 }),
    outageMs: fc.nat(1_000_000_000),
    retryAfterMs: fc.option(fc.nat(3_600_000)),
    random: fc.double({ min: 0, max: 0.999999, noNaN: true }),
  });

  test('always comes, and Retry-After is never undercut', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const delay = retryDelay(one);
        expect(Number.isFinite(delay) && delay >= 0).toBe(true);
        expect(delay).toBeLessThanOrEqual(5_000_000);
        if (one.retryAfterMs !== null) expect(delay).toBeGreaterThanOrEqual(one.retryAfterMs);
        else if (one.reason === 'wrong_password') expect(delay).toBeGreaterThanOrEqual(60_000);
      }),
    );
  });

  test('a lost line is tried at once, then within 3.5 s for five minutes, then within 30 s', () => {
    const late = { reason: 'unreachable' as const, retryAfterMs: null, random: 0.999 };
    expect(retryDelay({ ...late, attempt: 1, outageMs: 0 })).toBeLessThanOrEqual(400);
    expect(retryDelay({ ...late, attempt: 50, outageMs: 200_000 })).toBeLessThanOrEqual(3_500);
    expect(retryDelay({ ...late, attempt: 500, outageMs: 4_000_000 })).toBeLessThanOrEqual(30_000);
  });
});

describe('timers of a worker', () => {
  function fakeWorker() {
    const orders: TimerOrder[] = [];
    const worker: TimerWorker = { postMessage: (order) => orders.push(order), onmessage: null, onerror: null };
    return { orders, worker };
  }

  test('ring when the worker says so, once, and not after they were stopped', () => {
    const { orders, worker } = fakeWorker();
    const start = workerTimers(() => worker);
    const rung: string[] = [];
    start(100, () => rung.push('one'));
    const stop = start(200, () => rung.push('two'));
    stop();
    for (const { id } of orders) worker.onmessage?.({ data: id } as MessageEvent);
    for (const { id } of orders) worker.onmessage?.({ data: id } as MessageEvent);
    expect(rung).toEqual(['one']);
    expect(orders.at(-1)?.milliseconds).toBeNull();
  });

  test('a worker that fails hands its timers over, those already running included', () => {
    const { worker } = fakeWorker();
    const clock = new Clock();
    const start = workerTimers(() => worker, clock.start);
    const rung: string[] = [];
    start(100, () => rung.push('before'));
    worker.onerror?.({} as ErrorEvent);
    start(100, () => rung.push('after'));
    clock.pass(200);
    expect(rung).toEqual(['before', 'after']);
  });

  test("no worker at all: the page's timers", () => {
    const clock = new Clock();
    const rung: string[] = [];
    workerTimers(() => {
      throw new Error('forbidden');
    }, clock.start)(10, () => rung.push('rung'));
    clock.pass(10);
    expect(rung).toEqual(['rung']);
  });
});

describe('several servers', () => {
  const A = 'wss://a.test/ws';
  const B = 'wss://b.test/ws';
  const C = 'wss://c.test/ws';
  const list = () => new ServerList({ server: A, backupServers: [B, 'ws://plain.test/ws', A, C] });

  test('each is tried once at once, then it is waited; never from wss to ws', () => {
    const servers = list();
    const tried = [servers.current()];
    for (let round = 0; round < 3; round++) {
      const { fresh } = servers.failedNow(0, null);
      tried.push(`${servers.current()} ${fresh}`);
    }
    expect(tried).toEqual([A, `${B} true`, `${C} true`, `${A} false`]);
  });

  test('one that asked to be left alone is left alone, while another answers', () => {
    const servers = list();
    servers.failedNow(0, 120_000);
    expect(servers.current()).toBe(B);
    servers.failedNow(1_000, null);
    expect(servers.current()).toBe(C);
    expect(servers.failedNow(2_000, 30_000)).toEqual({ fresh: false, retryAfterMs: null });
    expect(servers.current()).toBe(B);
    servers.succeeded();
    expect(servers.failedNow(130_000, null)).toEqual({ fresh: true, retryAfterMs: null });
    expect(servers.current()).toBe(A);
  });

  test('where all asked for time, the shortest of them is waited for', () => {
    const servers = list();
    servers.failedNow(0, 120_000);
    servers.failedNow(0, 30_000);
    expect(servers.failedNow(0, 60_000)).toEqual({ fresh: false, retryAfterMs: 30_000 });
    expect(servers.current()).toBe(B);
  });

  test('one server is one server', () => {
    const servers = new ServerList({ server: A });
    expect(servers.failedNow(0, null)).toEqual({ fresh: false, retryAfterMs: null });
    expect([servers.current(), servers.onBackup()]).toEqual([A, false]);
  });
});
