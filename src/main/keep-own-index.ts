import type { Clock } from '../sync/clock.ts';
import { indexSlice } from '../sync/own-index.ts';
import type { HostDb } from './db/connection.ts';

/** A slice takes some milliseconds at most: nobody who searches or answers a call waits for it. */
const ROWS_A_SLICE = 40;
const REST_MS = 15;
const LATER_MS = 5000;

interface OwnIndexKeeper {
  /** Fields may have changed. */
  wake: () => void;
  close: () => void;
}

/**
 * Cuts the search lines of all customers again after the business chose other fields to find them by; in slices, beside the work
 * of the desk. `isFilling`: a first load writes, which holds the file for longer than a slice may wait.
 */
export function keepOwnIndex(cache: HostDb, clock: Clock, isFilling: () => boolean): OwnIndexKeeper {
  let cancel: (() => void) | null = null;
  const later = (after: number) => {
    cancel = clock.schedule(after, step);
  };
  function step(): void {
    cancel = null;
    try {
      if (isFilling()) later(LATER_MS);
      else if (!indexSlice(cache, ROWS_A_SLICE)) later(REST_MS);
    } catch {
      // A full disk, or somebody writes for long: what stands there stays, and it goes on later.
      later(LATER_MS);
    }
  }
  const wake = () => {
    if (cancel === null) later(REST_MS);
  };
  wake();
  return { wake, close: () => cancel?.() };
}
