import type { AuditPage, AuditRows } from '../../src/shared/sync-audit.ts';
import {
  type BootstrapStart,
  Operation,
  OperationPayload,
  type OperationReply,
  PULL_MAX_ROWS,
  type PullResponse,
  type PushRequest,
  PushRequest as PushRequestSchema,
  type PushResponse,
  type RejectionCode,
  SNAPSHOT_MAX_ROWS,
  type SnapshotPage,
  SYNC_TABLES,
  type SyncRow,
  type SyncTable,
} from '../../src/shared/sync-wire.ts';
import { rowsNamedBy } from '../../src/sync/outbox.ts';
import { type AuditQuery, type PullQuery, type SnapshotQuery, SyncFailure } from '../../src/sync/transport.ts';
import { auditOf, auditRowsOf } from './oracle-audit.ts';
import { applyToOracle, type OracleRows, Refusal } from './oracle-effects.ts';
import { copyHistory, type History, isAhead, newHistory, rowsOf, rowsUpTo, wireRow } from './oracle-history.ts';
import {
  auditedScope,
  comeBack,
  dealtWith,
  depart,
  inScope,
  madeElsewhere,
  type OracleScope,
  outsideOf,
  scopeIn,
} from './oracle-scope.ts';

/**
 * The centre as the wire describes it, in memory: what the engine is held against. It has no network and no time limit;
 * the simulator puts those around it.
 */
export class OracleCentre {
  /** Takes the part of a broken centre: a batch with such an operation fails as a whole. */
  chokesOn: (payload: OperationPayload) => boolean = () => false;
  onChange: () => void = () => undefined;
  /** How often a desk claimed to know more than this centre does, in its own epoch: that makes a new epoch for all. */
  alarms = 0;
  private readonly time: () => number;
  private now = newHistory();
  /** What the system beneath knows of itself: another one where a dump was loaded or a folder copied. */
  private identity = 1;
  private identities = 1;
  private renewals = 1;
  private starts = 0;
  private home: { history: History; identity: number } | null = null;

  constructor(time: () => number) {
    this.time = time;
    this.restart();
  }

  /** POST /v1/sync/push. */
  push(request: PushRequest, scopeOf: (authorId: string) => OracleScope = () => 'all'): PushResponse {
    const { deviceId, epoch, operations, acknowledged, cursor } = PushRequestSchema.parse(request);
    if (epoch !== null && epoch !== this.epochName()) throw new SyncFailure({ kind: 'epoch_changed' }, 'push');
    if (epoch !== null) this.mustKnow(acknowledged);
    const parsed = operations.map((operation) => Operation.parse(operation));
    if (parsed.some((operation) => this.chokesOn(operation.payload))) {
      throw new SyncFailure({ kind: 'nonsense' }, 'push: 500');
    }
    // One transaction: a fork in the middle leaves nothing.
    const copy = copyHistory(this.now);
    const replies = parsed.map((operation) => {
      const scope = scopeOf(operation.authorId);
      const isNew = !copy.replies.has(operation.opId);
      if (isNew && scope === 'team') dealtWith(copy, rowsNamedBy(operation.payload).customerId);
      const reply = takeOperation(copy, operation, deviceId, this.instant());
      if (isNew && scope === 'all') madeElsewhere(copy, operation.payload, reply);
      return reply;
    });
    const changed = copy.seq !== this.now.seq;
    this.now = copy;
    if (changed) this.onChange();
    const outside = outsideOf(this.now, scopeIn(cursor), replies);
    return { epoch: this.epochName(), replies, outside, serverTime: this.instant() };
  }

  /** GET /v1/sync/changes. */
  pull({ cursor, limit, acknowledged, seen }: PullQuery, scope: OracleScope = 'all'): PullResponse {
    const seq = this.checked(cursor, scope);
    if (seen !== undefined) this.checked(seen, scope);
    this.mustKnow(acknowledged);
    const max = Math.min(limit, PULL_MAX_ROWS);
    const { rows } = inScope(this.now, scope);
    const after = [...rows.values()].filter((row) => row.seq > seq).sort((a, b) => a.seq - b.seq);
    const page = after.slice(0, max);
    return {
      epoch: this.epochName(),
      rows: page.map(wireRow),
      cursor: page.length > 0 ? this.cursorAt(page.at(-1)?.seq ?? 0, scope) : cursor,
      more: after.length > page.length,
      serverTime: this.instant(),
    };
  }

  /** GET /v1/sync/start. */
  start(scope: OracleScope = 'all'): BootstrapStart {
    const tables = (Object.keys(SYNC_TABLES) as SyncTable[]).map((table) => ({
      table,
      count: this.liveRows(scope).filter((row) => row.table === table).length,
    }));
    return {
      epoch: this.epochName(),
      cursor: this.cursorAt(this.now.seq, scope),
      tables,
      serverTime: this.instant(),
    };
  }

  /** GET /v1/sync/snapshot. */
  snapshot({ table, after, limit, seen }: SnapshotQuery, scope: OracleScope = 'all'): SnapshotPage {
    if (seen !== undefined) this.checked(seen, scope);
    const max = Math.min(limit, SNAPSHOT_MAX_ROWS);
    const rest = this.liveRows(scope)
      .filter((row) => row.table === table && row.id > (after ?? ''))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const page = rest.slice(0, max);
    return {
      epoch: this.epochName(),
      rows: page,
      next: rest.length > page.length ? (page.at(-1)?.id ?? null) : null,
      end: this.cursorAt(this.now.seq, scope),
    };
  }

  /** GET /v1/sync/audit and /v1/sync/audit/rows. */
  audit(query: AuditQuery, scope: OracleScope = 'all'): AuditPage {
    const seq = this.checked(query.cursor, scope);
    this.mustKnow(query.acknowledged);
    return { epoch: this.epochName(), ...auditOf(auditedScope(this.now, scope, seq), seq, query), restMs: 0 };
  }
  auditRows(query: AuditQuery & { upTo: string | null }, scope: OracleScope = 'all'): AuditRows {
    const seq = this.checked(query.cursor, scope);
    this.mustKnow(query.acknowledged);
    const { rows, later } = auditRowsOf(auditedScope(this.now, scope, seq), seq, query);
    return { epoch: this.epochName(), rows: rows.map(wireRow), later };
  }

  /** Writes rows as an administrator or another system would. */
  write(change: (rows: OracleRows) => void): void {
    change(rowsOf(this.now));
    this.onChange();
  }

  /** Forgets a person: their rows become deletions, and a repeat of what was done for them hears ERASED. */
  erase(customerId: string): void {
    const rows = rowsOf(this.now);
    // Every desk hears of every erasure, also the one that let the customer go.
    this.now.departed.delete(customerId);
    const theirs = new Set<string>();
    for (const row of this.liveRows()) {
      const owner = row.table === 'customer' ? row.id : ownerOf(row);
      if (owner !== customerId) continue;
      theirs.add(row.id);
      rows.remove(row.table, row.id);
    }
    for (const [opId, { rowId, customerId: about }] of this.now.about) {
      if (about !== customerId && !theirs.has(rowId)) continue;
      this.now.replies.set(opId, { opId, status: 'rejected', code: 'ERASED', detail: '' });
    }
    this.onChange();
  }

  /** The team's desks let a customer go; who is dealt with there comes back. */
  depart(customerId: string): void {
    depart(this.now, customerId);
    this.onChange();
  }
  comeBack(customerId: string): void {
    comeBack(this.now, customerId);
    this.onChange();
  }

  backup(): unknown {
    return { history: copyHistory(this.now), identity: this.identity };
  }

  /**
   * Yesterday's data. A loaded dump is another database; a base backup that is started as it is has everything of the old
   * one, its name too, and is only known by what desks remember of the lost day.
   */
  restore(backup: unknown, from: 'dump' | 'base' = 'dump'): void {
    const { history, identity } = backup as { history: History; identity: number };
    this.now = copyHistory(history);
    this.home = null;
    this.identity = from === 'dump' ? ++this.identities : identity;
    this.restart();
    this.onChange();
  }

  /** The server process starts again on the same data. */
  restart(): void {
    this.now.runs.push({ id: ++this.starts, base: this.now.seq });
  }

  /** A copied folder is run for a while; then the original again, which knows nothing of what the copy heard. */
  moveToCopy(): void {
    this.home ??= { history: copyHistory(this.now), identity: this.identity };
    this.identity = ++this.identities;
    this.restart();
    this.onChange();
  }
  moveHome(): void {
    if (!this.home) return;
    this.now = this.home.history;
    this.identity = this.home.identity;
    this.home = null;
    this.restart();
    this.onChange();
  }

  /** Every row that a desk with this cursor must know, deletions too; null where the cursor is not of this history. */
  rowsUpTo(cursor: string, scope: OracleScope = 'all'): SyncRow[] | null {
    return rowsUpTo(inScope(this.now, scope), this.placeName(scope), cursor);
  }
  versionOf(table: SyncTable, id: string): number | null {
    return this.now.rows.get(`${table}/${id}`)?.version ?? null;
  }
  liveRows(scope: OracleScope = 'all'): SyncRow[] {
    return [...inScope(this.now, scope).rows.values()].filter((row) => !row.deleted).map(wireRow);
  }
  replyTo(opId: string): OperationReply | undefined {
    return this.now.replies.get(opId);
  }
  log(): readonly string[] {
    return this.now.log;
  }
  accessEntries(): ReadonlySet<string> {
    return this.now.access;
  }
  epochName(): string {
    return `epoch-${this.now.epochId}.${this.identity}`;
  }
  /** A cursor belongs to a history and to a scope. */
  private placeName(scope: OracleScope): string {
    return `${this.epochName()}/${scope}`;
  }
  private cursorAt(seq: number, scope: OracleScope): string {
    return `${this.placeName(scope)}:${this.now.runs.at(-1)?.id}:${seq}`;
  }
  /** The place that a cursor names, where it is one of this history. */
  private checked(cursor: string, scope: OracleScope): number {
    const [epoch, run, seq] = cursor.split(':');
    if (epoch !== this.placeName(scope)) throw new SyncFailure({ kind: 'epoch_changed' }, 'a cursor of another epoch');
    if (isAhead(this.now, Number(run), Number(seq))) this.renew();
    return Number(seq);
  }
  private mustKnow(acknowledged: string | undefined): void {
    if (acknowledged !== undefined && !this.now.replies.has(acknowledged)) this.renew();
  }
  private renew(): never {
    this.alarms += 1;
    this.now.epochId = ++this.renewals;
    throw new SyncFailure({ kind: 'epoch_changed' }, 'an older copy of itself');
  }
  private instant(): string {
    return new Date(this.time()).toISOString();
  }
}

function takeOperation(history: History, operation: Operation, sender: string, at: string): OperationReply {
  const known = history.replies.get(operation.opId);
  if (known) return known;
  if (operation.deviceId !== sender) throw new SyncFailure({ kind: 'nonsense' }, 'push: an operation of another desk');
  const place = `${operation.deviceId}/${operation.deviceSeq}`;
  if (history.sequences.has(place)) throw new SyncFailure({ kind: 'device_forked' }, 'push');
  history.sequences.set(place, operation.opId);
  history.log.push(operation.opId);
  const { rowId, customerId } = rowsNamedBy(operation.payload);
  history.about.set(operation.opId, { rowId, customerId });
  const reply = decide(history, operation, at);
  history.replies.set(operation.opId, reply);
  return reply;
}

function decide(history: History, operation: Operation, at: string): OperationReply {
  const rows = rowsOf(history);
  const touched: string[] = [];
  try {
    const payload = OperationPayload.parse(operation.payload);
    applyToOracle(rows, operation, payload, at, touched);
    if (payload.kind === 'access.record') for (const entry of payload.entries) history.access.add(entry.id);
  } catch (error) {
    const code: RejectionCode = error instanceof Refusal ? error.code : 'INVALID';
    return { opId: operation.opId, status: 'rejected', code, detail: 'refused by the oracle' };
  }
  const result = touched.flatMap((key) => {
    const row = history.rows.get(key);
    return row ? [wireRow(row)] : [];
  });
  return { opId: operation.opId, status: 'applied', rows: result };
}

function ownerOf(row: SyncRow): string | null {
  return row.data !== null && 'customerId' in row.data ? row.data.customerId : null;
}
