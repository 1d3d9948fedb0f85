import type { OperationPayload, OperationReply, SyncRow, SyncTable } from '../../src/shared/sync-wire.ts';
import { OracleCentre } from '../fakes/oracle-centre.ts';
import type { OracleScope } from '../fakes/oracle-scope.ts';
import { sampleCustomer } from '../fakes/sample-rows.ts';
import type { NetworkCentre } from './sim-network.ts';

/** What stands at the centre, in one look. */
export interface CentrePicture {
  /** Living rows. */
  rows: readonly SyncRow[];
  /** Those that a desk of this scope may hold. */
  rowsFor: (scope: OracleScope) => readonly SyncRow[];
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
  rowsUpTo(cursor: string, scope: OracleScope): readonly SyncRow[] | null;
  /** Oracle only: which version of a row there is now; null where nobody can say. */
  versionOf(table: SyncTable, id: string): number | null;
  /** Oracle only: desks of the team let a customer go, or take them back. */
  depart(customerId: string): void;
  comeBack(customerId: string): void;
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
    push: (request, scopeOf) => oracle.push(request, scopeOf),
    pull: (query, scope) => oracle.pull(query, scope),
    start: (scope) => oracle.start(scope),
    snapshot: (query, scope) => oracle.snapshot(query, scope),
    audit: (query, scope) => oracle.audit(query, scope),
    auditRows: (query, scope) => oracle.auditRows(query, scope),
    picture: async () => ({
      rows: oracle.liveRows(),
      rowsFor: (scope) => oracle.liveRows(scope),
      replyTo: (opId) => oracle.replyTo(opId),
      log: oracle.log(),
      access: oracle.accessEntries(),
      alarms: oracle.alarms,
    }),
    rename: async (customerId, name) => {
      const row = oracle.liveRows().find(({ id }) => id === customerId);
      if (row) oracle.write((rows) => rows.put('customer', customerId, { ...row.data, name }));
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
    rowsUpTo: (cursor, scope) => oracle.rowsUpTo(cursor, scope),
    versionOf: (table, id) => oracle.versionOf(table, id),
    depart: (customerId) => oracle.depart(customerId),
    comeBack: (customerId) => oracle.comeBack(customerId),
  };
  oracle.onChange = () => centre.onChange();
  return centre;
}
