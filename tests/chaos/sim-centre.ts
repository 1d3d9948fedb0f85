import type { OperationPayload, OperationReply, SyncRow } from '../../src/shared/sync-wire.ts';
import { OracleCentre } from '../fakes/oracle-centre.ts';
import { sampleCustomer } from '../fakes/sample-rows.ts';
import type { NetworkCentre } from './sim-network.ts';

/** What stands at the centre, in one look. */
export interface CentrePicture {
  /** Living rows. */
  rows: readonly SyncRow[];
  replyTo: (opId: string) => Pick<OperationReply, 'status'> | undefined;
  /** opIds in the order in which they were settled first. */
  log: readonly string[];
  /** Ids of access entries. */
  access: ReadonlySet<string>;
  /** How often a desk claimed to know more than the centre, in the centre's own epoch. */
  alarms: number;
}

export type From = 'dump' | 'base';

/** The centre of a simulation: the oracle, or the real one on PGlite. */
export interface SimCentre extends NetworkCentre {
  readonly isOracle: boolean;
  picture(): Promise<CentrePicture>;
  /** Another system renames a customer who is there. */
  rename(customerId: string, name: string): Promise<void>;
  erase(customerId: string): Promise<void>;
  backup(): Promise<unknown>;
  restore(backup: unknown, from: From): Promise<void>;
  /** The server process ends and starts again. */
  restart(): Promise<void>;
  /** Oracle only: a copied folder is run for a while, then the original again. */
  moveToCopy(): void;
  moveHome(): void;
  /** Oracle only: which operations it breaks on. */
  choke(on: (payload: OperationPayload) => boolean): void;
  /** Oracle only: every row that a desk with this cursor must have, deletions too; null where the cursor is not of now. */
  rowsUpTo(cursor: string): readonly SyncRow[] | null;
}

export function oracleForSimulation(time: () => number, customers: ReadonlyMap<string, string>): SimCentre {
  const oracle = new OracleCentre(time);
  oracle.write((rows) => {
    for (const [id, name] of customers) rows.put('customer', id, sampleCustomer(id, name));
  });
  const centre: SimCentre = {
    isOracle: true,
    onChange: () => undefined,
    epochName: () => oracle.epochName(),
    push: (request) => oracle.push(request),
    pull: (query) => oracle.pull(query),
    start: () => oracle.start(),
    snapshot: (query) => oracle.snapshot(query),
    picture: async () => ({
      rows: oracle.liveRows(),
      replyTo: (opId) => oracle.replyTo(opId),
      log: oracle.log(),
      access: oracle.accessEntries(),
      alarms: oracle.alarms,
    }),
    rename: async (customerId, name) => {
      if (oracle.liveRows().some((row) => row.id === customerId))
        oracle.write((rows) => rows.put('customer', customerId, sampleCustomer(customerId, name)));
    },
    erase: async (customerId) => oracle.erase(customerId),
    backup: async () => oracle.backup(),
    restore: async (backup, from) => oracle.restore(backup, from),
    restart: async () => oracle.restart(),
    moveToCopy: () => oracle.moveToCopy(),
    moveHome: () => oracle.moveHome(),
    choke: (on) => {
      oracle.chokesOn = on;
    },
    rowsUpTo: (cursor) => oracle.rowsUpTo(cursor),
  };
  oracle.onChange = () => centre.onChange();
  return centre;
}
