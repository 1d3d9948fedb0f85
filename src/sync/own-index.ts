import type { Customer, CustomField } from '../shared/customer.ts';
import { type IndexedField, ownLine, searchableFields } from '../shared/own-search.ts';
import { searchText } from '../shared/search-text.ts';
import { sqliteCode } from './failure.ts';
import type { Statement, WritableDb } from './sql-db.ts';

// The lines of customer_search: a customer's name, and the own fields of the business that customers are found by.

type Sql = (text: string) => Statement;

/** By which fields the lines are cut; asked once for all rows that are applied together. */
export interface OwnLines {
  /** What the line of this customer says in its column `own`. Whoever was merged is found as somebody else. */
  of: (customer: Customer) => string;
  /** Whether the line says this already; where no field is indexed nothing in it needs to change. */
  isStill: (rowid: number, own: string) => boolean;
}

export function createOwnLines(sql: Sql): OwnLines {
  let fields: readonly IndexedField[] | null = null;
  const indexed = () => {
    fields ??= readIndexed(sql).fields;
    return fields;
  };
  return {
    of: (customer) => (customer.mergedInto ? '' : ownLine(customer.custom, indexed())),
    isStill: (rowid, own) => {
      if (indexed().length === 0) return true;
      const line = sql('SELECT own FROM customer_search WHERE rowid = ?').get(rowid) as { own: string } | undefined;
      return line?.own === own;
    },
  };
}

function readIndexed(sql: Sql): { fields: readonly IndexedField[]; text: string; upto: number | null } {
  const row = sql('SELECT fields, upto FROM own_index').get() as { fields: string; upto: number | null };
  return { fields: JSON.parse(row.fields) as IndexedField[], text: row.fields, upto: row.upto };
}

/** Nobody is there yet: whoever comes is cut by these. */
const CHOOSE = 'UPDATE own_index SET fields = ?, upto = (SELECT 0 FROM customer LIMIT 1)';

/** After fields came or changed: where customers are to be found by others than before, every line is to be cut again. */
export function chooseIndexed(sql: Sql): void {
  const rows = sql('SELECT data FROM custom_field').all() as { data: string }[];
  const wanted = searchableFields(rows.map(({ data }) => JSON.parse(data) as CustomField));
  const pairs = wanted.map(({ key, type }): IndexedField => [key, type]);
  const text = JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
  if (text !== readIndexed(sql).text) sql(CHOOSE).run(text);
}

/** A line that a lost customer left behind has the rowid that the next one gets: it must not stop them, or all rows after them. */
export function writeLine(sql: Sql, rowid: number | bigint, name: string, own: string): void {
  const { grams, initials } = searchText(name);
  const insert = sql('INSERT INTO customer_search (rowid, grams, initials, own) VALUES (?, ?, ?, ?)');
  try {
    insert.run(rowid, grams, initials, own);
  } catch (error) {
    if (!sqliteCode(error).startsWith('SQLITE_CONSTRAINT')) throw error;
    sql('DELETE FROM customer_search WHERE rowid = ?').run(rowid);
    insert.run(rowid, grams, initials, own);
  }
}

/** Whether every line is cut by the fields that customers are found by now. */
export function isIndexed(sql: Sql): boolean {
  return readIndexed(sql).upto === null;
}

/**
 * Cuts the next lines again, at most `rows` of them, in one transaction; cut at any point, it goes on where it stood.
 * @returns whether all of them are done.
 */
export function indexSlice(cache: WritableDb, rows: number): boolean {
  const sql: Sql = (text) => cache.prepare(text);
  if (isIndexed(sql)) return true;
  const run = cache.transaction(() => {
    const { upto } = readIndexed(sql);
    if (upto === null) return true;
    const lines = createOwnLines(sql);
    const found = sql('SELECT rowid, name, data FROM customer WHERE rowid > ? ORDER BY rowid LIMIT ?').all(
      upto,
      rows,
    ) as {
      rowid: number;
      name: string;
      data: string;
    }[];
    for (const { rowid, name, data } of found) {
      const own = lines.of(JSON.parse(data) as Customer);
      const before = sql('SELECT own FROM customer_search WHERE rowid = ?').get(rowid) as { own: string } | undefined;
      if (before?.own === own) continue;
      sql('DELETE FROM customer_search WHERE rowid = ?').run(rowid);
      writeLine(sql, rowid, name, own);
    }
    const isDone = found.length < rows;
    sql('UPDATE own_index SET upto = ?').run(isDone ? null : (found.at(-1)?.rowid ?? null));
    return isDone;
  });
  return run.immediate();
}
