import { beforeEach, describe, expect, test } from 'vitest';
import { waitAfterFailure } from '../../../src/sync/backoff.ts';
import { createSyncEngine, type SyncEvent } from '../../../src/sync/engine.ts';
import { truncateLogs } from '../../../src/sync/forget.ts';
import { createLane } from '../../../src/sync/lane.ts';
import { readLastContact } from '../../../src/sync/outbox.ts';
import { SyncFailure } from '../../../src/sync/transport.ts';
import { HEALTHY } from '../../chaos/sim-network.ts';
import { openDeskDbs } from '../../fakes/desk-db.ts';
import { sampleCustomer } from '../../fakes/sample-rows.ts';
import { createSimClock, seededRandom } from '../../fakes/sim-clock.ts';
import { AT, idOf, noteOf } from '../../fakes/sync-rows.ts';
import { CUSTOMER, createRig, eventsOf, namesOf, notesOf, operationsOf, type Rig, statusesOf } from './rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = createRig();
});

describe('time and failure', () => {
  test('S40 a desk that was cut off for an hour is in step again by itself within ten seconds', {
    timeout: 60_000,
  }, async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    desk.partitioned = true;
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '오프라인 메모')]);
    await rig.seconds(3600);
    expect(desk.run?.engine.status()).toMatchObject({
      phase: 'offline',
      pending: 1,
      problem: { code: 'CENTRE_UNREACHABLE', next: 'check-network' },
    });
    desk.partitioned = false;
    // A request that was under way when the network healed still has to time out: 3 s here.
    await rig.seconds(13);
    expect(statusesOf(desk)).toEqual(['acknowledged']);
    expect(desk.run?.engine.status()).toMatchObject({ phase: 'idle', pending: 0, problem: null, nextTryAt: null });
  });

  test('S40 a request that died with the line holds up nothing once the live connection is welcomed again', async () => {
    const desk = rig.desk();
    await rig.seconds(7);
    rig.network.timeoutMs = 20_000;
    let pushes = 0;
    rig.network.heard = () => {
      pushes += 1;
    };
    desk.partitioned = true;
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '오프라인 메모')]);
    await rig.seconds(4);
    // The request is on its way into nothing, for sixteen seconds more.
    desk.partitioned = false;
    rig.network.cut(desk);
    await rig.seconds(2);
    expect([statusesOf(desk), pushes]).toEqual([['acknowledged'], 2]);
    expect(desk.run?.engine.status()).toMatchObject({ phase: 'idle', pending: 0, problem: null });
  });

  test('S40 and neither does a long wait: a welcome ends it, for uploads and downloads', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    desk.partitioned = true;
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '오프라인 메모')]);
    const waits = () => Date.parse(desk.run?.engine.status().nextTryAt ?? '') - rig.clock.now();
    for (let n = 0; n < 400 && !(waits() > 5000); n += 1) await rig.clock.advance(100);
    expect(waits()).toBeGreaterThan(5000);
    desk.partitioned = false;
    rig.network.cut(desk);
    await rig.seconds(4);
    expect([statusesOf(desk), desk.run?.engine.status().problem]).toEqual([['acknowledged'], null]);
  });

  test('S40 a round that others outlive is begun anew, each time later: a slow answer is not given up again and again', async () => {
    const clock = createSimClock();
    const began: number[] = [];
    const lane = createLane({
      clock,
      random: () => 0,
      work: (signal) =>
        new Promise((resolve) => {
          began.push(clock.now());
          const cancel = clock.schedule(15_000, () => resolve({ again: false, idleMs: 1e9 }));
          signal.addEventListener('abort', () => {
            cancel();
            resolve({ again: true });
          });
        }),
      onRound: () => undefined,
    });
    lane.start();
    await clock.advance(0);
    // Somebody reaches the centre every second, and this request takes fifteen.
    for (let second = 0; second < 60; second += 1) {
      await clock.advance(1000);
      lane.recover();
    }
    await clock.advance(0);
    const gaps = began.map((at, i) => at - (began[i - 1] ?? at)).slice(1);
    expect(gaps).toEqual([2000, 4000, 8000]);
    await lane.stop();
    await clock.advance(60_000);
    expect(began).toHaveLength(4);
  });

  test('S40 waits are spread over the whole time, and never grow beyond the cap', () => {
    const random = seededRandom(3);
    const waits = Array.from({ length: 2000 }, () => waitAfterFailure(30, null, random));
    expect(Math.max(...waits)).toBeLessThanOrEqual(8000);
    for (const [from, to] of [
      [0, 2000],
      [2000, 4000],
      [4000, 6000],
      [6000, 8000],
    ] as const) {
      expect(waits.filter((wait) => wait >= from && wait < to).length).toBeGreaterThan(400);
    }
    expect(waitAfterFailure(1, null, () => 0)).toBeGreaterThan(0);
  });

  test('S41 Retry-After is a floor, also for a wake; the agent may insist', async () => {
    const clock = createSimClock();
    const starts: number[] = [];
    const begin = clock.now();
    const lane = createLane({
      clock,
      random: seededRandom(1),
      onRound: () => undefined,
      work: async () => {
        starts.push(clock.now() - begin);
        throw new SyncFailure({ kind: 'rate_limited', retryAfterMs: 5000 }, '429');
      },
    });
    lane.start();
    await clock.advance(1000);
    lane.wake();
    lane.recover();
    await clock.advance(3900);
    expect(starts).toHaveLength(1);
    await clock.advance(20_000);
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(5000);
    const before = starts.length;
    lane.hurry();
    await clock.advance(0);
    expect(starts).toHaveLength(before + 1);
    await lane.stop();
  });

  test('S42 clocks two days wrong in both directions change nothing', async () => {
    const day = 86_400_000;
    const [early, late] = [rig.desk(undefined, -2 * day), rig.desk(undefined, 2 * day)];
    await rig.seconds(5);
    const consent = {
      kind: 'consent.set',
      consentId: idOf(7),
      customerId: CUSTOMER,
      channel: 'phone',
      purpose: 'marketing',
    } as const;
    rig.act(late, [{ ...consent, status: 'granted', source: 'late' }, { claimedAt: '2026-11-25T00:00:00.000Z' }]);
    await rig.seconds(3);
    rig.act(early, [{ ...consent, status: 'refused', source: 'early' }, { claimedAt: '2026-11-21T00:00:00.000Z' }]);
    await rig.seconds(3);
    for (const desk of [early, late]) {
      const data = desk.dbs.cache.prepare('SELECT data FROM consent').pluck().get() as string;
      expect(JSON.parse(data)).toMatchObject({ status: 'refused', source: 'early' });
      expect(statusesOf(desk)).toEqual(['acknowledged']);
    }
  });

  test('S44 after stop() nothing is touched, also by an answer that was on its way', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    rig.act(desk, [noteOf(idOf(1), CUSTOMER)]);
    await rig.clock.advance(1);
    const stopped = desk.run?.engine.stop();
    await rig.clock.advance(0);
    await stopped;
    const version = () => desk.dbs.outbox.prepare('SELECT total_changes()').pluck().get();
    const before = [version(), desk.events.length];
    await rig.seconds(120);
    expect([version(), desk.events.length]).toEqual(before);
    desk.run?.engine.start();
    await rig.seconds(5);
    expect(statusesOf(desk)).toEqual(['acknowledged']);
  });

  test('S45 a listener that throws does not stop the engine, and is not hushed up', async () => {
    const clock = createSimClock();
    const dbs = openDeskDbs();
    const desk = rig.desk();
    const thrown: unknown[] = [];
    const transport = rig.network.connect(desk, rig.clock);
    const seen: SyncEvent[] = [];
    const engine = createSyncEngine({
      ...dbs,
      transport,
      random: seededRandom(2),
      clock: {
        now: clock.now,
        schedule: (delay, run) =>
          rig.clock.schedule(delay, () => {
            try {
              run();
            } catch (error) {
              thrown.push(error);
            }
          }),
      },
      onEvent: (event) => {
        seen.push(event);
        throw new Error('a bug of the host');
      },
    });
    engine.start();
    await rig.seconds(10);
    expect(dbs.cache.prepare('SELECT count(*) FROM customer').pluck().get()).toBe(1);
    expect(thrown).toHaveLength(seen.length);
    dbs.outbox.exec('DROP TABLE keep');
    engine.wake();
    await rig.seconds(5);
    await engine.stop();
  });

  test('S60 a full disk is shown with its next step, and is over when there is room again', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    desk.dbs.outbox.pragma(`max_page_count = ${desk.dbs.outbox.pragma('page_count', { simple: true })}`);
    rig.centre.write((rows) =>
      rows.put('disposition', idOf(30), {
        id: idOf(30),
        code: 'done',
        label: { ko: '완료', en: 'Done' },
        key: null,
        order: 1,
        active: true,
      }),
    );
    const filler = desk.dbs.cache.pragma('page_count', { simple: true });
    desk.dbs.cache.pragma(`max_page_count = ${filler}`);
    for (let n = 0; n < 200; n++)
      rig.centre.write((rows) =>
        rows.put('note', idOf(500 + n), {
          id: idOf(500 + n),
          interactionId: null,
          customerId: CUSTOMER,
          text: '가'.repeat(300),
          authorId: idOf(1),
          authorName: 'A',
          at: AT,
        }),
      );
    await rig.seconds(5);
    expect(desk.run?.engine.status().problem).toMatchObject({ code: 'DISK_FULL', next: 'free-disk-space' });
    desk.dbs.cache.pragma('max_page_count = 100000');
    desk.dbs.outbox.pragma('max_page_count = 100000');
    await rig.seconds(20);
    expect(desk.run?.engine.status().problem).toBeNull();
    expect(notesOf(desk)).toHaveLength(200);
  });
});

describe('a centre that was restored', () => {
  test('S36 an audit does not take for a bug what the centre lost: the next pull tells that it is an older copy', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    const yesterday = rig.centre.backup();
    const { centre } = rig;
    const [audit, pull] = [centre.audit.bind(centre), centre.pull.bind(centre)];
    // Asked for before the note: the note is here by its reply alone.
    centre.pull = (query, scope) => ({ ...pull(query, scope), rows: [], cursor: query.cursor, more: false });
    centre.audit = (query, scope) => {
      if (notesOf(desk).length === 0) return audit(query, scope);
      [centre.audit, centre.pull] = [audit, pull];
      centre.restore(yesterday, 'base');
      return audit(query, scope);
    };
    rig.act(desk, [noteOf(idOf(1), CUSTOMER)]);
    await rig.seconds(120);
    expect(eventsOf(desk, 'audit').filter(({ table }) => table !== null)).toEqual([]);
    expect([notesOf(desk), statusesOf(desk), rig.centre.alarms]).toEqual([['said hello'], ['acknowledged'], 1]);
  });

  test('S31 what it says now replaces a row of before, whatever their versions: also while nobody is signed in to fetch the rest', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    const yesterday = rig.centre.backup();
    for (const name of ['가', '나', '다'])
      rig.centre.write((rows) => rows.put('customer', CUSTOMER, sampleCustomer(CUSTOMER, name)));
    await rig.seconds(5);
    desk.signedIn = false;
    rig.centre.restore(yesterday);
    rig.act(desk, [
      { kind: 'customer.update', customerId: CUSTOMER, changes: [{ field: 'name', value: '홍판서', was: '다' }] },
    ]);
    await rig.seconds(15);
    expect([statusesOf(desk), namesOf(desk)]).toEqual([['acknowledged'], ['홍판서']]);
  });
});

describe('what the host sees', () => {
  test('S60 the status says what waits, since when, and when it is tried again', async () => {
    const desk = rig.desk();
    await rig.seconds(7);
    const contact = readLastContact(desk.dbs.outbox);
    expect(desk.run?.engine.status()).toEqual({
      phase: 'idle',
      progress: null,
      pending: 0,
      attention: 0,
      lastContactAt: contact,
      caughtUpAt: expect.any(String),
      problem: null,
      nextTryAt: null,
      practiceStore: false,
    });
    rig.network.faults = { ...HEALTHY, nonsense: 1 };
    rig.act(desk, [noteOf(idOf(1), CUSTOMER)]);
    await rig.seconds(4);
    const status = desk.run?.engine.status();
    expect(status).toMatchObject({ pending: 1, problem: { code: 'CENTRE_NONSENSE', next: 'call-administrator' } });
    expect(status?.lastContactAt).toBe(contact);
    expect(eventsOf(desk, 'status').at(-1)?.status.pending).toBe(1);
  });

  test('S60 signing in after the start is enough: one wake', async () => {
    const desk = rig.desk();
    desk.signedIn = false;
    await rig.seconds(30);
    expect(desk.run?.engine.status()).toMatchObject({
      phase: 'signed_out',
      problem: { code: 'SIGNED_OUT', next: 'sign-in' },
    });
    desk.signedIn = true;
    desk.run?.engine.wake();
    await rig.seconds(7);
    expect(namesOf(desk)).toEqual(['홍길동']);
    expect(desk.run?.engine.status().phase).toBe('idle');
  });

  test('S61 events come after the commit that made them true', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    const clock = rig.clock.forDesk(() => 0);
    await desk.run?.engine.stop();
    const truths: boolean[] = [];
    const engine = createSyncEngine({
      ...desk.dbs,
      clock,
      random: seededRandom(5),
      transport: rig.network.connect(desk, clock),
      onEvent: (event) => {
        if (event.type === 'note_mark') truths.push(statusesOf(desk)[0] === 'acknowledged', notesOf(desk).length === 1);
        if (event.type === 'rows_changed' && event.customerIds.includes(CUSTOMER))
          truths.push(notesOf(desk).length === 1);
      },
    });
    engine.start();
    await rig.seconds(2);
    rig.act(desk, [noteOf(idOf(1), CUSTOMER)]);
    engine.wake();
    await rig.seconds(3);
    expect(truths.length).toBeGreaterThanOrEqual(3);
    expect(new Set(truths)).toEqual(new Set([true]));
    await engine.stop();
  });
});

describe('what the centre breaks on', () => {
  test('S24 what was done before it does not wait with it, though it is about the same customer', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    const yesterday = rig.centre.backup();
    const [before = ''] = rig.act(desk, [noteOf(idOf(1), CUSTOMER)]);
    await rig.seconds(3);
    rig.centre.chokesOn = (payload) => payload.kind === 'note.save' && payload.text === 'choke';
    const [culprit = ''] = rig.act(desk, [noteOf(idOf(2), CUSTOMER, 'choke')], [noteOf(idOf(3), CUSTOMER, 'after')]);
    await rig.seconds(6);
    rig.centre.restore(yesterday);
    await rig.seconds(6);
    expect(rig.centre.log()).toContain(before);
    expect(statusesOf(desk)).toEqual(['acknowledged', 'pending', 'pending']);
    rig.centre.chokesOn = () => false;
    await rig.seconds(30);
    expect(rig.centre.log().slice(0, 2)).toEqual([before, culprit]);
    expect(statusesOf(desk)).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
  });
});

describe('erasure', () => {
  test('S50 a deleted customer leaves rows, acknowledged operations and the words of refused ones', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '홍길동 님 환불')], [noteOf(idOf(2), CUSTOMER, 'poison 홍길동')]);
    await rig.seconds(3);
    expect(statusesOf(desk)).toEqual(['acknowledged', 'rejected']);
    rig.centre.erase(CUSTOMER);
    await rig.seconds(5);
    expect([namesOf(desk), notesOf(desk), statusesOf(desk)]).toEqual([[], [], ['rejected']]);
    expect(operationsOf(desk).some((row) => row.payload.includes('홍길동'))).toBe(false);
    expect(eventsOf(desk, 'customers_deleted')).toMatchObject([{ customerIds: [CUSTOMER], left: false }]);
  });

  test('S50 wherever the power goes during a deletion, it is finished later', async () => {
    for (let point = 1; point <= 12; point++) {
      rig = createRig(point);
      const desk = rig.desk();
      await rig.seconds(5);
      rig.act(desk, [noteOf(idOf(1), CUSTOMER, '홍길동 님 환불')], [noteOf(idOf(2), CUSTOMER, 'poison 홍길동')]);
      await rig.seconds(3);
      desk.cutIn(point);
      rig.centre.erase(CUSTOMER);
      await rig.seconds(2);
      desk.kill();
      desk.boot();
      await rig.seconds(5);
      expect(
        operationsOf(desk).filter((row) => row.payload.includes('홍길동')),
        `cut at ${point}`,
      ).toEqual([]);
      expect([namesOf(desk), notesOf(desk)]).toEqual([[], []]);
    }
  });

  test('S46 S50 a disk that fails when a deletion arrives: what it left undone is done when there is room again', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '홍길동 님 환불')]);
    await rig.seconds(3);
    desk.disk.outbox = true;
    rig.centre.erase(CUSTOMER);
    await rig.seconds(10);
    expect(namesOf(desk)).toEqual([]);
    desk.disk.outbox = false;
    await rig.seconds(30);
    expect(operationsOf(desk)).toEqual([]);
  });

  test('S52 what was acknowledged and refused about a customer who only left the scope stays: a restored centre regains it', async () => {
    const desk = rig.desk(undefined, 0, 'team');
    await rig.seconds(5);
    const yesterday = rig.centre.backup();
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '환불')], [noteOf(idOf(2), CUSTOMER, 'poison 홍길동')]);
    await rig.seconds(3);
    rig.centre.depart(CUSTOMER);
    await rig.seconds(5);
    expect([namesOf(desk), notesOf(desk)]).toEqual([[], []]);
    expect(statusesOf(desk)).toEqual(['acknowledged', 'rejected']);
    // Whatever a start looks for: they were not erased.
    desk.kill();
    desk.boot();
    await rig.seconds(5);
    expect(operationsOf(desk).map(({ payload }) => JSON.parse(payload).text)).toEqual(['환불', 'poison 홍길동']);
    rig.centre.restore(yesterday);
    await rig.seconds(30);
    expect(rig.centre.liveRows().filter(({ table }) => table === 'note')).toHaveLength(1);
    expect(statusesOf(desk)).toEqual(['acknowledged', 'rejected']);
  });

  test('S52 an act about a customer who left meanwhile is kept when it is acknowledged', async () => {
    const desk = rig.desk(undefined, 0, 'team');
    await rig.seconds(5);
    desk.blocked = 'push';
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '환불')]);
    rig.centre.depart(CUSTOMER);
    await rig.seconds(5);
    expect([namesOf(desk), statusesOf(desk)]).toEqual([[], ['pending']]);
    desk.blocked = 'pull';
    await rig.seconds(60);
    expect(statusesOf(desk)).toEqual(['acknowledged']);
  });

  test('S15 S52 work that is sent again about a customer who left brings none of their rows', async () => {
    const desk = rig.desk(undefined, 0, 'team');
    await rig.seconds(5);
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '환불')], [noteOf(idOf(2), null, 'of nobody')]);
    await rig.seconds(3);
    rig.centre.depart(CUSTOMER);
    await rig.seconds(3);
    desk.kill();
    desk.replaceFolder({ cache: openDeskDbs().cache.serialize(), outbox: desk.dbs.outbox.serialize() });
    desk.boot();
    await rig.seconds(15);
    expect(statusesOf(desk)).toEqual(['acknowledged', 'acknowledged']);
    expect([namesOf(desk), notesOf(desk)]).toEqual([[], ['of nobody']]);
  });

  test('S52 whoever left and is erased later is erased here, too', async () => {
    const desk = rig.desk(undefined, 0, 'team');
    await rig.seconds(5);
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '홍길동 님 환불')], [noteOf(idOf(2), CUSTOMER, 'poison 홍길동')]);
    await rig.seconds(3);
    rig.centre.depart(CUSTOMER);
    await rig.seconds(5);
    rig.centre.erase(CUSTOMER);
    await rig.seconds(5);
    expect(operationsOf(desk).filter((row) => row.payload.includes('홍길동'))).toEqual([]);
    expect(eventsOf(desk, 'customers_deleted')).toMatchObject([{ left: true }, { left: false }]);
  });

  test('S61 the rows that came with a deletion are told, also while the outbox cannot be written', async () => {
    const desk = rig.desk();
    await rig.seconds(7);
    desk.disk.outbox = true;
    const told = desk.events.length;
    rig.centre.write((rows) => rows.put('customer', idOf(7), sampleCustomer(idOf(7), '고길동')));
    rig.centre.erase(CUSTOMER);
    await rig.seconds(10);
    expect(namesOf(desk)).toEqual(['고길동']);
    const later = desk.events.slice(told).filter((event) => event.type === 'rows_changed');
    expect(later.flatMap((event) => event.customerIds)).toEqual(expect.arrayContaining([idOf(7), CUSTOMER]));
  });

  test('S50 an erasure that a desk missed, because its cache was rebuilt, is found by asking again', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '홍길동 님 환불')], [noteOf(idOf(2), null, 'of nobody')]);
    await rig.seconds(3);
    desk.kill();
    rig.centre.erase(CUSTOMER);
    desk.replaceFolder({ cache: openDeskDbs().cache.serialize(), outbox: desk.dbs.outbox.serialize() });
    desk.boot();
    await rig.seconds(15);
    expect(operationsOf(desk).map((row) => [row.row_id, row.status])).toEqual([[idOf(2), 'acknowledged']]);
    expect(desk.run?.engine.status().attention).toBe(0);
  });

  test('S50 the logs are truncated within 5 s, also when a reader is in the way at first', async () => {
    const clock = createSimClock();
    let busyUntil = clock.now() + 2000;
    const tried: number[] = [];
    const db = {
      ...openDeskDbs().cache,
      prepare: (sql: string) => ({
        run: () => ({ changes: 0, lastInsertRowid: 0 }),
        all: () => [],
        get: () => {
          expect(sql).toBe('PRAGMA wal_checkpoint(TRUNCATE)');
          tried.push(clock.now());
          if (clock.now() === tried[0]) throw new Error('database table is locked');
          return { busy: clock.now() < busyUntil ? 1 : 0 };
        },
      }),
    };
    truncateLogs(clock, [db]);
    await clock.advance(5000);
    const last = tried.at(-1) ?? 0;
    expect(last).toBeGreaterThanOrEqual(busyUntil);
    expect(last - (tried[0] ?? 0)).toBeLessThan(5000);
    busyUntil = 0;
    const count = tried.length;
    await clock.advance(5000);
    expect(tried).toHaveLength(count);
  });

  test('S50 where another thread writes, the logs are truncated when it is our turn, and not after the end', async () => {
    const clock = createSimClock();
    let tried = 0;
    const get = () => {
      tried += 1;
      return { busy: tried < 3 ? 1 : 0 };
    };
    const { cache } = openDeskDbs();
    const db = { ...cache, prepare: (sql: string) => Object.assign(cache.prepare(sql), { get }) };
    const waiting: (() => void)[] = [];
    const end = truncateLogs(clock, [db], (work) => waiting.push(work));
    await clock.advance(1000);
    expect([tried, waiting.length]).toEqual([0, 1]);
    waiting.shift()?.();
    await clock.advance(1000);
    expect([tried, waiting.length]).toEqual([1, 1]);
    waiting.shift()?.();
    await clock.advance(1000);
    end();
    waiting.shift()?.();
    expect([tried, waiting.length]).toEqual([2, 0]);
  });

  test('S51 unsent work about a deleted customer is sent; only a refusal as ERASED removes its words', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    desk.partitioned = true;
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '홍길동 님 메모')]);
    rig.centre.erase(CUSTOMER);
    await rig.seconds(5);
    expect(operationsOf(desk)[0]?.payload).toContain('홍길동');
    desk.partitioned = false;
    await rig.seconds(20);
    expect(operationsOf(desk)[0]).toMatchObject({ status: 'rejected', reply_code: 'ERASED' });
    expect(operationsOf(desk)[0]?.payload).not.toContain('홍길동');
    expect(desk.run?.engine.status().attention).toBe(1);
  });

  test('S51 two who were to be one, one of them erased: what was written of the other one stays, the words on both go', async () => {
    const other = idOf(0xc2);
    rig.centre.write((rows) => rows.put('customer', other, sampleCustomer(other, '홍 길동')));
    const desk = rig.desk();
    await rig.seconds(5);
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '홍길동 님 메모')], [noteOf(idOf(2), CUSTOMER, 'poison 홍길동')]);
    await rig.seconds(3);
    desk.partitioned = true;
    const fields = [{ field: 'name', kept: '홍길동', gone: '홍 길동', take: 'gone' as const }];
    rig.act(desk, [{ kind: 'customer.merge', mergeId: idOf(3), customerId: CUSTOMER, goneId: other, fields }]);
    rig.centre.erase(other);
    desk.partitioned = false;
    await rig.seconds(20);
    expect(statusesOf(desk)).toEqual(['acknowledged', 'rejected', 'rejected']);
    const [kept, refused, merge] = operationsOf(desk).map((row) => row.payload);
    expect([kept?.includes('홍길동'), refused?.includes('홍길동'), merge?.includes('길동')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
