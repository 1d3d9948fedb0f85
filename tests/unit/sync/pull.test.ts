import { beforeEach, describe, expect, test } from 'vitest';
import { readSyncState } from '../../../src/sync/sync-state.ts';
import type { SimDesk } from '../../chaos/sim-desk.ts';
import { HEALTHY } from '../../chaos/sim-network.ts';
import { sampleCustomer } from '../../fakes/sample-rows.ts';
import { idOf, noteOf } from '../../fakes/sync-rows.ts';
import { CUSTOMER, createRig, eventsOf, namesOf, notesOf, type Rig, statusesOf } from './rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = createRig();
});
const rename = (id: string, name: string) =>
  rig.centre.write((rows) => rows.put('customer', id, sampleCustomer(id, name)));
const cursorOf = (desk: SimDesk) => desk.dbs.cache.prepare('SELECT cursor FROM sync_state').pluck().get();
const noteThere = () => rig.centre.liveRows().find((row) => row.table === 'note')?.data;
const manyCustomers = () => {
  for (let n = 1; n <= 20; n++) rename(idOf(n), `손님 ${n}`);
};

describe('an epoch that came back', () => {
  test('S31 what a copy of the centre said in between, while nobody was signed in, does not stay', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    desk.partitioned = true;
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, 'said once')]);
    rig.centre.moveToCopy();
    desk.signedIn = false;
    desk.partitioned = false;
    await rig.seconds(5);
    expect(statusesOf(desk)).toEqual(['acknowledged']);
    const atCopy = noteThere();
    rig.centre.moveHome();
    desk.signedIn = true;
    await rig.seconds(30);
    expect(statusesOf(desk)).toEqual(['acknowledged']);
    const [held] = desk.dbs.cache.prepare('SELECT data FROM note').pluck().all() as string[];
    expect(noteThere()).not.toEqual(atCopy);
    expect(JSON.parse(held ?? '')).toEqual(noteThere());
  });
});

describe('filling a cache', () => {
  test('S30 shows its progress, and what changes meanwhile is there at the end', async () => {
    manyCustomers();
    const desk = rig.desk();
    await rig.seconds(1);
    const status = desk.run?.engine.status();
    expect(status?.phase).toBe('bootstrapping');
    expect(status?.progress?.total).toBe(21);
    rename(idOf(1), '바뀐 손님');
    rig.centre.erase(idOf(2));
    await rig.seconds(20);
    expect(namesOf(desk)).toHaveLength(20);
    expect(namesOf(desk)).toContain('바뀐 손님');
    expect(desk.run?.engine.status()).toMatchObject({ phase: 'idle', progress: null });
    expect(eventsOf(desk, 'rows_changed').filter((event) => event.all)).toHaveLength(1);
  });

  test('S30 goes on where it was after every cut', async () => {
    manyCustomers();
    const desk = rig.desk();
    const done = () => desk.dbs.cache.prepare('SELECT bootstrap_done FROM sync_state').pluck().get() as number;
    let before = 0;
    for (let cut = 0; cursorOf(desk) === null; cut++) {
      expect(cut).toBeLessThan(200);
      desk.cutIn(3 + (cut % 9));
      await rig.seconds(3);
      expect(done()).toBeGreaterThanOrEqual(before);
      before = done();
      desk.kill();
      desk.boot();
    }
    await rig.seconds(3);
    expect(namesOf(desk)).toHaveLength(21);
    expect(desk.dbs.cache.prepare('SELECT count(*) FROM customer_search').pluck().get()).toBe(21);
  });

  test('S13 the cursor never runs ahead of the rows it covers', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    for (let point = 1; point <= 6; point++) {
      const before = cursorOf(desk);
      rename(CUSTOMER, `홍길동 ${point}`);
      desk.cutIn(point);
      await rig.seconds(2);
      expect(namesOf(desk)[0] === `홍길동 ${point}`).toBe(cursorOf(desk) !== before);
      desk.kill();
      desk.boot();
      await rig.seconds(2);
      expect(namesOf(desk)).toEqual([`홍길동 ${point}`]);
    }
  });
});

describe('a centre that was restored', () => {
  test('S31 gets back what it lost; at the desk nothing disappears meanwhile', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    const backup = rig.centre.backup();
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, '잃어버릴 뻔')]);
    rename(CUSTOMER, '새 이름');
    await rig.seconds(3);
    expect(statusesOf(desk)).toEqual(['acknowledged']);
    rig.centre.restore(backup);
    for (let second = 0; second < 20; second++) {
      await rig.clock.advance(200);
      const seen = notesOf(desk).length > 0 || statusesOf(desk)[0] === 'pending';
      expect(seen).toBe(true);
      expect(namesOf(desk)).toHaveLength(1);
    }
    await rig.seconds(10);
    expect(statusesOf(desk)).toEqual(['acknowledged']);
    expect(notesOf(desk)).toEqual(['잃어버릴 뻔']);
    expect(namesOf(desk)).toEqual(['홍길동']);
    expect(rig.centre.liveRows().filter((row) => row.table === 'note')).toHaveLength(1);
  });

  test('S31 also when the desk has nothing to push and hears of it by a pull alone', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    const backup = rig.centre.backup();
    rig.act(desk, [noteOf(idOf(1), CUSTOMER)]);
    await rig.seconds(3);
    desk.kill();
    rig.centre.restore(backup);
    desk.boot();
    await rig.seconds(15);
    expect(rig.centre.liveRows().filter((row) => row.table === 'note')).toHaveLength(1);
  });
});

describe('an older copy of the centre that calls itself the centre', () => {
  test('S35 is shown by what it acknowledged, to a desk that pulled nothing of it and has nothing to push', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    const backup = rig.centre.backup();
    desk.signedIn = false;
    rig.act(desk, [noteOf(idOf(1), CUSTOMER)]);
    await rig.seconds(3);
    expect(statusesOf(desk)).toEqual(['acknowledged']);
    rig.centre.restore(backup, 'base');
    desk.signedIn = true;
    desk.run?.engine.wake();
    await rig.seconds(30);
    expect(rig.centre.liveRows().filter((row) => row.table === 'note')).toHaveLength(1);
    expect(rig.centre.alarms).toBe(1);
  });

  test('S35 is shown by a page of the snapshot that was ahead of it', async () => {
    const backup = rig.centre.backup();
    const desk = rig.desk();
    while (readSyncState(desk.dbs.cache).bootstrap === null) await rig.clock.advance(5);
    rename(CUSTOMER, '사라진 이름');
    while (readSyncState(desk.dbs.cache).cursor === null) await rig.clock.advance(5);
    expect(namesOf(desk)).toEqual(['사라진 이름']);
    desk.partitioned = true;
    rig.centre.restore(backup, 'base');
    rename(CUSTOMER, '새 이름');
    desk.partitioned = false;
    await rig.seconds(30);
    expect(namesOf(desk)).toEqual(['새 이름']);
  });
});

describe('hearing of changes', () => {
  test('S32 a poke is enough', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    rename(CUSTOMER, '홍길순');
    await rig.seconds(1);
    expect(namesOf(desk)).toEqual(['홍길순']);
    expect(eventsOf(desk, 'rows_changed').at(-1)).toMatchObject({ customerIds: [CUSTOMER], all: false });
  });

  test('S32 without a poke it comes by the slow timer', async () => {
    const desk = rig.desk();
    // The first load asks for each table: until it is over, the changes come with it.
    await rig.seconds(10);
    rig.network.faults = { ...HEALTHY, losePoke: 1 };
    rename(CUSTOMER, '홍길순');
    await rig.seconds(5);
    expect(namesOf(desk)).toEqual(['홍길동']);
    await rig.seconds(80);
    expect(namesOf(desk)).toEqual(['홍길순']);
  });

  test('S32 a connection that fell silent is made again', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    desk.partitioned = true;
    await rig.seconds(120);
    desk.partitioned = false;
    await rig.seconds(12);
    rename(CUSTOMER, '홍길순');
    await rig.seconds(1);
    expect(namesOf(desk)).toEqual(['홍길순']);
  });

  test('S33 neither direction waits for the other', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    rig.centre.chokesOn = () => true;
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, 'stuck')]);
    await rig.seconds(2);
    rename(CUSTOMER, '홍길순');
    await rig.seconds(1);
    expect([statusesOf(desk), namesOf(desk)]).toEqual([['pending'], ['홍길순']]);
    rig.centre.chokesOn = () => false;
    desk.signedIn = false;
    await rig.seconds(20);
    expect(statusesOf(desk)).toEqual(['acknowledged']);
  });

  test('S34 a cursor of another centre makes the desk fill its cache again', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    desk.dbs.cache.prepare('UPDATE sync_state SET cursor = ?, epoch = ?').run('another:1', 'another');
    desk.dbs.cache.prepare('UPDATE customer SET version = 99, name = ?').run('남의 손님');
    desk.run?.engine.tryNow();
    await rig.seconds(10);
    expect(namesOf(desk)).toEqual(['홍길동']);
  });
});
