import { beforeEach, describe, expect, test } from 'vitest';
import { readOperation } from '../../../src/sync/outbox.ts';
import { HEALTHY } from '../../chaos/sim-network.ts';
import { copyFolder } from '../../fakes/desk-db.ts';
import { AGENT_B, callOf, createOf, idOf, noteOf } from '../../fakes/sync-rows.ts';
import { CUSTOMER, createRig, eventsOf, notesOf, operationsOf, type Rig, statusesOf } from './rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = createRig();
});

describe('what an agent did', () => {
  test('a note on one desk is seen on the other', async () => {
    const [one, two] = [rig.desk(), rig.desk()];
    await rig.seconds(3);
    rig.act(one, [noteOf(idOf(1), CUSTOMER, '환불 문의')]);
    await rig.seconds(2);
    expect(statusesOf(one)).toEqual(['acknowledged']);
    expect(notesOf(two)).toEqual(['환불 문의']);
    expect(eventsOf(one, 'note_mark')).toEqual([{ type: 'note_mark', noteId: idOf(1), mark: 'centre' }]);
  });

  test('S21 cut between the two databases, the row is there, the push is repeated and nothing is doubled', async () => {
    const desk = rig.desk();
    await rig.seconds(3);
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, 'once')]);
    const seen: [string[], string[]][] = [];
    // Cuts the power at each commit point in turn, until one push gets through without meeting one.
    for (let point = 1; statusesOf(desk)[0] !== 'acknowledged'; point++) {
      desk.cutIn(point);
      await rig.seconds(1);
      seen.push([notesOf(desk), statusesOf(desk)]);
      desk.kill();
      desk.boot();
      expect(point).toBeLessThan(30);
    }
    for (const [notes, statuses] of seen) if (statuses[0] === 'acknowledged') expect(notes).toEqual(['once']);
    expect(seen).toContainEqual([['once'], ['pending']]);
    expect(rig.centre.log()).toHaveLength(1);
  });

  test('S22 a lost reply is asked for again by the same opId', async () => {
    const desk = rig.desk();
    await rig.seconds(3);
    rig.network.faults = { ...HEALTHY, loseReply: 1 };
    const [opId] = rig.act(desk, [noteOf(idOf(1), CUSTOMER)]);
    await rig.seconds(2);
    expect([rig.centre.log(), statusesOf(desk)]).toEqual([[opId], ['pending']]);
    rig.network.faults = HEALTHY;
    await rig.seconds(15);
    expect([rig.centre.log(), statusesOf(desk)]).toEqual([[opId], ['acknowledged']]);
  });

  test('S27 a centre of another release blames no operation: their order stays, and the desk says what is needed', async () => {
    const desk = rig.desk();
    await rig.seconds(3);
    rig.network.release = 2;
    Object.assign(desk, { release: 1 });
    const opIds = [1, 2, 3].flatMap((n) => rig.act(desk, [noteOf(idOf(n), CUSTOMER, `note ${n}`)]));
    await rig.seconds(120);
    expect(desk.run?.engine.status().problem).toMatchObject({ code: 'OTHER_RELEASE', next: 'update-dangol' });
    Object.assign(desk, { release: 2 });
    await rig.seconds(60);
    expect(rig.centre.log()).toEqual(opIds);
    expect(desk.run?.engine.status().problem).toBeNull();
  });

  test('S26 pending work of any author goes out while nobody is signed in', async () => {
    const desk = rig.desk();
    desk.signedIn = false;
    rig.act(desk, [noteOf(idOf(1), CUSTOMER)], [noteOf(idOf(2), CUSTOMER), { authorId: AGENT_B }]);
    await rig.seconds(3);
    expect(statusesOf(desk)).toEqual(['acknowledged', 'acknowledged']);
    const authors = rig.centre
      .liveRows()
      .flatMap((row) => (row.table === 'note' && row.data ? [row.data.authorId] : []));
    expect(authors).toContain(AGENT_B);
    expect(desk.run?.engine.status().phase).toBe('signed_out');
  });
});

describe('refusals', () => {
  test('S23 a refused customer takes what needs them along; everything else flows on', async () => {
    const desk = rig.desk();
    await rig.seconds(3);
    const [created, call, note, other] = [idOf(1), idOf(2), idOf(3), idOf(4)];
    rig.act(
      desk,
      [createOf(created, 'poison')],
      [callOf(call, created)],
      [noteOf(note, created, 'about the call', call)],
      [noteOf(other, CUSTOMER, 'about somebody else')],
    );
    await rig.seconds(3);
    expect(statusesOf(desk)).toEqual(['rejected', 'quarantined', 'quarantined', 'acknowledged']);
    expect(desk.run?.engine.status()).toMatchObject({ pending: 0, attention: 3, phase: 'idle' });
    // What is done later for the refused customer waits as well, without asking the centre.
    const asked = rig.centre.log().length;
    rig.act(desk, [noteOf(idOf(5), created, 'later')], [noteOf(idOf(6), null, 'on the refused call', call)]);
    await rig.seconds(3);
    expect(statusesOf(desk).slice(4)).toEqual(['quarantined', 'quarantined']);
    expect(rig.centre.log()).toHaveLength(asked);
    expect(eventsOf(desk, 'note_mark').filter((event) => event.mark === 'attention')).toHaveLength(3);
    expect(eventsOf(desk, 'attention_changed').length).toBeGreaterThan(0);
  });

  test('S24 an operation that breaks the centre waits alone, and is accepted once the centre is repaired', async () => {
    const desk = rig.desk();
    await rig.seconds(3);
    rig.centre.chokesOn = (payload) => payload.kind === 'note.save' && payload.text === 'choke';
    const notes = Array.from({ length: 9 }, (_, n) => noteOf(idOf(n + 1), null, n === 4 ? 'choke' : `note ${n}`));
    rig.act(desk, ...notes.map((payload): [typeof payload] => [payload]));
    await rig.seconds(60);
    expect(statusesOf(desk)).toEqual(notes.map((_, n) => (n === 4 ? 'pending' : 'acknowledged')));
    rig.act(desk, [noteOf(idOf(20), null, 'meanwhile')]);
    await rig.seconds(30);
    expect(statusesOf(desk).at(-1)).toBe('acknowledged');
    rig.centre.chokesOn = () => false;
    await rig.seconds(30);
    expect(new Set(statusesOf(desk))).toEqual(new Set(['acknowledged']));
  });

  test('S42 S24 what waits because the centre broke on it does not wait for days when the clock of the desk is set back', async () => {
    const desk = rig.desk();
    await rig.seconds(3);
    rig.centre.chokesOn = () => true;
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, 'said')]);
    await rig.seconds(10);
    desk.setClock(-2 * 86_400_000);
    rig.centre.chokesOn = () => false;
    await rig.seconds(30);
    expect(statusesOf(desk)).toEqual(['acknowledged']);
  });

  test('S24 what needs something that waits for it waits, too, and all comes in its order', async () => {
    const desk = rig.desk();
    await rig.seconds(3);
    rig.centre.chokesOn = (payload) => payload.kind === 'note.save' && payload.text === 'choke';
    const call = idOf(30);
    const opIds = rig.act(
      desk,
      [noteOf(idOf(1), CUSTOMER, 'choke')],
      [callOf(call, CUSTOMER)],
      // Names the call and not the customer: without the call it says nothing.
      [noteOf(idOf(2), null, 'said in the call', call)],
      [noteOf(idOf(3), null, 'of nobody')],
    );
    await rig.seconds(90);
    expect(statusesOf(desk)).toEqual(['pending', 'pending', 'pending', 'acknowledged']);
    rig.centre.chokesOn = () => false;
    await rig.seconds(60);
    expect(rig.centre.log()).toEqual([opIds[3], ...opIds.slice(0, 3)]);
  });
});

describe('desks that are copied', () => {
  test('S25 a clone takes a new deviceId and sends what it has under it, in its order', async () => {
    const one = rig.desk();
    await rig.seconds(3);
    rig.act(one, [noteOf(idOf(1), CUSTOMER, 'before')]);
    await rig.seconds(3);
    const two = rig.desk(copyFolder(one.dbs));
    rig.act(one, [noteOf(idOf(2), CUSTOMER, 'on one')]);
    await rig.seconds(3);
    rig.act(two, [noteOf(idOf(3), CUSTOMER, 'on two, first')], [noteOf(idOf(4), CUSTOMER, 'on two, second')]);
    await rig.seconds(5);
    expect(statusesOf(two)).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect(operationsOf(two).map((row) => row.device_seq)).toEqual([1, 1, 2]);
    const changed = eventsOf(two, 'device_changed');
    expect(changed).toHaveLength(1);
    expect(operationsOf(two)[1]?.device_id).toBe(changed[0]?.deviceId);
    expect(notesOf(one)).toEqual(['before', 'on one', 'on two, first', 'on two, second']);
    expect(rig.centre.alarms).toBe(0);
  });

  test("S25 yesterday's folder sends again what it does not know to be sent, and nothing is doubled", async () => {
    const desk = rig.desk();
    await rig.seconds(3);
    desk.partitioned = true;
    const [opId = ''] = rig.act(desk, [noteOf(idOf(1), CUSTOMER, 'unsent in the copy')]);
    const yesterday = copyFolder(desk.dbs);
    desk.partitioned = false;
    await rig.seconds(15);
    rig.act(desk, [noteOf(idOf(2), CUSTOMER, 'after the copy')]);
    await rig.seconds(3);
    desk.replaceFolder(yesterday);
    desk.boot();
    rig.act(desk, [noteOf(idOf(3), CUSTOMER, 'today')]);
    await rig.seconds(10);
    expect(readOperation(desk.dbs.outbox, opId)?.status).toBe('acknowledged');
    expect(notesOf(desk)).toEqual(['unsent in the copy', 'after the copy', 'today']);
    expect(rig.centre.log()).toHaveLength(3);
  });
});
