import { beforeEach, describe, expect, test } from 'vitest';
import { createSyncEngine, type SyncEngine } from '../../../src/sync/engine.ts';
import type { SyncTransport } from '../../../src/sync/transport.ts';
import type { SimDesk } from '../../chaos/sim-desk.ts';
import { seededRandom } from '../../fakes/sim-clock.ts';
import { idOf, noteOf } from '../../fakes/sync-rows.ts';
import { CUSTOMER, createRig, notesOf, type Rig, statusesOf } from './rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = createRig();
});

/** A gate between an answer of the centre and the desk: what came while it was shut arrives when it opens. */
function createGate() {
  let shut = false;
  const waiting: (() => void)[] = [];
  return {
    shut: () => {
      shut = true;
    },
    open: () => {
      shut = false;
      for (const go of waiting.splice(0)) go();
    },
    waiting: () => waiting.length,
    pass: <T>(answer: T): Promise<T> | T => {
      return shut ? new Promise((resolve) => waiting.push(() => resolve(answer))) : answer;
    },
  };
}

/** Runs a desk's databases with an engine whose answers pass a gate. */
async function gated(desk: SimDesk, wrap: (wire: SyncTransport) => SyncTransport): Promise<SyncEngine> {
  await desk.run?.engine.stop();
  const clock = rig.clock.forDesk(() => 0);
  const engine = createSyncEngine({
    ...desk.dbs,
    clock,
    random: seededRandom(9),
    transport: wrap(rig.network.connect(desk, clock)),
    onEvent: () => undefined,
  });
  engine.start();
  return engine;
}

describe('answers that come late', () => {
  test('S14 a snapshot page that is older than a reply does not take its note away', async () => {
    const desk = rig.desk();
    const gate = createGate();
    const engine = await gated(desk, (wire) => ({
      ...wire,
      snapshot: async (query, signal) => {
        const page = await wire.snapshot(query, signal);
        return query.table === 'note' ? gate.pass(page) : page;
      },
    }));
    gate.shut();
    await rig.seconds(20);
    expect(gate.waiting()).toBe(1);
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, 'meanwhile')]);
    engine.wake();
    await rig.seconds(3);
    expect([statusesOf(desk), notesOf(desk)]).toEqual([['acknowledged'], ['meanwhile']]);
    // The page without the note arrives, and then nothing more for a while.
    desk.partitioned = true;
    gate.open();
    await rig.clock.advance(50);
    expect(notesOf(desk)).toEqual(['meanwhile']);
    await engine.stop();
  });

  test('S31 an acknowledgement of the lost history does not count in the new one', async () => {
    const desk = rig.desk();
    await rig.seconds(5);
    const gate = createGate();
    const engine = await gated(desk, (wire) => ({
      ...wire,
      push: async (request, signal) => gate.pass(await wire.push(request, signal)),
    }));
    await rig.seconds(5);
    const backup = rig.centre.backup();
    gate.shut();
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, 'acknowledged too late')]);
    engine.wake();
    await rig.seconds(2);
    expect([gate.waiting(), rig.centre.log().length]).toEqual([1, 1]);
    rig.centre.restore(backup);
    await rig.seconds(20);
    expect(rig.centre.log()).toHaveLength(0);
    gate.open();
    await rig.seconds(10);
    expect(rig.centre.log()).toHaveLength(1);
    expect([statusesOf(desk), notesOf(desk)]).toEqual([['acknowledged'], ['acknowledged too late']]);
    await engine.stop();
  });

  test('S31 in a bootstrap of a new epoch a reply wins over the old row with the same version', async () => {
    const desk = rig.desk();
    const consent = {
      kind: 'consent.set',
      consentId: idOf(7),
      customerId: CUSTOMER,
      channel: 'phone',
      purpose: 'marketing',
    } as const;
    await rig.seconds(5);
    const backup = rig.centre.backup();
    rig.act(desk, [{ ...consent, status: 'granted', source: 'lost history' }]);
    await rig.seconds(3);
    // Acknowledged and then forgotten here: only the old row is left of it, as version 1 of the old epoch.
    desk.dbs.outbox.exec('DELETE FROM operation');
    const gate = createGate();
    const engine = await gated(desk, (wire) => ({
      ...wire,
      // The bootstrap has begun, and stands before the table of consents.
      snapshot: async (query, signal) => {
        const answer = query.table === 'team' ? await gate.pass(null) : null;
        return answer ?? wire.snapshot(query, signal);
      },
    }));
    gate.shut();
    rig.centre.restore(backup);
    await rig.seconds(15);
    expect(gate.waiting()).toBe(1);
    rig.act(desk, [{ ...consent, status: 'refused', source: 'new history' }]);
    engine.wake();
    await rig.seconds(3);
    expect(statusesOf(desk)).toEqual(['acknowledged']);
    const held = () => JSON.parse(desk.dbs.cache.prepare('SELECT data FROM consent').pluck().get() as string);
    expect(held()).toMatchObject({ status: 'refused', source: 'new history' });
    gate.open();
    await rig.seconds(20);
    expect(held()).toMatchObject({ status: 'refused', source: 'new history' });
    await engine.stop();
  });
});

test('S21 S31 wherever the power goes while a restored centre is met, a saved note is to be seen', async () => {
  for (let point = 1; point <= 24; point++) {
    rig = createRig(point);
    const desk = rig.desk();
    await rig.seconds(5);
    const backup = rig.centre.backup();
    rig.act(desk, [noteOf(idOf(1), CUSTOMER, 'saved')]);
    await rig.seconds(3);
    rig.centre.restore(backup);
    desk.cutIn(point);
    for (let step = 0; step < 200; step++) {
      await rig.clock.advance(100);
      const seen = notesOf(desk).length > 0 || statusesOf(desk)[0] === 'pending';
      expect(seen, `cut at ${point}, step ${step}`).toBe(true);
      if (!desk.run) desk.boot();
    }
    expect([statusesOf(desk), rig.centre.log().length]).toEqual([['acknowledged'], 1]);
  }
});
