import { beforeEach, describe, expect, test } from 'vitest';
import type { OperationPayload } from '../../../src/shared/sync-wire.ts';
import { AGENTS } from '../../chaos/sim-agents.ts';
import type { SimDesk } from '../../chaos/sim-desk.ts';
import { callOf, idOf, noteOf } from '../../fakes/sync-rows.ts';
import { CUSTOMER, createRig, eventsOf, namesOf, notesOf, operationsOf, type Rig, statusesOf } from './rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = createRig();
});

const [A] = AGENTS;
const NEW = idOf(0xc2);

/** Another agent signs in: here whoever holds what the one before did not, or the other way round. */
const changeHands = (desk: SimDesk) => {
  desk.agent += 1;
  desk.run?.engine.tryNow();
};

const newCustomer: OperationPayload = {
  ...{ kind: 'customer.create', customerId: NEW, customerKind: 'person', name: '새 고객', language: 'ko' },
  ...{ contactPoints: [{ id: idOf(0xd2), kind: 'phone', value: '010-0000-9876', label: null }], custom: {} },
};

describe('agents in turn of whom one holds what the other does not', () => {
  test('S15 a customer whom one made does not come back with the work that is sent again after the change of hands', async () => {
    const desk = rig.desk(undefined, 0, 'all', 'team');
    await rig.seconds(5);
    rig.act(desk, [newCustomer, { authorId: A }], [noteOf(idOf(1), NEW), { authorId: A }]);
    await rig.seconds(5);
    expect(namesOf(desk)).toEqual(['홍길동', '새 고객']);
    changeHands(desk);
    await rig.seconds(15);
    expect([namesOf(desk), notesOf(desk), statusesOf(desk)]).toEqual([
      ['홍길동'],
      [],
      ['acknowledged', 'acknowledged'],
    ]);
    expect(eventsOf(desk, 'audit').filter(({ table }) => table !== null)).toEqual([]);
    // Whoever holds them finds them again.
    changeHands(desk);
    await rig.seconds(15);
    expect([namesOf(desk), notesOf(desk)]).toEqual([['홍길동', '새 고객'], ['said hello']]);
  });

  test('S15 what one did and did not send yet brings the other nothing that they do not hold', async () => {
    const desk = rig.desk(undefined, 0, 'all', 'team');
    await rig.seconds(5);
    desk.blocked = 'push';
    const acts = [newCustomer, noteOf(idOf(1), NEW, 'of theirs'), noteOf(idOf(2), CUSTOMER, 'of both')];
    rig.act(desk, ...acts.map((payload): [OperationPayload, object] => [payload, { authorId: A }]));
    changeHands(desk);
    await rig.seconds(15);
    desk.blocked = null;
    await rig.seconds(15);
    expect(statusesOf(desk)).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect([namesOf(desk), notesOf(desk)]).toEqual([['홍길동'], ['of both']]);
    expect(rig.centre.liveRows().filter(({ table }) => table === 'note')).toHaveLength(2);
    expect(eventsOf(desk, 'audit').filter(({ table }) => table !== null)).toEqual([]);
  });

  test('S15 also at a centre that was restored and lost it all', async () => {
    const desk = rig.desk(undefined, 0, 'all', 'team');
    await rig.seconds(5);
    const yesterday = rig.centre.backup();
    rig.act(desk, [newCustomer, { authorId: A }], [noteOf(idOf(1), NEW), { authorId: A }]);
    await rig.seconds(5);
    changeHands(desk);
    await rig.seconds(15);
    rig.centre.restore(yesterday);
    await rig.seconds(30);
    expect(statusesOf(desk)).toEqual(['acknowledged', 'acknowledged']);
    expect(rig.centre.liveRows().map(({ table }) => table)).toEqual(expect.arrayContaining(['note', 'contact_point']));
    expect([namesOf(desk), notesOf(desk)]).toEqual([['홍길동'], []]);
  });

  test('S15 a call that is tied to somebody whom this desk does not hold leaves it with the reply', async () => {
    const desk = rig.desk(undefined, 0, 'all', 'team');
    await rig.seconds(5);
    rig.act(desk, [newCustomer, { authorId: A }], [callOf(idOf(5), null), { authorId: A }]);
    await rig.seconds(5);
    desk.blocked = 'push';
    rig.act(desk, [callOf(idOf(5), NEW), { authorId: A }]);
    changeHands(desk);
    await rig.seconds(15);
    const calls = () => desk.dbs.cache.prepare('SELECT id FROM interaction').pluck().all();
    expect(calls()).toEqual([idOf(5)]);
    desk.blocked = 'pull';
    await rig.seconds(15);
    expect([calls(), statusesOf(desk).at(-1)]).toEqual([[], 'acknowledged']);
  });

  test('S15 S22 an answer that comes when the cache is already filled for somebody else is asked for again', async () => {
    const desk = rig.desk(undefined, 0, 'all', 'team');
    await rig.seconds(5);
    // Given to a desk of an agent who holds all, and long on its way.
    rig.network.slowness = (lane) => (lane === 'push' ? 4000 : 0);
    rig.act(desk, [newCustomer, { authorId: A }]);
    await rig.seconds(1);
    changeHands(desk);
    await rig.seconds(2);
    rig.network.slowness = () => 0;
    expect(statusesOf(desk)).toEqual(['pending']);
    await rig.seconds(2);
    expect([namesOf(desk), rig.centre.log().length]).toEqual([['홍길동'], 1]);
    await rig.seconds(15);
    expect([namesOf(desk), statusesOf(desk)]).toEqual([['홍길동'], ['acknowledged']]);
  });

  test('S28 what was acknowledged is kept for a week from then, however often hands change; at a restored centre a new week begins', async () => {
    const desk = rig.desk(undefined, 0, 'all', 'team');
    await rig.seconds(5);
    rig.act(desk, [newCustomer, { authorId: A }], [noteOf(idOf(1), CUSTOMER), { authorId: A }]);
    await rig.seconds(5);
    const first = operationsOf(desk).map((row) => row.decided_at);
    const yesterday = rig.centre.backup();
    changeHands(desk);
    await rig.seconds(3600);
    expect(operationsOf(desk).map((row) => row.decided_at)).toEqual(first);
    rig.centre.restore(yesterday);
    await rig.seconds(60);
    const second = operationsOf(desk).map((row) => row.decided_at ?? '');
    for (const [i, at] of second.entries()) expect(at > (first[i] ?? '')).toBe(true);
    changeHands(desk);
    await rig.seconds(60);
    changeHands(desk);
    await rig.seconds(60);
    expect(operationsOf(desk).map((row) => row.decided_at)).toEqual(second);
  });
});
