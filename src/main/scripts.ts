import type { KeptRun, RunPlace, RunVersion, ScriptHit } from '../shared/contract-script.ts';
import { SCRIPTS_MAX } from '../shared/contract-script.ts';
import { DangolError } from '../shared/errors.ts';
import { evaluate } from '../shared/rules/evaluate.ts';
import type { Facts } from '../shared/rules/facts.ts';
import { rulesOf } from '../shared/rules/rule.ts';
import type { Script } from '../shared/script.ts';
import { beginRun } from '../shared/script-run.ts';
import { findOperation } from '../sync/outbox.ts';
import type { ReadableDb } from '../sync/sql-db.ts';
import { createCalendar } from './calendar.ts';
import type { CustomerDoor } from './customer-360.ts';
import { type HostContext, nowInstant } from './host-context.ts';
import { factsFor, factsOf } from './script-facts.ts';
import type { WindowHolds } from './window-holds.ts';

interface OfCall {
  callId: string | null;
  customerId: string | null;
  queue: string | null;
  direction: 'in' | 'out' | null;
}

/** A run as outbox.db keeps it while it goes on. */
export interface Journaled extends Omit<KeptRun, 'revision' | 'runId' | 'callId' | 'customerId'> {
  /** A version that was published since, and that the page was told of. */
  offered: RunVersion | null;
  begunWith: string;
}
interface RunRow {
  run_id: string;
  author_id: string;
  call_id: string | null;
  customer_id: string | null;
  revision: number;
  run: string;
  started_at: string;
}

/** Nobody is in more scripts at once; what was left open longer ago than a day is given up (script-ends.ts). */
const OPEN_AT_MOST = 50;

/** Every script of this desk: those whose rules are true of this call and customer first, the more rules the earlier. */
export function listScripts(context: HostContext, door: CustomerDoor, of: OfCall): { scripts: ScriptHit[] } {
  const facts = knownFacts(context, door, of);
  const rows = context.cache.prepare('SELECT data FROM script').all() as { data: string }[];
  const hits = rows.map(({ data }) => {
    const { id, number, content } = JSON.parse(data) as Script;
    const { code, title, kind, steps, chosenWhen } = content;
    const fits = chosenWhen !== null && evaluate(chosenWhen, facts) === true;
    const hit = { id, code, title, kind, number, steps: steps.length, fits };
    // Who asks for more knows the call better.
    return { hit, asked: fits && chosenWhen ? rulesOf(chosenWhen).length + 1 : 0 };
  });
  const ordered = hits.sort((a, b) => b.asked - a.asked || a.hit.code.localeCompare(b.hit.code));
  return { scripts: ordered.slice(0, SCRIPTS_MAX).map(({ hit }) => hit) };
}

/** Begins a run, durably. The same runId again is the same run. @throws NOT_FOUND: no such script here any more. */
export function beginScript(
  context: HostContext,
  door: CustomerDoor,
  act: OfCall & { runId: string; scriptId: string; language: 'ko' | 'en' },
): KeptRun {
  const author = context.seat.author();
  const { outbox, cache } = context;
  const known = readRow(outbox, act.runId);
  if (known) return keptOf(mine(known, author.id));
  if (findOperation(outbox, 'script.run', act.runId)) throw new DangolError('NOT_FOUND', 'none');
  const version = publishedVersion(cache, act.scriptId);
  if (version === null) throw new DangolError('NOT_FOUND', 'none', { detail: 'the script was withdrawn' });
  const facts = factsFor(version.content, knownFacts(context, door, act));
  const state = beginRun({ script: version.content, facts });
  const { language } = act;
  const run: Journaled = { version, facts, state, language, offered: null, begunWith: version.hash };
  const now = nowInstant(context);
  outbox
    .transaction(() =>
      outbox
        .prepare(
          `INSERT INTO script_run (run_id, author_id, call_id, customer_id, revision, run, started_at, updated_at)
           VALUES (?, ?, ?, ?, 0, ?, ?, ?)`,
        )
        .run(act.runId, author.id, act.callId, act.customerId, JSON.stringify(run), now, now),
    )
    .immediate();
  return keptOf(mine(readRow(outbox, act.runId), author.id));
}

/** This agent's runs that are not over, the latest first, but of no call that another living window is in. */
export function openRuns(context: HostContext, holds: WindowHolds, windowId: string | undefined): { runs: KeptRun[] } {
  const reader = context.seat.reader();
  const rows = context.outbox
    .prepare('SELECT * FROM script_run WHERE author_id = ? ORDER BY updated_at DESC LIMIT ?')
    .all(reader.id, OPEN_AT_MOST) as RunRow[];
  const here = rows.filter(({ call_id: callId }) => callId === null || !holds.isElsewhere(callId, windowId));
  return { runs: here.map(keptOf) };
}

/**
 * Journals where a run is; durable when it returns. An older revision changes nothing. @returns a version that was published since.
 * @throws NOT_FOUND: the run is over; BAD_INPUT: of a version that this desk never gave to it.
 */
export function keepRun(context: HostContext, place: RunPlace): { newer: RunVersion | null } {
  const author = context.seat.author();
  const { outbox, cache } = context;
  return outbox
    .transaction(() => {
      const row = mine(readRow(outbox, place.runId), author.id);
      const run = inVersion(JSON.parse(row.run) as Journaled, place.hash);
      const published = publishedVersion(cache, run.version.id);
      const newer = published !== null && published.hash !== run.version.hash ? published : null;
      if (place.revision <= row.revision) return { newer };
      const { state, language } = place;
      const kept: Journaled = { ...run, state, language, offered: newer ?? run.offered };
      outbox
        .prepare('UPDATE script_run SET customer_id = ?, revision = ?, run = ?, updated_at = ? WHERE run_id = ?')
        .run(place.customerId, place.revision, JSON.stringify(kept), nowInstant(context), place.runId);
      return { newer };
    })
    .immediate();
}

/** The run in the version that the page has on screen: its own, or the one that it was told of. */
export function inVersion(run: Journaled, hash: string): Journaled {
  if (run.version.hash === hash) return run;
  if (run.offered?.hash === hash) return { ...run, version: run.offered, offered: null };
  throw new DangolError('BAD_INPUT', 'check-input', { detail: 'a version that was never offered to this run' });
}

export function readRow(outbox: ReadableDb, runId: string): RunRow | undefined {
  return outbox.prepare('SELECT * FROM script_run WHERE run_id = ?').get(runId) as RunRow | undefined;
}

/** @throws NOT_FOUND, FORBIDDEN: somebody else's. */
export function mine(row: RunRow | undefined, authorId: string): RunRow {
  if (!row) throw new DangolError('NOT_FOUND', 'none', { detail: 'no such run here' });
  if (row.author_id !== authorId) throw new DangolError('FORBIDDEN', 'none');
  return row;
}

function keptOf(row: RunRow): KeptRun {
  const { version, facts, state, language } = JSON.parse(row.run) as Journaled;
  const { run_id: runId, call_id: callId, customer_id: customerId, revision } = row;
  return { runId, callId, customerId, version, facts, state, revision, language };
}

function publishedVersion(cache: ReadableDb, scriptId: string): RunVersion | null {
  const row = cache.prepare('SELECT data FROM script WHERE id = ?').get(scriptId) as { data: string } | undefined;
  if (!row) return null;
  const { id, number, hash, content } = JSON.parse(row.data) as Script;
  return { id, number, hash, content };
}

/** What is known now. Whose screen is not open yet is logged as a look, as with any read. */
function knownFacts(context: HostContext, door: CustomerDoor, of: OfCall): Facts {
  context.seat.reader();
  const zone = context.seat.policy()?.timeZone ?? 'Asia/Seoul';
  const calendar = createCalendar();
  return factsOf(readView(door, of), {
    ...{ queue: of.queue, direction: of.direction, today: calendar(context.clock.now(), zone) },
    dayOf: (instant) => calendar(Date.parse(instant), zone),
  });
}

/** Unmasked, and it stays in the host: only what rules ask for goes on. */
function readView(door: CustomerDoor, { customerId, callId }: OfCall) {
  if (customerId === null) return null;
  try {
    return door.readCustomer({ customerId, callId, unmasked: true }, null);
  } catch (error) {
    // Erased, or gone from this desk: a script can still be read.
    if (error instanceof DangolError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
