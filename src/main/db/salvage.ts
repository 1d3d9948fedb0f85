import Database from 'better-sqlite3';
import { connect, type HostDb } from './connection.ts';

/** What came out of a broken outbox.db. */
export interface Salvage {
  saved: number;
  /** Operations that were there and could not be read; null: the file is too broken to say how many there were. */
  lostOperations: number | null;
  /** The sequence numbers of lost operations, as far as an index still names them. */
  lostSequences: number[];
}

/** Parents before children: pending_phone names its operation. */
const TABLES = [
  'device',
  'keep',
  'operation',
  'pending_phone',
  'draft',
  'script_run',
  'call',
  'access_log',
  'marketing_call',
] as const;
/** Where not even the last rowid can be read: rowids are handed out one by one, so this many unreadable ones are all. */
const GIVE_UP_AFTER = 3000;

/**
 * Copies every row that can still be read from a broken outbox into a fresh one, row by row: one broken page then costs the
 * rows on it and nothing else.
 */
export function salvageInto(target: HostDb, brokenFile: string, key: string): Salvage {
  let source: HostDb;
  try {
    source = connect({ file: brokenFile, key });
  } catch {
    // Not even the first page can be read: how many operations there were is not known either.
    return { saved: 0, lostOperations: null, lostSequences: [] };
  }
  try {
    const result: Salvage = { saved: 0, lostOperations: 0, lostSequences: [] };
    const unreadable = new Map(TABLES.map((table) => [table, salvageTable(source, target, table, result)]));
    findLost(source, target, result, unreadable.get('operation') ?? 0);
    continueSequence(target);
    return result;
  } finally {
    closeQuietly(source);
  }
}

/** Returns how many rowids could not be read: rows that are lost, and gaps beside them. */
function salvageTable(source: HostDb, target: HostDb, table: string, result: Salvage): number {
  const known = lastRowid(source, table);
  const last = known ?? Number.MAX_SAFE_INTEGER;
  let failedInARow = 0;
  let unreadable = 0;
  for (let rowid = 1; rowid <= last && (known !== null || failedInARow < GIVE_UP_AFTER); rowid += 1) {
    const row = readRow(source, table, rowid);
    if (row === 'broken') {
      failedInARow += 1;
      unreadable += 1;
      continue;
    }
    failedInARow = 0;
    if (row && insertRow(target, table, row)) result.saved += 1;
  }
  return unreadable;
}

function lastRowid(source: HostDb, table: string): number | null {
  try {
    const row = source.prepare(`SELECT max(rowid) AS last FROM "${table}"`).get();
    return numberOf(row, 'last');
  } catch {
    return null;
  }
}

function numberOf(row: unknown, column: string): number {
  const value = isRow(row) ? row[column] : 0;
  return typeof value === 'number' ? value : 0;
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function readRow(source: HostDb, table: string, rowid: number): Record<string, unknown> | null | 'broken' {
  try {
    const row = source.prepare(`SELECT * FROM "${table}" WHERE rowid = ?`).get(rowid);
    return isRow(row) ? row : null;
  } catch {
    return 'broken';
  }
}

function insertRow(target: HostDb, table: string, row: Record<string, unknown>): boolean {
  const columns = Object.keys(row);
  const names = columns.map((column) => `"${column}"`).join(', ');
  const marks = columns.map(() => '?').join(', ');
  try {
    const statement = target.prepare(`INSERT OR REPLACE INTO "${table}" (${names}) VALUES (${marks})`);
    statement.run(...columns.map((column) => row[column]));
    return true;
  } catch (error) {
    // A row that breaks a rule of the schema is itself damage. A full disk is not: then nothing is salvaged halfway.
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT')) return false;
    throw error;
  }
}

/** The index by sequence is on other pages than the rows: it names operations that the rows no longer show. */
function findLost(source: HostDb, target: HostDb, result: Salvage, unreadable: number): void {
  const saved = new Set(
    target
      .prepare('SELECT device_seq AS seq FROM operation')
      .all()
      .map((row) => numberOf(row, 'seq')),
  );
  try {
    const indexed = source
      .prepare('SELECT device_seq AS seq FROM operation INDEXED BY operation_seq ORDER BY device_id, device_seq')
      .all()
      .map((row) => numberOf(row, 'seq'));
    result.lostSequences = indexed.filter((seq) => !saved.has(seq));
  } catch {
    // Neither rows nor index: whatever number was claimed, it would be too small.
    if (unreadable > 0) {
      result.lostOperations = null;
      return;
    }
    // The index is broken and every row was read: count the holes, if any. Operations older than seven days leave none.
    const sequences = [...saved].sort((a, b) => a - b);
    const next = numberOf(target.prepare('SELECT next_seq AS seq FROM device').get(), 'seq');
    for (let seq = sequences[0] ?? next; seq < next; seq += 1) if (!saved.has(seq)) result.lostSequences.push(seq);
  }
  result.lostOperations = result.lostSequences.length;
}

/** The next operation must not take a number that a salvaged one has. */
function continueSequence(target: HostDb): void {
  target
    .prepare(
      `UPDATE device SET next_seq = max(next_seq, coalesce(
         (SELECT max(device_seq) + 1 FROM operation WHERE operation.device_id = device.device_id), 1))`,
    )
    .run();
}

function closeQuietly(db: HostDb): void {
  try {
    db.close();
  } catch {
    // A broken file may refuse its last checkpoint; what could be read was read.
  }
}
