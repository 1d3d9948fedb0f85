import type { SyncStatus } from '../shared/host-types.ts';
import type { Id } from '../shared/ids.ts';
import type { SyncTable } from '../shared/sync-wire.ts';
import type { AuditPlan } from './audit.ts';
import type { Clock } from './clock.ts';
import type { PageFiller } from './fill.ts';
import type { WritableDb } from './sql-db.ts';
import type { SyncTransport } from './transport.ts';

/** What the engine tells its host, each after the commit that made it true. */
export type SyncEvent =
  | { type: 'status'; status: SyncStatus }
  /** Confirmed rows changed. `all`: too many to name. `catalogue`: teams, agents, queues, codes, fields or products did. */
  | { type: 'rows_changed'; customerIds: Id[]; all: boolean; catalogue: boolean }
  | { type: 'note_mark'; noteId: Id; mark: 'centre' | 'attention' }
  /** Some operation was refused or waits for a refused one: the list of what needs attention changed. */
  | { type: 'attention_changed' }
  /** The centre deleted these customers: forget what else this desk holds about them (drafts, call journal). `left`: from this desk only. */
  | { type: 'customers_deleted'; customerIds: Id[]; left: boolean }
  /** The audit: `table` null: it ended, and repaired so many in all; else so many rows of this table just now. */
  | { type: 'audit'; table: SyncTable | null; repaired: number }
  /** A clone of this desk was found; this is the desk's name from now on (also for the next sign-in). */
  | { type: 'device_changed'; deviceId: Id };

export interface SyncEngineOptions {
  cache: WritableDb;
  outbox: WritableDb;
  transport: SyncTransport;
  clock: Clock;
  /** 0 <= x < 1. */
  random: () => number;
  onEvent: (event: SyncEvent) => void;
  /** Stores the pages of a first load in a thread of its own. Needs a transport with snapshotBody(). */
  filler?: PageFiller | undefined;
  /** Absent: this desk is never compared with the centre. */
  audit?: AuditPlan | undefined;
}

export interface SyncEngine {
  /** Begins to push, pull and listen, for ever. Returns at once. */
  start(): void;
  /** Ends every request and timer; afterwards neither database is touched. */
  stop(): Promise<void>;
  /** After a commit to the outbox, and after a sign-in: push soon. Cheap; call it as often as you like. */
  wake(): void;
  /** The agent asked: forget every waiting time and try everything now. */
  tryNow(): void;
  /** `practiceStore` is always false: only the host knows the desk's configuration. */
  status(): SyncStatus;
}
