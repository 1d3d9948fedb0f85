import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { sampleCustomers } from '../../../src/sandbox/customers/generator.ts';
import { productRows } from '../../../src/sandbox/customers/products.ts';
import { doNotCallOf } from '../../../src/sandbox/customers/sample-customer.ts';
import { interactionsFor, type SampleOptions, type SampleRow } from '../../../src/sandbox/customers/sample-row.ts';
import { MESSAGE_SOURCES } from '../../../src/sandbox/setup/catalogue.ts';
import { isWaiting } from '../../../src/shared/message.ts';
import { readPhoneNumber } from '../../../src/shared/phone-number.ts';
import { SYNC_TABLES } from '../../../src/shared/sync-wire.ts';

const NOW = Date.parse('2026-11-22T09:00:00.000Z');
const STAFF = [
  { id: '019ae000-0000-7000-8000-000000000001', name: '박지민' },
  { id: '019ae000-0000-7000-8000-000000000002', name: '최수아' },
] as const;
const make = (options: Partial<SampleOptions>): SampleRow[] =>
  [...sampleCustomers({ seed: 7, from: 0, to: 600, now: NOW, interactions: 10, staff: STAFF, ...options })].flat();
const of = <T extends SampleRow['table']>(rows: SampleRow[], table: T) =>
  rows.flatMap((row) => (row.table === table ? [row.data as z.infer<(typeof SYNC_TABLES)[T]>] : []));

/** 010-0xxx-xxxx, +1 NXX 555-01XX and +44 7700 900XXX are given to nobody. */
const FICTIONAL = /^\+82100\d{7}$|^\+1\d{3}55501\d{2}$|^\+447700900\d{3}$/;

describe('sample customers', () => {
  it('are the same for the same seed, whoever is made before them, and others for another seed', () => {
    const all = make({ to: 60 });
    expect(make({ to: 60 })).toEqual(all);
    expect([...make({ to: 25 }), ...make({ from: 25, to: 60 })]).toEqual(all);
    const names = (rows: SampleRow[]) => of(rows, 'customer').map((customer) => customer.name);
    expect(names(make({ to: 60, seed: 8 }))).not.toEqual(names(all));
    expect(of(make({ to: 60, seed: 8 }), 'customer')[0]?.id).not.toBe(of(all, 'customer')[0]?.id);
  });

  it('fit the nouns, have one id each, and belong together', () => {
    const rows = make({});
    const ids = new Set(rows.map((row) => row.data.id));
    expect(ids.size).toBe(rows.length);
    const products = new Set(productRows(7).map((product) => product.id));
    for (const row of rows) {
      expect(SYNC_TABLES[row.table].safeParse(row.data).error, `${row.table}`).toBeUndefined();
      if ('customerId' in row.data) expect(ids.has(row.data.customerId ?? '')).toBe(true);
      if (row.table === 'holding') expect(products.has(row.data.productId)).toBe(true);
      if (row.table === 'note') expect(ids.has(row.data.interactionId ?? '')).toBe(true);
    }
  });

  it('wrote in the form of the web shop and in its chat: most is answered, and what is of today may wait', () => {
    const written = of(make({ to: 2000 }), 'interaction').filter(({ message }) => message);
    const waiting = written.filter((row) => isWaiting(row));
    for (const channel of ['web', 'message'] as const) {
      expect(written.filter((row) => row.channel === channel).length).toBeGreaterThan(100);
    }
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting.length).toBeLessThan(50);
    for (const { channel, direction, message } of written) {
      expect(direction).toBe('in');
      expect(message?.via?.name).toBe(channel === 'web' ? 'form' : 'talk');
      expect(MESSAGE_SOURCES.map(({ label }) => label)).toContain(message?.via?.label);
    }
  });

  it('come parents first', () => {
    const seen = new Set<string>();
    for (const row of make({ to: 50 })) {
      if ('customerId' in row.data) expect(seen.has(row.data.customerId ?? '')).toBe(true);
      seen.add(row.data.id);
    }
  });

  it('have only numbers that are nobody’s, and mail addresses that lead nowhere', () => {
    for (const contact of of(make({}), 'contact_point')) {
      if (contact.kind === 'phone') {
        expect(contact.e164).toMatch(FICTIONAL);
        expect(readPhoneNumber(contact.value).e164).toBe(contact.e164);
        expect(contact.last8).toBe(contact.value.replace(/\D/g, '').slice(-8));
      }
      if (contact.kind === 'email') expect(contact.value).toMatch(/@example\.(com|co\.kr)$/);
    }
  });

  it('share numbers in households, and otherwise do not', () => {
    const owners = new Map<string, Set<string>>();
    for (const contact of of(make({ to: 1000 }), 'contact_point')) {
      if (contact.e164 === null) continue;
      owners.set(contact.e164, (owners.get(contact.e164) ?? new Set()).add(contact.customerId));
    }
    const sizes = [...owners.values()].map((set) => set.size);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(3);
    expect(sizes.filter((size) => size > 1).length).toBeGreaterThan(50);
    expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(700);
  });

  it('show what an agent meets: companies, foreigners, refusals, old and night consents, late promises, debts', () => {
    const rows = make({ to: 1000 });
    const customers = of(rows, 'customer');
    expect(customers.filter((c) => c.kind === 'company').length).toBeGreaterThan(20);
    expect(customers.filter((c) => c.language === 'en').length).toBeGreaterThan(20);
    expect(new Set(customers.map((c) => c.tier)).size).toBe(4);
    expect(customers.filter((c) => c.balanceOwed !== null).length).toBeGreaterThan(20);
    const consents = of(rows, 'consent');
    expect(consents.some((c) => c.purpose === 'marketing' && c.status === 'refused')).toBe(true);
    expect(consents.some((c) => c.purpose === 'night_marketing')).toBe(true);
    expect(consents.some((c) => Date.parse(c.at) < NOW - 731 * 86_400_000)).toBe(true);
    expect(of(rows, 'promise').some((p) => p.status === 'open' && Date.parse(p.dueAt) < NOW)).toBe(true);
    expect(of(rows, 'case').some((c) => c.status !== 'closed')).toBe(true);
    expect(new Set(of(rows, 'interaction').map((i) => i.channel)).size).toBe(6);
    expect(of(rows, 'note').some((note) => /^[ -~]+$/.test(note.text))).toBe(true);
  });

  it('have nothing behind them that lies in the future', () => {
    const rows = make({});
    const past = [
      ...of(rows, 'interaction').map((i) => i.startedAt),
      ...of(rows, 'note').map((n) => n.at),
      ...of(rows, 'consent').map((c) => c.at),
      ...of(rows, 'case').map((c) => c.openedAt),
      ...of(rows, 'customer').flatMap((c) => c.lastSeenPage?.at ?? []),
    ];
    expect(past.filter((at) => Date.parse(at) > NOW)).toEqual([]);
    for (const holding of of(rows, 'holding')) {
      if (holding.endsOn !== null) expect(holding.startedOn < holding.endsOn).toBe(true);
      if (holding.status !== 'ended' && holding.endsOn !== null) expect(holding.endsOn >= '2026-11-22').toBe(true);
    }
  });

  it('have about ten contacts each in a small sample and never more than thirty', () => {
    const rows = make({ to: 1000, interactions: interactionsFor(1000) });
    const interactions = of(rows, 'interaction');
    expect(interactions.length).toBeGreaterThan(7000);
    expect(interactions.length).toBeLessThan(11_000);
    const each = new Map<string | null, number>();
    for (const one of interactions) each.set(one.customerId, (each.get(one.customerId) ?? 0) + 1);
    expect(Math.max(...each.values())).toBeLessThanOrEqual(30);
    expect(interactionsFor(1_000_000)).toBe(1);
  });

  it('reach to a million, each as quickly made as the first, with numbers of their own', () => {
    const rows = make({ from: 999_950, to: 1_000_000, interactions: 1 });
    expect(of(rows, 'customer')).toHaveLength(50);
    expect(of(rows, 'customer').at(-1)?.customerNumber).toBe('C-2000000');
    for (const contact of of(rows, 'contact_point')) {
      if (contact.kind === 'phone') expect(contact.e164).toMatch(FICTIONAL);
    }
  });

  it('are one in fifty on the do-not-call register', () => {
    const listed = Array.from({ length: 2000 }, (_, index) => doNotCallOf(7, index, NOW)).filter(
      (entry) => entry !== null,
    );
    expect(listed.length).toBeGreaterThan(15);
    expect(listed.length).toBeLessThan(80);
    for (const { phone } of listed) expect(readPhoneNumber(phone).e164).toMatch(FICTIONAL);
  });
});
