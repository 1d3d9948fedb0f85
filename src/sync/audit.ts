import { z } from 'zod';
import type { AuditPage } from '../shared/sync-audit.ts';
import { SyncTable } from '../shared/sync-wire.ts';
import type { AppliedChange, Applier } from './apply.ts';
import { hashHeld, type Repair, repairStretch, type Stretch } from './audit-rows.ts';
import { waitAfterFailure } from './backoff.ts';
import { type Clock, instantOf, sleep } from './clock.ts';
import { reasonOf } from './failure.ts';
import type { FreshRows } from './fresh-rows.ts';
import { readKept, writeKept } from './outbox.ts';
import { acknowledgedIn } from './outbox-replies.ts';
import type { ReadableDb, WritableDb } from './sql-db.ts';
import { readSyncState, TABLE_ORDER } from './sync-state.ts';
import { SyncFailure, type SyncTransport } from './transport.ts';

/** How a desk compares itself with the centre. The host gives it; without it a desk never does. */
export interface AuditPlan {
  /** Hexadecimal SHA-256 of a text. */
  sha256: (text: string) => string;
  /** From the end of one audit to the begin of the next. */
  everyMs: number;
  /** Tests: without the rests between two pages. */
  hurry?: boolean;
}

export interface AuditOptions {
  cache: WritableDb;
  outbox: WritableDb;
  transport: Pick<SyncTransport, 'audit' | 'auditRows'>;
  clock: Clock;
  random: () => number;
  applier: Applier;
  fresh: FreshRows;
  plan: AuditPlan;
  onApplied: (change: AppliedChange) => void;
  onAudit: (news: AuditNews) => void;
}

/** `repaired` rows of a table just now, or a whole audit that ended (table null). */
export interface AuditNews {
  table: SyncTable | null;
  repaired: number;
}

/** Where the audit stands; of one desk, kept in its outbox.db. */
const AuditState = z.object({
  /** The next page; null: no audit is under way. */
  at: z.object({ table: SyncTable, after: z.string().nullable() }).nullable(),
  /** Rows that the audit under way repaired so far, and those that the last whole one did. */
  repaired: z.int(),
  lastRepaired: z.int(),
  /** When the last whole one ended, by this desk's clock. */
  checkedAt: z.string().nullable(),
});
export type AuditState = z.infer<typeof AuditState>;
const KEPT = 'sync.audit';
const NEVER: AuditState = { at: null, repaired: 0, lastRepaired: 0, checkedAt: null };

export function readAuditState(outbox: ReadableDb): AuditState {
  const text = readKept(outbox, KEPT);
  const parsed = text === null ? null : AuditState.safeParse(JSON.parse(text));
  return parsed?.success ? parsed.data : NEVER;
}

/** A desk that just started has better things to do; all of them start in the same minutes of the morning. */
const LONGEST_BEGIN_MS = 600_000;
/** The desk's own work may take about this share of its time. */
const SHARE = 20;
const SHORTEST_REST_MS = 500;
const LONGEST_REST_MS = 600_000;
/** A centre that answers nonsense, or does not know audits yet, is asked again by and by. */
const AFTER_NONSENSE_MS = 3_600_000;

export interface Audit {
  /**
   * One page, where it is time; call it when the cursor covers everything. Throws what the disk throws and `epoch_changed`; other
   * failures of the wire only postpone it: an audit never holds up a pull.
   */
  step: (signal: AbortSignal) => Promise<void>;
  /** Until the next page is due. */
  idleMs: () => number;
}

export function createAudit(options: AuditOptions): Audit {
  const { outbox, clock, random, plan } = options;
  const wait = (ms: number) => {
    dueAt = clock.now() + ms;
    waiting = ms;
  };
  let [dueAt, waiting, failures] = [0, 0, 0];
  wait(random() * Math.min(plan.everyMs / 10, LONGEST_BEGIN_MS));

  const idleMs = () => {
    const left = dueAt - clock.now();
    // A clock that was set back must not make it wait for a day.
    return left <= 0 || left > waiting ? 0 : left;
  };
  const place = (): { state: AuditState; at: NonNullable<AuditState['at']> } | null => {
    const state = readAuditState(outbox);
    if (state.at) return { state, at: state.at };
    const since = state.checkedAt === null ? plan.everyMs : clock.now() - Date.parse(state.checkedAt);
    if (since >= 0 && since < plan.everyMs) {
      wait(plan.everyMs - since);
      return null;
    }
    const first = TABLE_ORDER[0];
    return first ? { state: { ...state, repaired: 0 }, at: { table: first, after: null } } : null;
  };
  return {
    idleMs,
    step: async (signal) => {
      if (idleMs() > 0) return;
      const here = place();
      if (!here) return;
      try {
        const began = clock.now();
        const done = await auditPage(options, here.at, signal);
        if (signal.aborted) return wait(0);
        failures = 0;
        writeState(options, here.state, done);
        if (plan.hurry) return wait(0);
        wait(
          Math.min(
            LONGEST_REST_MS,
            Math.max(SHORTEST_REST_MS, done.restMs, (clock.now() - began - done.wireMs) * SHARE),
          ),
        );
      } catch (error) {
        const reason = reasonOf(error);
        if (reason === null || reason.kind === 'epoch_changed') throw error;
        failures += 1;
        const retryAfter = reason.kind === 'rate_limited' ? reason.retryAfterMs : null;
        wait(
          reason.kind === 'nonsense'
            ? Math.min(AFTER_NONSENSE_MS, plan.everyMs / 4)
            : waitAfterFailure(failures, retryAfter, random),
        );
      }
    },
  };
}

interface PageDone {
  next: AuditPage['next'];
  repaired: number;
  restMs: number;
  wireMs: number;
}

function writeState({ outbox, clock, onAudit }: AuditOptions, state: AuditState, done: PageDone): void {
  const repaired = state.repaired + done.repaired;
  const next: AuditState =
    done.next === null
      ? { at: null, repaired: 0, lastRepaired: repaired, checkedAt: instantOf(clock.now()) }
      : { ...state, at: done.next, repaired };
  outbox.transaction(() => writeKept(outbox, KEPT, JSON.stringify(next))).immediate();
  if (done.next === null) onAudit({ table: null, repaired });
}

/** Where rows changed under the comparison, `next` is the same page again. */
async function auditPage(
  options: AuditOptions,
  at: NonNullable<AuditState['at']>,
  signal: AbortSignal,
): Promise<PageDone> {
  const { cache, transport, clock, fresh } = options;
  const { cursor, epoch } = readSyncState(cache);
  if (cursor === null) return { next: at, repaired: 0, restMs: 0, wireMs: 0 };
  fresh.clear();
  const asked = clock.now();
  const query = { cursor, acknowledged: acknowledgedIn(options.outbox, epoch) };
  const page = await transport.audit({ ...query, ...at }, signal);
  const wireMs = clock.now() - asked;
  const again = (repaired = 0): PageDone => ({ next: at, repaired, restMs: page.restMs, wireMs });
  if (signal.aborted || page.parts.length === 0) return again();
  if (page.epoch !== epoch) throw new SyncFailure({ kind: 'epoch_changed' }, 'audit of another epoch');
  const later = new Set(page.later.map(({ table, id }) => `${table}/${id}`));
  let repaired = 0;
  let [table, after] = [at.table, at.after];
  for (const part of page.parts) {
    if (part.table !== table) [table, after] = [part.table, null];
    const stretch = { table, after, upTo: part.upTo };
    const held = hashHeld(cache, stretch, later, options.plan.sha256);
    if (held.count !== part.count || held.hash !== part.hash) {
      // What a push brought while the answer was on its way is newer than the answer.
      if (isFresh(fresh, stretch)) return again(repaired);
      const done = await repair(options, stretch, { ...query, epoch }, signal);
      repaired += done.rows;
      if (done.more) return again(repaired);
    }
    after = part.upTo;
    // A pop goes first.
    if (held.count > 0) await sleep(clock, 0);
    if (signal.aborted) return again(repaired);
  }
  return { next: page.next, repaired, restMs: page.restMs, wireMs };
}

function isFresh(fresh: FreshRows, { table, after, upTo }: Stretch): boolean {
  return [...fresh.keys()].some((key) => {
    const [of, id = ''] = key.split('/');
    return of === table && id > (after ?? '') && (upTo === null || id <= upTo);
  });
}

async function repair(
  { cache, applier, transport, fresh, onApplied, onAudit }: AuditOptions,
  stretch: Stretch,
  { epoch, ...query }: { cursor: string; acknowledged: string | undefined; epoch: string | null },
  signal: AbortSignal,
): Promise<Pick<Repair, 'rows' | 'more'>> {
  const answer = await transport.auditRows({ ...query, ...stretch }, signal);
  if (signal.aborted) return { rows: 0, more: true };
  if (answer.epoch !== epoch) throw new SyncFailure({ kind: 'epoch_changed' }, 'audit of another epoch');
  if (answer.rows.some((row) => row.table !== stretch.table)) {
    throw new SyncFailure({ kind: 'nonsense' }, 'audit: rows of another table');
  }
  const leftOut = new Set([...answer.later.map(({ table, id }) => `${table}/${id}`), ...fresh.keys()]);
  const done = cache.transaction(() => repairStretch(cache, applier, stretch, answer, leftOut)).immediate();
  if (done.rows > 0) {
    onApplied(done.change);
    onAudit({ table: stretch.table, repaired: done.rows });
  }
  return done;
}
