import type { HostDb } from '../../../src/main/db/connection.ts';
import { INTEREST_FIELDS, interestsOf } from '../../../src/sandbox/customers/interests.ts';
import { readPhoneNumber } from '../../../src/shared/phone-number.ts';
import type { SyncRow, SyncTable } from '../../../src/shared/sync-wire.ts';
import { createApplier } from '../../../src/sync/apply.ts';
import { sampleRows } from '../../fakes/sample-set.ts';
import { pagesOf } from './pages-of.ts';

/*
 * A cache as a desk of a large business has it: every customer with a number and an e-mail address, a tenth of them with most of
 * the contacts, and the contacts of a customer scattered over the years among everybody else's.
 */
const CALLERS_EVERY = 10;
/** One in so many customers calls: these have 55 contacts, the others 5; ten each on average. */
export const CONTACTS_EACH = 10;
const CONTACTS_OF_OTHERS = 5;

const FAMILIES = '김이박최정강조윤장임한오서신권황안송전홍';
const FIRST = '민서지현수영호준하은우진도예시유재성동승태경상미혜선정';
const SECOND = '민서지현수영호준하은우진아연빈윤원희석훈철규';
const LATIN = [
  'minsu',
  'jiwoo',
  'seoyeon',
  'hajun',
  'doyun',
  'yuna',
  'sumin',
  'jihoon',
  'eunji',
  'taeho',
  'kyung',
  'sora',
];
const DOMAINS = ['example.com', 'example.co.kr', 'mail.example', 'example.net', 'post.example', 'example.org'];

const at = <T>(list: ArrayLike<T>, n: number): T => list[n % list.length] as T;
/** The same number scattered: neighbours do not stay together. */
const mixed = (n: number) => Math.imul(n ^ (n >>> 13), 0x5bd1e995) >>> 0;

export const millionId = (kind: number, n: number) =>
  `01990000-${String(kind).padStart(4, '0')}-7abc-8000-${n.toString(16).padStart(12, '0')}`;
export const millionName = (n: number) =>
  at(FAMILIES, mixed(n)) + at(FIRST, mixed(n + 7)) + at(SECOND, mixed(n + 1_000_003));
export const millionPhone = (n: number) => `010${String(n).padStart(8, '0')}`;
export const millionEmail = (n: number) =>
  `${at(LATIN, mixed(n))}.${at(LATIN, mixed(n + 5))}${n % 9973}@${at(DOMAINS, mixed(n + 11))}`;

/** What the business finds its customers by: several choices, some rare, and a text. */
const OWN_FIELDS = INTEREST_FIELDS.map((field, n) => ({ ...field, id: millionId(9, n) }));
const CAR = {
  ...{ id: millionId(9, 9), entity: 'customer', key: 'car', type: 'text', choices: [], order: 9 },
  ...{ label: { ko: '차량', en: 'Car' }, sensitive: false, searchable: true },
};
const millionCustom = (n: number) => ({ ...interestsOf(1, n, 'person'), car: millionCar(n) });
export const millionCar = (n: number) => `${at(COLOURS, mixed(n + 3))} ${at(CARS, mixed(n + 13))} ${mixed(n) % 9973}`;
const COLOURS = ['파란', '흰', '검은', '은색', '빨간'];
const CARS = ['트럭', '승용차', '승합차', '화물차', '경차', '밴'];

/** A row of a table, made like the sample's. */
function likeSample(): (table: SyncTable, id: string, more: object) => SyncRow {
  const template = sampleRows(Date.UTC(2026, 10, 23));
  const first = new Map(template.map((row) => [row.table, row]));
  return (table, id, more) =>
    ({ table, id, version: 1, deleted: false, data: { ...first.get(table)?.data, id, ...more } }) as SyncRow;
}

/** Whose the n-th of all contacts is. */
function customerOfContact(n: number, customers: number): number {
  const ofOthers = customers * CONTACTS_OF_OTHERS;
  return n < ofOthers ? n % customers : (n % (customers / CALLERS_EVERY)) * CALLERS_EVERY;
}

/**
 * Fills an empty cache. The index of the contacts is made at the end: theirs is a random order, and it is the generator that is in
 * a hurry here, not what is measured.
 * @param customers a multiple of 10.
 */
export function fillMillion(cache: HostDb, customers: number, tell: (rows: number) => void): void {
  const row = likeSample();
  const applier = createApplier(cache);
  const store = (rows: readonly SyncRow[]) => cache.transaction(() => applier.apply(rows)).immediate();
  cache.pragma('wal_autocheckpoint = 8000');
  store(sampleRows(Date.now()));
  store([...OWN_FIELDS, CAR].map((field) => row('custom_field', field.id, field)));
  pagesOf(
    customers,
    (n) => {
      const { e164, last8 } = readPhoneNumber(millionPhone(n));
      const id = millionId(1, n);
      const point = { customerId: id, label: null };
      return [
        row('customer', id, {
          customerNumber: `K-${n + 1_000_000}`,
          name: millionName(n),
          kind: 'person',
          custom: millionCustom(n),
        }),
        row('contact_point', millionId(2, n), { ...point, kind: 'phone', value: e164, e164, last8, primary: true }),
        row('contact_point', millionId(3, n), {
          ...point,
          kind: 'email',
          value: millionEmail(n),
          e164: null,
          last8: null,
          primary: false,
        }),
      ];
    },
    (rows) => {
      store(rows);
      tell(rows.length);
    },
  );
  fillContacts(cache, customers, tell, row);
}

const START = Date.UTC(2016, 0, 1);
const SPAN = Date.UTC(2026, 10, 1) - START;

function fillContacts(
  cache: HostDb,
  customers: number,
  tell: (rows: number) => void,
  row: ReturnType<typeof likeSample>,
): void {
  const total = customers * CONTACTS_EACH;
  const index = cache.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'interaction_customer'`).get() as {
    sql: string;
  };
  const insert = cache.prepare(
    'INSERT INTO interaction (id, version, customer_id, started_at, data) VALUES (?, 1, ?, ?, ?)',
  );
  cache.exec('DROP INDEX interaction_customer');
  for (let from = 0; from < total; from += 20_000) {
    const upTo = Math.min(total, from + 20_000);
    cache
      .transaction(() => {
        for (let n = from; n < upTo; n += 1) {
          const [id, customerId] = [millionId(4, n), millionId(1, customerOfContact(n, customers))];
          const startedAt = new Date(START + (SPAN * n) / total).toISOString();
          insert.run(id, customerId, startedAt, JSON.stringify(row('interaction', id, { customerId, startedAt }).data));
        }
      })
      .immediate();
    tell(upTo - from);
  }
  cache.exec(index.sql);
  const notes = cache.prepare(
    'INSERT INTO note (id, version, customer_id, interaction_id, at, data) VALUES (?, 1, ?, ?, ?, ?)',
  );
  // The callers' newest contacts have notes: what a pop reads.
  cache
    .transaction(() => {
      for (let n = total - customers / 2; n < total; n += 1) {
        const [id, customerId, interactionId] = [
          millionId(5, n),
          millionId(1, customerOfContact(n, customers)),
          millionId(4, n),
        ];
        const when = new Date(START + (SPAN * n) / total).toISOString();
        notes.run(
          id,
          customerId,
          interactionId,
          when,
          JSON.stringify(row('note', id, { customerId, interactionId, at: when }).data),
        );
      }
    })
    .immediate();
  tell(customers / 2);
}
