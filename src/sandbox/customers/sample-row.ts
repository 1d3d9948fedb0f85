import type { z } from 'zod';
import type { SYNC_TABLES, SyncTable } from '../../shared/sync-wire.ts';

/** A row as POST /v1/admin/load takes it. */
export type SampleRow = {
  [T in SyncTable]: { table: T; data: z.infer<(typeof SYNC_TABLES)[T]> };
}[SyncTable];

/** What every sample customer is made from. */
export interface SampleOptions {
  seed: number;
  /** Customers from..to-1 of the endless row of sample customers. */
  from: number;
  to: number;
  /** All dates are told from here. Epoch milliseconds. */
  now: number;
  /** The mean number of past contacts of a customer. */
  interactions: number;
  /** Who wrote the old notes. Notes need an author whom the centre knows. */
  staff: readonly [SampleStaff, ...SampleStaff[]];
}

export interface SampleStaff {
  id: string;
  name: string;
}

/**
 * How many past contacts customers have on the average. A million customers with ten contacts each would take hours to
 * load and prove nothing more.
 */
export function interactionsFor(customers: number): number {
  if (customers <= 2_000) return 10;
  if (customers <= 20_000) return 5;
  if (customers <= 100_000) return 3;
  return 1;
}
