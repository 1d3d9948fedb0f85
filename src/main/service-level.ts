import { type ServiceLevel, startClock } from '../shared/service-level.ts';
import type { Case } from '../shared/work.ts';
import type { ReadableDb } from '../sync/sql-db.ts';

/** What the business promises of its cases; null: nothing. Only read where something about a case is on this desk alone. */
export function readServiceLevel(cache: ReadableDb): ServiceLevel | null {
  const row = cache.prepare('SELECT data FROM service_level LIMIT 1').get() as { data: string } | undefined;
  return row ? (JSON.parse(row.data) as ServiceLevel) : null;
}

/** A case that only this desk knows, with the clock that the centre will give it. Opened here, it is mostly of a call: answered. */
export function startedHere(row: Case, level: ServiceLevel | null): Case {
  return startClock(row, level, row.openedAt);
}
