import type { SyncEvent } from '../../../src/sync/engine.ts';
import { appendOperation, type OperationRow } from '../../../src/sync/outbox.ts';
import { createSimDesk, type SimDesk } from '../../chaos/sim-desk.ts';
import { createSimNetwork, type SimNetwork } from '../../chaos/sim-network.ts';
import type { DeskFolder } from '../../fakes/desk-db.ts';
import { OracleCentre } from '../../fakes/oracle-centre.ts';
import type { OracleScope } from '../../fakes/oracle-scope.ts';
import { sampleCustomer } from '../../fakes/sample-rows.ts';
import { createSimClock, type SimClock, seededRandom } from '../../fakes/sim-clock.ts';
import { idOf, operation } from '../../fakes/sync-rows.ts';

export const CUSTOMER = idOf(0xc1);

export interface Rig {
  centre: OracleCentre;
  clock: SimClock;
  network: SimNetwork;
  desk(folder?: DeskFolder, skewMs?: number, ...scopes: OracleScope[]): SimDesk;
  seconds(n: number): Promise<void>;
  /** Commits operations at a desk, as the host does, and wakes its engine. */
  act(desk: SimDesk, ...acts: Parameters<typeof operation>[]): string[];
}

/** A healthy network, an oracle centre with one customer, and desks on real databases. Seeded. */
export function createRig(seed = 1): Rig {
  const random = seededRandom(seed);
  const clock = createSimClock();
  const centre = new OracleCentre(() => clock.now());
  const network = createSimNetwork(centre, clock, random);
  centre.write((rows) => rows.put('customer', CUSTOMER, sampleCustomer(CUSTOMER, '홍길동')));
  let desks = 0;
  return {
    centre,
    clock,
    network,
    desk: (folder, skewMs = 0, ...scopes) => {
      desks += 1;
      const agents = scopes.length > 0 ? { scopes } : {};
      const world = { network, world: clock, random };
      const options = { name: `desk${desks}`, skewMs, folder: folder ?? null, ...agents, ...world };
      const desk = createSimDesk(options);
      desk.boot();
      return desk;
    },
    seconds: (n) => clock.advance(n * 1000),
    act: (desk, ...acts) => {
      const write = () => acts.map((act) => appendOperation(desk.dbs.outbox, operation(...act)).opId);
      const opIds = desk.dbs.outbox.transaction(write).immediate();
      desk.run?.engine.wake();
      return opIds;
    },
  };
}

export function statusesOf(desk: SimDesk): string[] {
  return desk.dbs.outbox.prepare('SELECT status FROM operation ORDER BY rowid').pluck().all() as string[];
}

export function operationsOf(desk: SimDesk): OperationRow[] {
  return desk.dbs.outbox.prepare('SELECT * FROM operation ORDER BY rowid').all() as OperationRow[];
}

export function notesOf(desk: SimDesk): string[] {
  const rows = desk.dbs.cache.prepare('SELECT data FROM note ORDER BY id').pluck().all() as string[];
  return rows.map((data) => (JSON.parse(data) as { text: string }).text);
}

export function namesOf(desk: SimDesk): string[] {
  return desk.dbs.cache.prepare('SELECT name FROM customer ORDER BY id').pluck().all() as string[];
}

export function eventsOf<T extends SyncEvent['type']>(desk: SimDesk, type: T): Extract<SyncEvent, { type: T }>[] {
  return desk.events.filter((event): event is Extract<SyncEvent, { type: T }> => event.type === type);
}
