import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { searchQuery } from '../../../src/shared/search-text.ts';
import type { SyncRow } from '../../../src/shared/sync-wire.ts';
import { applyRows, createApplier } from '../../../src/sync/apply.ts';
import type { Statement, WritableDb } from '../../../src/sync/sql-db.ts';
import { type DeskDbs, openDeskDbs } from '../../fakes/desk-db.ts';
import { AT, customerRow, deletion, idOf, noteRow } from '../../fakes/sync-rows.ts';

let dbs: DeskDbs;
beforeEach(() => {
  dbs = openDeskDbs();
});
const apply = (...rows: SyncRow[]) => dbs.cache.transaction(() => applyRows(dbs.cache, rows)).immediate();
const names = () => dbs.cache.prepare('SELECT name FROM customer ORDER BY id').pluck().all();
const notes = () => dbs.cache.prepare('SELECT id FROM note ORDER BY id').pluck().all();
const found = (text: string) =>
  dbs.cache
    .prepare(
      `SELECT c.name FROM customer_search s JOIN customer c ON c.rowid = s.rowid
       WHERE customer_search MATCH ? ORDER BY c.name`,
    )
    .pluck()
    .all(searchQuery(text).match);

describe('confirmed rows', () => {
  test('S10 an older version never replaces a newer one', () => {
    apply(customerRow(idOf(1), '김새것', 3));
    apply(customerRow(idOf(1), '김옛것', 2), customerRow(idOf(1), '김같은것', 3));
    expect(names()).toEqual(['김새것']);
  });

  test('S12 an e-mail address is found as it is now, and leaves with its contact point or its customer', () => {
    const contact = (id: string, customerId: string, value: string, version: number, kind = 'email'): SyncRow => {
      const data = { id, customerId, kind, value, e164: null, last8: null, label: null, primary: false };
      return { table: 'contact_point', id, version, deleted: false, data } as SyncRow;
    };
    const lines = () => dbs.cache.prepare('SELECT value FROM email_search ORDER BY value').pluck().all();
    apply(customerRow(idOf(1), '홍길동', 1), customerRow(idOf(2), '김영희', 1));
    apply(contact(idOf(21), idOf(1), 'old@example.com', 1), contact(idOf(22), idOf(1), 'gone@example.com', 1));
    apply(contact(idOf(23), idOf(2), 'yh@example.com', 1), contact(idOf(24), idOf(2), '서울', 1, 'address'));
    apply(contact(idOf(21), idOf(1), 'new@example.com', 2), deletion('contact_point', idOf(22), 2));
    expect(lines()).toEqual(['new@example.com', 'yh@example.com']);
    apply(contact(idOf(24), idOf(2), 'was-address@example.com', 2), contact(idOf(21), idOf(1), '서울', 3, 'address'));
    expect(lines()).toEqual(['was-address@example.com', 'yh@example.com']);
    apply(deletion('customer', idOf(2), 2));
    expect(lines()).toEqual([]);
    expect(dbs.cache.prepare('SELECT count(*) FROM email_line').pluck().get()).toBe(0);
  });

  test('S10 S11 S12 in any order, any number of times, the newest version is what is there', {
    timeout: 60_000,
  }, () => {
    const history = [
      customerRow(idOf(1), '홍길동', 1),
      customerRow(idOf(1), '홍길순', 2),
      deletion('customer', idOf(2), 3),
      customerRow(idOf(2), '김영희', 1),
      customerRow(idOf(2), '김영자', 2),
      noteRow(idOf(11), idOf(1), 'first', 1),
      noteRow(idOf(11), idOf(1), 'second', 2),
      noteRow(idOf(12), idOf(2), 'about somebody deleted', 1),
      deletion('note', idOf(13), 2),
      noteRow(idOf(13), idOf(1), 'deleted', 1),
    ];
    fc.assert(
      fc.property(fc.array(fc.nat(history.length - 1), { maxLength: 20 }), fc.nat(3), (indexes, cut) => {
        dbs = openDeskDbs();
        const all = [...indexes, ...fc.sample(fc.shuffledSubarray([...history.keys()], { minLength: 10 }), 1).flat()];
        const rows = all.map((i) => history[i] as SyncRow);
        for (let at = 0; at < rows.length; at += cut + 1) apply(...rows.slice(at, at + cut + 1));
        expect(names()).toEqual(['홍길순']);
        expect(notes()).toEqual([idOf(11)]);
        expect(dbs.cache.prepare('SELECT version FROM note').pluck().all()).toEqual([2]);
        expect(dbs.cache.prepare('SELECT count(*) FROM customer_search').pluck().get()).toBe(1);
        expect(found('길순')).toEqual(['홍길순']);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test('S11 a deleted customer takes their rows along, and comes back only by a newer version', () => {
    apply(customerRow(idOf(1), '홍길동'), noteRow(idOf(11), idOf(1), 'old'));
    const change = apply(deletion('customer', idOf(1), 2));
    expect([...change.deletedCustomerIds]).toEqual([idOf(1)]);
    expect([names(), notes(), found('길동')]).toEqual([[], [], []]);
    apply(noteRow(idOf(12), idOf(1), 'late'));
    expect(notes()).toEqual([]);
    apply(noteRow(idOf(12), idOf(1), 'back in scope', 2), customerRow(idOf(1), '홍길동', 3));
    expect([names(), notes()]).toEqual([['홍길동'], [idOf(12)]]);
  });

  test('S11 S15 a row that goes over to a customer who is not here any more goes with them, in whatever order it is told', () => {
    apply(customerRow(idOf(1), '홍길동', 1), noteRow(idOf(11), null, 'of nobody yet', 1));
    apply(deletion('customer', idOf(1), 2));
    apply(noteRow(idOf(11), idOf(1), 'of them', 2));
    expect(notes()).toEqual([]);
    // Nothing older takes it away from somebody who is here.
    apply(
      customerRow(idOf(2), '김영희', 1),
      noteRow(idOf(12), idOf(2), 'of another', 3),
      noteRow(idOf(12), idOf(1), 'old', 2),
    );
    expect(notes()).toEqual([idOf(12)]);
  });

  test('S12 a renamed customer is found by the new name only, by two syllables and by 초성', () => {
    apply(customerRow(idOf(1), '홍길동'), customerRow(idOf(2), '박나래'));
    apply(customerRow(idOf(1), '홍판서', 2));
    expect(found('길동')).toEqual([]);
    expect(found('판서')).toEqual(['홍판서']);
    expect(found('ㅎㅍㅅ')).toEqual(['홍판서']);
  });

  test('tells the customers whose picture changed, also the one whom a row leaves', () => {
    apply(customerRow(idOf(1), '홍길동'), customerRow(idOf(2), '박나래'), noteRow(idOf(11), idOf(1), 'whose?'));
    const change = apply(noteRow(idOf(11), idOf(2), 'hers', 2));
    expect([...change.customerIds].sort()).toEqual([idOf(1), idOf(2)]);
  });

  test('every table of the wire has its columns', () => {
    const of = { id: idOf(50), customerId: idOf(1) };
    const rows = [
      {
        table: 'disposition',
        data: { id: idOf(50), code: 'done', label: { ko: '완료', en: 'Done' }, key: '1', order: 1, active: true },
      },
      {
        table: 'contact_point',
        data: {
          ...of,
          kind: 'phone',
          value: '010-0000-1234',
          e164: '+821000001234',
          last8: '00001234',
          label: null,
          primary: true,
        },
      },
      { table: 'do_not_call', data: { id: idOf(50), e164: '+821000001234', listedAt: AT } },
      {
        table: 'case',
        data: {
          ...of,
          number: '1',
          subject: 's',
          status: 'open',
          priority: 'low',
          openedAt: AT,
          dueAt: null,
          ownerName: null,
        },
      },
      {
        table: 'promise',
        data: { ...of, interactionId: null, what: 'w', dueAt: AT, byAgentId: null, byAgentName: 'A', status: 'open' },
      },
    ].map((row) => ({ ...row, id: idOf(50), version: 1, deleted: false })) as SyncRow[];
    apply(customerRow(idOf(1), '홍길동'), ...rows);
    expect(dbs.cache.prepare('SELECT last8 FROM contact_point').pluck().get()).toBe('00001234');
    expect(dbs.cache.prepare('SELECT status, due_at FROM promise').raw().get()).toEqual(['open', AT]);
    expect(dbs.cache.prepare('SELECT count(*) FROM "case" WHERE status = ?').pluck().get('open')).toBe(1);
    expect(dbs.cache.prepare('SELECT e164 FROM do_not_call').pluck().get()).toBe('+821000001234');
  });
});

describe('snapshot pages', () => {
  test('S14 a page replaces its stretch whatever the versions were, and nothing beside it', () => {
    apply(...[1, 2, 3, 4].map((n) => customerRow(idOf(n), `옛손님${n}`, 9)));
    const range = { table: 'customer', after: idOf(1), upTo: idOf(3) } as const;
    createApplier(dbs.cache).applyRange(range, [customerRow(idOf(2), '새손님', 1)], new Set());
    expect(names()).toEqual(['옛손님1', '새손님', '옛손님4']);
    expect(found('옛손')).toEqual(['옛손님1', '옛손님4']);
  });

  test('S14 rows that a reply wrote after the page was asked for stay', () => {
    apply(noteRow(idOf(11), null, 'from a reply', 2));
    const fresh = new Set([`note/${idOf(11)}`]);
    const applier = createApplier(dbs.cache);
    applier.applyRange({ table: 'note', after: null, upTo: null }, [], fresh);
    expect(notes()).toEqual([idOf(11)]);
    applier.applyRange({ table: 'note', after: null, upTo: null }, [noteRow(idOf(11), null, 'older', 1)], fresh);
    expect(dbs.cache.prepare('SELECT version FROM note').pluck().get()).toBe(2);
  });

  test('S39 a stretch that holds nothing yet takes twenty rows in a statement, and the same rows as one by one', () => {
    const page = Array.from({ length: 103 }, (_, n) => noteRow(idOf(1000 + n), idOf(1 + (n % 5)), `note ${n}`, 1 + n));
    const range = { table: 'note', after: null, upTo: null } as const;
    const held = () => dbs.cache.prepare('SELECT * FROM note ORDER BY id').raw().all();
    const { db, inserts } = countingInserts(dbs.cache);
    const applier = createApplier(db);
    applier.applyRange(range, page, new Set());
    expect(inserts()).toBe(5 + 3);
    const many = held();
    // Now the stretch holds rows: one at a time, over what is there.
    applier.applyRange(range, page, new Set());
    expect(inserts()).toBe(8 + 103);
    expect(many).toHaveLength(103);
    expect(held()).toEqual(many);
  });

  test('S11 S39 many rows in a statement: what was deleted since stays away', () => {
    apply(deletion('note', idOf(1007), 9), deletion('customer', idOf(3), 9));
    const page = Array.from({ length: 60 }, (_, n) => noteRow(idOf(1000 + n), idOf(1 + (n % 5)), `note ${n}`, 1));
    createApplier(dbs.cache).applyRange({ table: 'note', after: null, upTo: null }, page, new Set());
    const expected = page.filter((_, n) => n !== 7 && n % 5 !== 2).map((row) => row.id);
    expect(notes()).toEqual(expected);
  });
});

/** The same database, with a count of how often an INSERT ran. */
function countingInserts(cache: DeskDbs['cache']): { db: WritableDb; inserts: () => number } {
  let count = 0;
  const prepare = (sql: string): Statement => {
    const statement: Statement = cache.prepare<unknown[]>(sql);
    const run: Statement['run'] = (...params) => {
      if (sql.startsWith('INSERT')) count += 1;
      return statement.run(...params);
    };
    return { run, get: (...params) => statement.get(...params), all: (...params) => statement.all(...params) };
  };
  const transaction: WritableDb['transaction'] = (work) => cache.transaction(work);
  return { db: { prepare, exec: (sql) => cache.exec(sql), transaction }, inserts: () => count };
}
