import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dueTime, fieldOfInstant, instantOfField } from '../../../src/renderer/screens/ledger/due-times.ts';
import { dueNow, isWarning, overdueOf } from '../../../src/renderer/stores/ledger-store.ts';
import type { LedgerItem } from '../../../src/shared/contract-follow-up.ts';
import { clocksOf, ledgerOf } from '../../fakes/ledger-fixtures.ts';
import { readyWorld, type World } from './world.ts';

/** Long enough for a machine that does something else, too. */
const SOON = { timeout: 15_000, interval: 20 };

const AT = new Date(2026, 10, 23, 14, 3).getTime();
const MINUTE = 60_000;
const local = (...parts: [number, number, number, number, number?]) => new Date(...parts).getTime();

describe('by when', () => {
  test("a chip means a moment of this desk's calendar, never one that is past", () => {
    expect(dueTime('hour', AT)).toBe(local(2026, 10, 23, 15, 5));
    expect(dueTime('evening', AT)).toBe(local(2026, 10, 23, 18));
    expect(dueTime('evening', local(2026, 10, 23, 18))).toBe(local(2026, 10, 24, 18));
    expect(dueTime('tomorrow', AT)).toBe(local(2026, 10, 24, 10));
    expect(dueTime('three_days', local(2026, 11, 30, 9))).toBe(local(2027, 0, 2, 10));
    expect(dueTime('week', AT)).toBe(local(2026, 10, 30, 10));
  });

  test("a time of one's own is the moment that the field shows; no time is none", () => {
    expect(instantOfField(fieldOfInstant(AT))).toBe(new Date(AT).toISOString());
    expect(instantOfField('')).toBeNull();
    expect(instantOfField('2026-13-40T99:99')).toBeNull();
  });
});

describe('what is due', () => {
  const items = ledgerOf(AT);
  const ids = (found: readonly LedgerItem[]) => found.map((item) => (item.type === 'promise' ? item.promise.what : ''));

  test('is said at its time, a callback a little before; what is long overdue is counted and nags nobody', () => {
    expect(ids(dueNow({ mine: items, seen: new Set() }, AT))).toEqual(['요금제 비교 안내']);
    expect(ids(dueNow({ mine: items, seen: new Set() }, AT - 3 * MINUTE))).toEqual(['요금제 비교 안내']);
    expect(dueNow({ mine: items, seen: new Set() }, AT - 4 * MINUTE)).toEqual([]);
    expect(ids(dueNow({ mine: items, seen: new Set() }, AT + 180 * MINUTE))).toEqual(['가족 결합 서류 확인']);
    expect(overdueOf(items, AT)).toBe(2);
  });
});

test('a case is said when its clock warns and once more when its time is over; one that waits for the customer is not', () => {
  const [item] = clocksOf(AT);
  if (item?.type !== 'case') throw new Error('no case');
  const due = Date.parse(item.case.clock?.nextBy ?? '');
  const warn = Date.parse(item.case.clock?.warnFrom ?? '');
  const seen = new Set<string>();
  const store = { mine: [item], seen };
  expect(dueNow(store, warn - 1)).toEqual([]);
  expect(dueNow(store, warn)).toEqual([item]);
  expect(isWarning(item, warn)).toBe(true);
  const after = { mine: [item], seen: new Set([`${item.case.id} ${item.case.clock?.nextBy} soon`]) };
  expect(dueNow(after, due - 1)).toEqual([]);
  expect(dueNow(after, due)).toEqual([item]);
  expect(isWarning(item, due)).toBe(false);
  const still = clocksOf(AT).find((one) => one.type === 'case' && one.case.clock?.waitingSince);
  expect(still && dueNow({ mine: [still], seen }, AT + 1_000_000_000)).toEqual([]);
});

describe('the ledger of a desk', () => {
  let world: World;
  beforeEach(async () => {
    world = await readyWorld();
  });
  afterEach(() => world.close());

  test('is read when somebody signs in and again when a customer changes, once for many changes', async () => {
    const reads = () => world.host.state.heard.filter((name) => name === 'followUp.ledger').length;
    await vi.waitFor(() => expect(world.desk.ledger.store.getState().state).toBe('ready'), SOON);
    const before = reads();
    world.host.state.ledger = ledgerOf(AT);
    for (let n = 0; n < 20; n += 1) world.host.emit({ type: 'customers_changed', customerIds: [], all: true });
    await vi.waitFor(() => expect(world.desk.ledger.store.getState().mine).toHaveLength(4), SOON);
    expect(reads()).toBe(before + 1);
  });

  test('a reminder that was seen is silent until the time is another one; the next agent sees nothing of it', async () => {
    world.host.state.ledger = ledgerOf(AT);
    await world.desk.ledger.read();
    const { store, dismiss, clear } = world.desk.ledger;
    const [due] = dueNow(store.getState(), AT);
    if (due?.type !== 'promise') throw new Error('nothing is due');
    dismiss(due, AT);
    expect(dueNow(store.getState(), AT)).toEqual([]);
    const putOff = { ...due, promise: { ...due.promise, dueAt: new Date(AT + MINUTE).toISOString() } };
    expect(dueNow({ ...store.getState(), mine: [putOff] }, AT + MINUTE)).toEqual([putOff]);
    clear();
    expect(store.getState()).toMatchObject({ mine: [], state: 'unread' });
  });

  test('an act that the disk refuses is told and not made to look kept', async () => {
    world.host.state.failing.set('followUp.changePromise', { code: 'DISK_FULL', next: 'free-disk-space' });
    const id = '01a2054f-e791-72f5-b2b1-bd977c382229';
    const act = { promiseId: id, customerId: id, callId: null, change: { status: 'kept' as const }, why: null };
    const problem = await world.desk.ledger.run((api) => api.changePromise(act));
    expect(problem).toMatchObject({ code: 'DISK_FULL', next: 'free-disk-space' });
    expect(world.host.state.followUps).toEqual([]);
  });
});
