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
import { SyncFailure } from '../../src/sync/transport.ts';
import { applyToOracle, type OracleRows, Refusal } from './oracle-effects.ts';

/** One history of the centre. Everything in here comes back with a backup. */
interface History {
  rows: Map<string, SyncRow & { seq: number }>;
  seq: number;
  replies: Map<string, OperationReply>;
  sequences: Map<string, string>;
  /** opIds in the order in which they took effect (or were refused) first. */
  log: string[];
  /** Access entries by id: a cloned desk may send one in another operation again. */
  access: Set<string>;
  /** What each operation was about, to forget it with its customer. */
  about: Map<string, { rowId: string; customerId: string | null }>;
  lastSeq: Map<string, number>;
}

/**
 * The centre as the wire describes it, in memory: what the engine is held against. It has no network and no time limit;
 * the simulator puts those around it.
 */
export class OracleCentre {
  epoch = 1;
  /** Takes the part of a broken centre: a batch with such an operation fails as a whole. */
  chokesOn: (payload: OperationPayload) => boolean = () => false;
  onChange: () => void = () => undefined;
  /** How often a desk claimed to know more than this centre does, in its own epoch: that makes a new epoch for all. */
  alarms = 0;
  private readonly time: () => number;
  private now: History = {
    rows: new Map(),
    seq: 0,
    replies: new Map(),
    sequences: new Map(),
    log: [],
    access: new Set(),
    about: new Map(),
    lastSeq: new Map(),
  };

  constructor(time: () => number) {
    this.time = time;
  }

  /** POST /v1/sync/push. */
  push(request: PushRequest): PushResponse {
    const { deviceId, epoch, operations, acknowledgedSeq = 0 } = PushRequestSchema.parse(request);
    if (epoch !== null && epoch !== this.epochName()) throw new SyncFailure({ kind: 'epoch_changed' }, 'push');
    if (epoch !== null && acknowledgedSeq > (this.now.lastSeq.get(deviceId) ?? 0)) {
      this.alarms += 1;
      this.epoch += 1;
      throw new SyncFailure({ kind: 'epoch_changed' }, 'push');
    }
    const parsed = operations.map((operation) => Operation.parse(operation));
    if (parsed.some((operation) => this.chokesOn(operation.payload))) {
      throw new SyncFailure({ kind: 'nonsense' }, 'push: 500');
    }
    // One transaction: a fork in the middle leaves nothing.
    const copy: History = {
      rows: new Map(this.now.rows),
      seq: this.now.seq,
      replies: new Map(this.now.replies),
      sequences: new Map(this.now.sequences),
      log: [...this.now.log],
      access: new Set(this.now.access),
      about: new Map(this.now.about),
      lastSeq: new Map(this.now.lastSeq),
    };
    const replies = parsed.map((operation) => takeOperation(copy, operation, deviceId, this.instant()));
    const changed = copy.seq !== this.now.seq;
    this.now = copy;
    if (changed) this.onChange();
    return { epoch: this.epochName(), replies, serverTime: this.instant() };
  }

  /** GET /v1/sync/changes. */
  pull({ cursor, limit }: { cursor: string; limit: number }): PullResponse {
    const [epoch, seq] = cursor.split(':');
    if (epoch !== this.epochName()) throw new SyncFailure({ kind: 'epoch_changed' }, 'pull');
    const max = Math.min(limit, PULL_MAX_ROWS);
    const after = [...this.now.rows.values()].filter((row) => row.seq > Number(seq)).sort((a, b) => a.seq - b.seq);
    const page = after.slice(0, max);
    return {
      epoch: this.epochName(),
      rows: page.map(wireRow),
      cursor: `${this.epochName()}:${page.at(-1)?.seq ?? seq}`,
      more: after.length > page.length,
      serverTime: this.instant(),
    };
  }

  /** GET /v1/sync/start. */
  start(): BootstrapStart {
    const tables = (Object.keys(SYNC_TABLES) as SyncTable[]).map((table) => ({
      table,
      count: this.liveRows().filter((row) => row.table === table).length,
    }));
    return {
      epoch: this.epochName(),
      cursor: `${this.epochName()}:${this.now.seq}`,
      tables,
      serverTime: this.instant(),
    };
  }

  /** GET /v1/sync/snapshot. */
  snapshot({ table, after, limit }: { table: SyncTable; after: string | null; limit: number }): SnapshotPage {
    const max = Math.min(limit, SNAPSHOT_MAX_ROWS);
    const rest = this.liveRows()
      .filter((row) => row.table === table && row.id > (after ?? ''))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const page = rest.slice(0, max);
    return {
      epoch: this.epochName(),
      rows: page,
      next: rest.length > page.length ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /** Writes rows as an administrator or another system would. */
  write(change: (rows: OracleRows) => void): void {
    change(rowsOf(this.now));
    this.onChange();
  }

  /** Forgets a person: their rows become deletions, and a repeat of what was done for them hears ERASED. */
  erase(customerId: string): void {
    const rows = rowsOf(this.now);
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

  backup(): unknown {
    return structuredClone(this.now);
  }

  /** Yesterday's data under a new epoch. */
  restore(backup: unknown): void {
    this.now = structuredClone(backup) as History;
    this.epoch += 1;
    this.onChange();
  }

  liveRows(): SyncRow[] {
    return [...this.now.rows.values()].filter((row) => !row.deleted).map(wireRow);
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
    return `epoch-${this.epoch}`;
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
  history.lastSeq.set(sender, Math.max(history.lastSeq.get(sender) ?? 0, operation.deviceSeq));
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

function rowsOf(history: History): OracleRows {
  return {
    get: (table, id) => history.rows.get(`${table}/${id}`),
    put: (table, id, data) => {
      const version = (history.rows.get(`${table}/${id}`)?.version ?? 0) + 1;
      history.seq += 1;
      const row = { table, id, version, deleted: false, data, seq: history.seq } as SyncRow & { seq: number };
      history.rows.set(`${table}/${id}`, row);
    },
    remove: (table, id) => {
      const version = (history.rows.get(`${table}/${id}`)?.version ?? 0) + 1;
      history.seq += 1;
      const row = { table, id, version, deleted: true, data: null, seq: history.seq } as SyncRow & { seq: number };
      history.rows.set(`${table}/${id}`, row);
    },
  };
}

function ownerOf(row: SyncRow): string | null {
  return row.data !== null && 'customerId' in row.data ? row.data.customerId : null;
}

function wireRow(row: SyncRow & { seq?: number }): SyncRow {
  const { seq: _, ...wire } = row;
  return wire as SyncRow;
}
