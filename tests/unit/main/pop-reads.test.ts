import { beforeEach, describe, expect, test } from 'vitest';
import { type CustomerDoor, createCustomerDoor } from '../../../src/main/customer-360.ts';
import { pickCustomer } from '../../../src/main/customer-acts.ts';
import { mergeCustomers, splitCustomer } from '../../../src/main/merges.ts';
import { saveNote } from '../../../src/main/notes.ts';
import { newId } from '../../../src/shared/ids.ts';
import { findOperation, type OperationRow } from '../../../src/sync/outbox.ts';
import { waitsForRefused } from '../../../src/sync/outbox-batch.ts';
import {
  readPendingCustomers,
  readPendingFollowUps,
  readPendingMark,
  readPendingOfCustomer,
  readPendingPicks,
} from '../../../src/sync/outbox-reads.ts';
import { readPendingMerges, readPendingSplits } from '../../../src/sync/pending-merges.ts';
import type { ReadableDb, Statement } from '../../../src/sync/sql-db.ts';
import { openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const { gold, husband, wife, quiet } = SAMPLE;
let desk: TestContext;
let door: CustomerDoor;
beforeEach(() => {
  desk = openTestContext();
  door = createCustomerDoor(desk);
});

/** What is asked of the outbox while `work` runs, in its order. */
function asked(work: (outbox: ReadableDb) => unknown): string[] {
  const { outbox } = desk;
  const statements: string[] = [];
  const heard = { ...outbox, prepare: (sql: string) => hear(outbox.prepare(sql), () => statements.push(sql)) };
  desk.outbox = heard as typeof outbox;
  work(desk.outbox);
  desk.outbox = outbox;
  return statements;
}

function hear(statement: Statement, tell: () => void): Statement {
  const heard = <T>(ask: (...params: unknown[]) => T) => {
    return (...params: unknown[]): T => {
      tell();
      return ask.apply(statement, params);
    };
  };
  return { run: heard(statement.run), get: heard(statement.get), all: heard(statement.all) };
}

const planOf = (sql: string): string =>
  (
    desk.outbox
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...Array.from({ length: sql.split('?').length - 1 }, () => '[]')) as { detail: string }[]
  )
    .map(({ detail }) => detail)
    .join('; ');

describe('what waits for the centre is found by an index, however much waits', () => {
  test.each([
    ['merges', readPendingMerges],
    ['splits', readPendingSplits],
    ['picks', (outbox: ReadableDb) => readPendingPicks(outbox, husband.phone)],
    ['customers', (outbox: ReadableDb) => readPendingCustomers(outbox)],
    ['promises and cases', readPendingFollowUps],
  ])('%s by their kind', (_, read) => {
    const statements = asked(read);
    expect(statements).toHaveLength(1);
    for (const sql of statements) expect(planOf(sql)).toMatch(/^SEARCH operation USING INDEX operation_kind/);
  });

  test('the acts of one row, of one customer and of one call by theirs', () => {
    for (const sql of asked((outbox) => findOperation(outbox, 'note.save', newId()))) {
      expect(planOf(sql)).toMatch(/USING INDEX operation_row/);
    }
    for (const sql of asked((outbox) => readPendingMark(outbox, newId()))) {
      expect(planOf(sql)).toMatch(/USING INDEX operation_row/);
    }
    const note = { kind: 'note.save', interactionId: null } as unknown as OperationRow;
    const [refused] = asked((outbox) => waitsForRefused(outbox, desk.cache, note));
    expect(planOf(refused ?? '')).toMatch(/SEARCH other (EXISTS )?USING INDEX operation_row/);
    const [own] = asked((outbox) => readPendingOfCustomer(outbox, gold.id));
    expect(planOf(own ?? '')).toMatch(/INDEX operation_customer.*INDEX operation_interaction/);
  });
});

describe('a pop asks once who is whom', () => {
  const ring = (phone: string, customerRef: string | null = null) => {
    let match = '';
    const statements = asked(() => {
      match = door.openByPhone({ phone, customerRef, callId: newId(), direction: 'in' }).match;
    });
    const about = (kind: string) => statements.filter((sql) => sql.includes(`'${kind}'`)).length;
    return { match, merges: about('customer.merge'), splits: about('customer.split'), picks: about('phone.pick') };
  };

  test('one customer, by number and by reference', () => {
    saveNote(desk, { noteId: newId(), callId: null, customerId: gold.id, text: '기다리는 메모' });
    expect(ring(gold.phone)).toEqual({ match: 'one', merges: 1, splits: 1, picks: 0 });
    expect(ring(gold.phone, gold.number)).toEqual({ match: 'one', merges: 1, splits: 1, picks: 0 });
  });

  test('several on one number, and the one who was picked', () => {
    expect(ring(husband.phone)).toEqual({ match: 'several', merges: 1, splits: 0, picks: 1 });
    pickCustomer(desk, door, { phone: husband.phone, customerId: wife.id, callId: newId(), remember: true });
    expect(ring(husband.phone)).toEqual({ match: 'one', merges: 1, splits: 1, picks: 1 });
  });

  test('a customer who was merged and parted on this desk', () => {
    mergeCustomers(desk, door, { mergeId: newId(), customerId: gold.id, goneId: quiet.id, take: [] });
    const parted = { fromId: gold.id, name: '나눈 고객', contactPointIds: [], interactionIds: [] };
    splitCustomer(desk, door, { customerId: newId(), ...parted });
    expect(ring(quiet.phone)).toEqual({ match: 'one', merges: 1, splits: 1, picks: 0 });
  });
});
