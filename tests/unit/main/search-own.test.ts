import { beforeEach, describe, expect, test } from 'vitest';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { createCustomer } from '../../../src/main/customer-acts.ts';
import { updateCustomer } from '../../../src/main/customer-edit.ts';
import { keepOwnIndex } from '../../../src/main/keep-own-index.ts';
import { searchCustomers } from '../../../src/main/search.ts';
import type { Customer, CustomField, CustomValues } from '../../../src/shared/customer.ts';
import type { NarrowBy } from '../../../src/shared/customer-search.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { SyncRow } from '../../../src/shared/sync-wire.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { indexSlice } from '../../../src/sync/own-index.ts';
import { accessLog, openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { hostileStrings } from '../../fakes/hostile-strings.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

let desk: TestContext;
let version = 1;

const ids: Record<string, string> = {};
const names: Record<string, string> = {};
for (const key of ['INTERESTS', 'KNOWS', 'CAR', 'LINES']) ids[key] = newId();
const FIELDS: readonly CustomField[] = [
  {
    ...{ id: ids.INTERESTS ?? '', entity: 'customer', key: 'interests', type: 'choices', order: 1, searchable: true },
    ...{ label: { ko: '관심사', en: 'Interests' }, choices: ['골프', '여행', '영화/음악', 'C++', 'C#'] },
    choiceNames: { 골프: { ko: '골프', en: 'Golf' }, 여행: { ko: '여행', en: 'Travel abroad' } },
  },
  {
    ...{ id: ids.KNOWS ?? '', entity: 'customer', key: 'x_Bill', type: 'choice', order: 2, searchable: true },
    ...{ label: { ko: '청구서 수령', en: 'Bill by' }, choices: ['우편', '이메일'] },
  },
  {
    ...{
      id: ids.CAR ?? '',
      entity: 'customer',
      key: 'car',
      type: 'text',
      order: 3,
      searchable: true,
      sensitive: false,
    },
    ...{ label: { ko: '차량', en: 'Car' }, choices: [] },
  },
  {
    ...{ id: ids.LINES ?? '', entity: 'customer', key: 'lines', type: 'number', order: 4, searchable: true },
    ...{ label: { ko: '회선 수', en: 'Lines' }, choices: [] },
  },
];

beforeEach(() => {
  desk = openTestContext();
  version = 1;
  desk.cache.exec('DELETE FROM custom_field');
  define(FIELDS);
  while (!indexSlice(desk.cache, 100));
  person('a', '김가나', { interests: ['골프', '여행'], x_Bill: '우편', car: '파란 트럭 12가3456', lines: 1200 });
  person('b', '이다라', { interests: ['골프'], lines: 12 });
  person('c', '박마바', { interests: ['영화/음악', 'C++'], lines: 3 });
  person('d', '골프왕', { interests: ['C#'] });
});

function apply(...rows: [table: string, id: string, data: object][]): void {
  version += 1;
  const whole = rows.map(([table, id, data]) => ({ table, id, version, deleted: false, data }) as SyncRow);
  desk.cache.transaction(() => applyRows(desk.cache, whole)).immediate();
}
const define = (fields: readonly CustomField[]) =>
  apply(...fields.map((field): [string, string, object] => ['custom_field', field.id, field]));
function like(): Customer {
  const row = desk.cache.prepare('SELECT data FROM customer WHERE id = ?').get(SAMPLE.gold.id) as { data: string };
  return JSON.parse(row.data) as Customer;
}
function person(key: string, name: string, custom: CustomValues, more: Partial<Customer> = {}): void {
  ids[key] ??= newId();
  names[ids[key] ?? ''] = key;
  const customerNumber = `X-9${'abcde'.indexOf(key)}`;
  apply(['customer', ids[key] ?? '', { ...like(), id: ids[key], customerNumber, name, custom, ...more }]);
}
const upto = () => (desk.cache.prepare('SELECT upto FROM own_index').get() as { upto: number | null }).upto;
const idOf = (key: string) => ids[key] ?? '';
const find = (text: string, narrow: NarrowBy[] = []) => searchCustomers(desk, text, narrow);
const found = (text: string, narrow: NarrowBy[] = []) => find(text, narrow).candidates.map(({ id }) => names[id] ?? id);
const golf = { key: 'interests', value: '골프' };
const travel = { key: 'interests', value: '여행' };
const edit = (key: string, value: CustomValues[string], field = 'interests') =>
  updateCustomer(desk, createCustomerDoor(desk), {
    customerId: idOf(key),
    changes: [{ field: `custom.${field}`, value }],
  });

describe('somebody is found by an own field', () => {
  test.each<[string, string[], string]>([
    ['여행', ['a'], '여행'],
    ['travel', ['a'], '여행'],
    ['abroad', ['a'], '여행'],
    ['ㅇㅎ', ['a', 'c'], '여행'],
    ['음악', ['c'], '영화/음악'],
    ['트럭', ['a'], '파란 트럭 12가3456'],
    ['3456', ['a'], '파란 트럭 12가3456'],
    ['ㅌㄹ', ['a'], '파란 트럭 12가3456'],
    ['우편', ['a'], '우편'],
    ['1200', ['a'], '1200'],
    ['1,200', ['a'], '1200'],
    ['회선:12', ['a', 'b'], '1200'],
    ['관심사:여', ['a'], '여행'],
    ['interests: travel', ['a'], '여행'],
    ['차량=트럭', ['a'], '파란 트럭 12가3456'],
    ['차량:여행', [], ''],
  ])('%s', (text, wanted, said) => {
    const of = (key: string) => find(text).candidates.find(({ id }) => id === idOf(key));
    const mine = found(text).filter((key) => 'abcd'.includes(key));
    expect(mine.toSorted()).toEqual(wanted);
    if (said) expect(of('a')?.foundOwn?.value.ko ?? of('c')?.foundOwn?.value.ko).toBe(said);
  });

  test('behind those who are called so, with the field and what it says in both languages', () => {
    const all = find('골프').candidates;
    expect(names[all[0]?.id ?? '']).toBe('d');
    expect(all[0]).not.toHaveProperty('foundOwn');
    expect(
      all
        .slice(1)
        .map(({ id }) => names[id])
        .toSorted(),
    ).toEqual(['a', 'b']);
    const label = { ko: '관심사', en: 'Interests' };
    expect(all[1]?.foundOwn).toEqual({ label, value: { ko: '골프', en: 'Golf' } });
    expect(accessLog(desk).at(-1)).toMatchObject({ action: 'search', customerId: null, context: 'found 3' });
  });

  test('signs do not make two choices one, nor two fields', () => {
    expect(found('', [{ key: 'interests', value: 'C#' }])).toEqual(['d']);
    expect(found('', [{ key: 'interests', value: 'C++' }])).toEqual(['c']);
    person('e', '정사아', { interests: ['우편'] });
    expect(found('', [{ key: 'x_Bill', value: '우편' }])).toEqual(['a']);
  });

  test('by what the field says now, when the centre says that it changed, and no more by what it said', () => {
    person('b', '이다라', { interests: ['여행'], lines: 77 });
    expect(found('', [travel]).toSorted()).toEqual(['a', 'b']);
    expect(found('', [golf])).toEqual(['a']);
    expect(find('', [golf])).toMatchObject({ count: { n: 1 } });
    expect(found('회선:77')).toEqual(['b']);
  });

  test('a choice has its new name at once, with nothing to be cut again', () => {
    const [interests] = FIELDS;
    if (!interests) throw new Error('no field');
    define([{ ...interests, choiceNames: { 골프: { ko: '필드', en: 'Fairway' } } }]);
    expect(indexSlice(desk.cache, 1)).toBe(true);
    expect(found('fairway').toSorted()).toEqual(['a', 'b']);
  });

  test('offline: one created here, and one in whom it was changed here, at once; who is not so any more is not found', () => {
    const customerId = newId();
    createCustomer(desk, createCustomerDoor(desk), {
      ...{ customerId, name: '새고객', kind: 'person', language: 'ko', callId: null, phone: '010-0000-4321' },
    });
    names[customerId] = 'new';
    ids.new = customerId;
    edit('new', ['여행']);
    edit('c', ['영화/음악', 'C++', '여행']);
    edit('a', ['골프']);
    expect(found('travel').toSorted()).toEqual(['c', 'new']);
    expect(find('', [travel])).toMatchObject({ count: { n: 2, atLeast: false } });
    expect(found('', [travel]).toSorted()).toEqual(['c', 'new']);
    expect(found('새고', [travel])).toEqual(['new']);
    expect(found('4321', [travel])).toEqual(['new']);
  });

  test('never by what is masked: not by a text that is, nor one that became so, whatever the index still says', () => {
    const car = FIELDS[2];
    if (!car) throw new Error('no field');
    const { sensitive: _, ...masked } = car;
    define([masked]);
    expect(found('트럭')).toEqual([]);
    expect(find('차량:트럭').offers).toBeUndefined();
    expect(() => find('', [{ key: 'car', value: '트럭' }])).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    while (!indexSlice(desk.cache, 100));
    const lines = desk.cache.prepare('SELECT own FROM customer_search').all() as { own: string }[];
    expect(lines.filter(({ own }) => /\bcarx/.test(own))).toEqual([]);
  });

  test('300 hostile strings as what is asked, as a condition and as what a field says: nothing fails', () => {
    for (const text of hostileStrings()) {
      const cut = text.slice(0, 90);
      expect(() => find(cut)).not.toThrow();
      expect(() => find(`차량:${cut}`)).not.toThrow();
      if (cut !== '') expect(() => find('', [{ key: 'car', value: cut }])).not.toThrow();
      person('e', '정사아', { car: text.slice(0, 2000), interests: [text.slice(0, 100)] });
    }
  });
});

describe('a list by own fields', () => {
  test('several conditions, a name, digits beside; as many as there are', () => {
    expect(find('', [golf])).toMatchObject({ count: { n: 2, atLeast: false }, more: false });
    expect(found('', [golf]).toSorted()).toEqual(['a', 'b']);
    expect(found('', [golf, travel])).toEqual(['a']);
    expect(found('', [golf, { key: 'lines', value: '12' }])).toEqual(['b']);
    expect(found('', [golf, { key: 'car', value: '트럭' }])).toEqual(['a']);
    expect(found('이다', [golf])).toEqual(['b']);
    expect(found('X-90', [golf])).toEqual(['a']);
    expect(found('X-92', [golf])).toEqual([]);
    expect(find('', [{ key: 'interests', value: '낚시' }])).toMatchObject({ candidates: [], count: { n: 0 } });
    expect(() => find('', [{ key: 'nothing', value: 'x' }])).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });

  test('whoever was merged is not counted beside the one they are', () => {
    const mergedInto = { customerId: idOf('a'), mergeId: newId(), byId: newId(), byName: '김', at: like().createdAt };
    person('b', '이다라', { interests: ['골프'] }, { mergedInto });
    expect(find('', [golf])).toMatchObject({ count: { n: 1 } });
    expect(found('', [golf])).toEqual(['a']);
  });

  test('more than are counted is said to be at least so many', () => {
    const rows = Array.from({ length: 1001 }, (_, n): [string, string, object] => {
      const id = newId();
      return [
        'customer',
        id,
        { ...like(), id, customerNumber: `M-${n}`, name: '많음', custom: { interests: ['골프'] } },
      ];
    });
    apply(...rows);
    expect(find('', [golf])).toMatchObject({ count: { n: 1000, atLeast: true }, more: true });
    expect(find('', [golf]).candidates).toHaveLength(20);
  });

  test('what could be meant is offered: choices by their name, a field by its own, words for a text that was named', () => {
    const offered = (text: string, narrow: NarrowBy[] = []) =>
      find(text, narrow).offers?.map(({ key, value }) => `${key}=${value}`) ?? [];
    expect(offered('골')).toEqual(['interests=골프']);
    expect(offered('ㄱㅍ')).toEqual(['interests=골프']);
    expect(offered('관심사')).toEqual(['골프', '여행', '영화/음악', 'C++', 'C#'].map((one) => `interests=${one}`));
    expect(offered('관심사:', [golf])).not.toContain('interests=골프');
    expect(offered('차량: 트럭 ')).toEqual(['car=트럭']);
    expect(offered('회선:1,200')).toEqual(['lines=1200']);
    expect(offered('트럭')).toEqual([]);
    expect(offered('')).toEqual([]);
    expect(find('golf').offers).toMatchObject([{ label: { ko: '관심사' }, name: { ko: '골프', en: 'Golf' } }]);
  });
});

describe('S16 fields that are chosen later', () => {
  const unmarked = FIELDS.map(({ searchable: _, ...field }) => field);
  beforeEach(() => {
    define(unmarked);
    while (!indexSlice(desk.cache, 1000));
  });

  test('S16 all lines are cut again in slices, and say so meanwhile; cut anywhere, it goes on where it stood', () => {
    expect(found('travel')).toEqual([]);
    expect(find('travel').indexing).toBeUndefined();
    define(FIELDS);
    expect(find('travel').indexing).toBe(true);
    let slices = 0;
    while (!indexSlice(desk.cache, 2)) {
      slices += 1;
      if (slices === 2) {
        // The host dies within a slice: nothing of it is there, and what was done before is.
        const before = upto();
        const cut = desk.cache.transaction(() => {
          indexSliceWithin();
          throw new Error('cut');
        });
        expect(() => cut.immediate()).toThrow('cut');
        expect(upto()).toBe(before);
      }
    }
    const { n } = desk.cache.prepare('SELECT count(*) AS n FROM customer').get() as { n: number };
    expect(slices).toBe(Math.floor(n / 2));
    expect(found('travel')).toEqual(['a']);
    expect(found('김가')).toEqual(['a']);
    expect(find('travel').indexing).toBeUndefined();
  });

  test('S16 whoever comes or changes meanwhile is found at once', () => {
    define(FIELDS);
    person('e', '정사아', { interests: ['여행'] });
    expect(found('travel')).toEqual(['e']);
    while (!indexSlice(desk.cache, 3));
    expect(found('travel').toSorted()).toEqual(['a', 'e']);
  });

  test('S16 beside the work of the desk, and not while a first load writes', async () => {
    let isFilling = true;
    const keeper = keepOwnIndex(desk.cache, desk.clock, () => isFilling);
    define(FIELDS);
    keeper.wake();
    await desk.clock.advance(60_000);
    expect(found('travel')).toEqual([]);
    isFilling = false;
    await desk.clock.advance(60_000);
    expect(found('travel')).toEqual(['a']);
    define(unmarked);
    keeper.wake();
    keeper.close();
    await desk.clock.advance(60_000);
    expect(upto()).toBe(0);
  });

  test('S16 a cache of nobody has nothing to cut again', () => {
    desk.cache.exec('DELETE FROM customer_search; DELETE FROM customer');
    define(FIELDS);
    expect(upto()).toBe(null);
  });
});

/** A slice within a transaction that is open already. */
function indexSliceWithin(): void {
  const inside = {
    ...desk.cache,
    prepare: desk.cache.prepare,
    transaction: <T>(work: () => T) => ({ immediate: work }),
  };
  indexSlice(inside, 2);
}
