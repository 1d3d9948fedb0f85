import { connect } from '../../src/main/db/connection.ts';
import { CACHE_MIGRATIONS, migrate, OUTBOX_MIGRATIONS } from '../../src/main/db/migrate.ts';
import type { HostContext } from '../../src/main/host-context.ts';
import type { Agent } from '../../src/shared/agent.ts';
import type { CallingPolicy } from '../../src/shared/central-api.ts';
import type { CurrentRule } from '../../src/shared/current-customer.ts';
import type { HostEvent } from '../../src/shared/host-types.ts';
import { applyRows } from '../../src/sync/apply.ts';
import { writeCursor } from '../../src/sync/sync-state.ts';
import { SAMPLE, sampleRows } from './sample-set.ts';
import { createSimClock, type SimClock } from './sim-clock.ts';

/** A desk with the sample set in memory: real schema, real statements, a clock that stands still. */
export interface TestContext extends HostContext {
  clock: SimClock;
  events: HostEvent[];
  /** Who sits there; set it to change. */
  sitting: Agent;
  rules: CallingPolicy | null;
  currentRule: CurrentRule | null;
}

/** Monday 23 November 2026, 14:00 in Seoul. */
export const NOON = Date.UTC(2026, 10, 23, 5, 0, 0);

export function openTestContext(now = NOON): TestContext {
  const cache = connect({ file: null, key: null });
  const outbox = connect({ file: null, key: null });
  migrate(cache, CACHE_MIGRATIONS, 'cache.db');
  migrate(outbox, OUTBOX_MIGRATIONS, 'outbox.db');
  cache.transaction(() => applyRows(cache, sampleRows(now))).immediate();
  writeCursor(cache, 'loaded');
  const events: HostEvent[] = [];
  const context: TestContext = {
    cache,
    outbox,
    clock: createSimClock(now),
    events,
    sitting: SAMPLE.agent,
    rules: {
      timeZone: 'Asia/Seoul',
      country: 'KR',
      marketingFromMinute: 480,
      marketingToMinute: 1260,
      consentMaxAgeDays: 730,
      doNotCallMaxAgeHours: 24,
      doNotCallLoadedAt: new Date(now - 3_600_000).toISOString(),
    },
    currentRule: null,
    log: () => {},
    emit: (event) => events.push(event),
    wake: () => {},
    seat: {
      author: () => context.sitting,
      reader: () => context.sitting,
      policy: () => context.rules,
      currentRule: () => context.currentRule,
      isLine: (extension) => extension === 'agent2',
      country: () => context.rules?.country ?? 'KR',
    },
  };
  return context;
}

/** The payloads in the outbox, oldest first. */
export function operations(context: TestContext): { kind: string; status: string; payload: Record<string, unknown> }[] {
  const rows = context.outbox.prepare('SELECT kind, status, payload FROM operation ORDER BY rowid').all() as {
    kind: string;
    status: string;
    payload: string;
  }[];
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload) as Record<string, unknown> }));
}

/** The access log, oldest first. */
export function accessLog(context: TestContext): { action: string; customerId: string | null; context: string }[] {
  const rows = context.outbox.prepare('SELECT entry FROM access_log ORDER BY seq').all() as { entry: string }[];
  return rows.map((row) => JSON.parse(row.entry) as { action: string; customerId: string | null; context: string });
}
