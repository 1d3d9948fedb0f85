import { readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenarioPeople } from '../../../src/sandbox/customers/scenario-people.ts';
import { loadScenarios, summaryOf } from '../../../src/sandbox/scenario.ts';
import { DISPOSITIONS, QUEUES } from '../../../src/sandbox/setup/catalogue.ts';
import { readPhoneNumber } from '../../../src/shared/phone-number.ts';
import { ScenarioSummary } from '../../../src/shared/practice.ts';
import { SYNC_TABLES } from '../../../src/shared/sync-wire.ts';

const VOICES = new URL('../../../assets/voices/', import.meta.url);
const scenarios = loadScenarios();
const people = scenarioPeople({
  seed: 1,
  now: Date.parse('2026-11-22T09:00:00.000Z'),
  staff: [{ id: '019ae000-0000-7000-8000-000000000001', name: '박지민' }],
}).flat();
const ownersOf = (number: string | null) => {
  const e164 = number === null ? null : readPhoneNumber(number).e164;
  return people.flatMap((row) =>
    row.table === 'contact_point' && e164 !== null && row.data.e164 === e164 ? [row.data.customerId] : [],
  );
};
const scenario = (id: string) => {
  const found = scenarios.find((one) => one.id === id);
  if (!found) throw new Error(`no scenario ${id}`);
  return found;
};

describe('scenarios', () => {
  it('are the eight that a new agent must have met, and one more', () => {
    expect(scenarios.map((one) => one.id)).toEqual([
      'gold-billing',
      'unknown-number',
      'shared-number',
      'withheld',
      'happy-call',
      'english-speaker',
      'abusive',
      'colleague-queue',
      'vip-cancel',
    ]);
    for (const one of scenarios) expect(ScenarioSummary.safeParse(summaryOf(one)).success).toBe(true);
  });

  it('have a voice for every line, less than 2 MB together, and no voice that nobody speaks', () => {
    const lines = scenarios.flatMap((one) => one.lines.map((line) => `${line.voice}.ulaw`)).sort();
    expect(
      readdirSync(VOICES)
        .filter((name) => name.endsWith('.ulaw'))
        .sort(),
    ).toEqual(lines);
    const sizes = lines.map((name) => statSync(new URL(name, VOICES)).size);
    expect(Math.min(...sizes)).toBeGreaterThan(4000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2 * 1024 * 1024);
  });

  it('call from fictional numbers, and end with a disposition and a queue that the business has', () => {
    for (const { caller, disposition, queue } of scenarios) {
      if (caller.number !== null)
        expect(readPhoneNumber(caller.number).e164).toMatch(/^\+82100000\d{4}$|^\+447700900\d{3}$/);
      expect(DISPOSITIONS.some((one) => one.code === disposition)).toBe(true);
      if (queue !== null) expect(QUEUES.some((one) => one.name === queue)).toBe(true);
    }
  });

  it('find the people that they promise', () => {
    expect(ownersOf(scenario('gold-billing').caller.number)).toHaveLength(1);
    expect(ownersOf(scenario('shared-number').caller.number)).toHaveLength(2);
    expect(ownersOf(scenario('unknown-number').caller.number)).toHaveLength(0);
    expect(scenario('withheld').caller.number).toBeNull();
    for (const id of ['happy-call', 'english-speaker', 'abusive', 'colleague-queue', 'vip-cancel']) {
      expect(ownersOf(scenario(id).caller.number), id).toHaveLength(1);
    }
    const numberOf = (ref: string | null) =>
      people.filter((r) => r.table === 'customer' && r.data.customerNumber === ref);
    for (const { caller } of scenarios)
      if (caller.customerRef !== null) expect(numberOf(caller.customerRef)).toHaveLength(1);
  });

  it('give the number to dial for an outgoing call, and never before an incoming one', () => {
    expect(summaryOf(scenario('happy-call')).dial).toBe('01000005005');
    expect(JSON.stringify(summaryOf(scenario('gold-billing')))).not.toContain('01000001001');
  });

  it('have people whose rows fit the nouns', () => {
    for (const row of people) expect(SYNC_TABLES[row.table].safeParse(row.data).error, row.table).toBeUndefined();
    expect(new Set(people.map((row) => row.data.id)).size).toBe(people.length);
  });

  it('have a gold customer to whom a promise is late, and a happy call that consent allows', () => {
    const [gold] = ownersOf(scenario('gold-billing').caller.number);
    expect(people.some((r) => r.table === 'customer' && r.data.id === gold && r.data.tier === 'gold')).toBe(true);
    expect(
      people.some(
        (r) =>
          r.table === 'promise' &&
          r.data.customerId === gold &&
          r.data.dueAt < '2026-11-22' &&
          r.data.status === 'open',
      ),
    ).toBe(true);
    const [happy] = ownersOf(scenario('happy-call').caller.number);
    expect(
      people.some(
        (r) =>
          r.table === 'consent' &&
          r.data.customerId === happy &&
          r.data.purpose === 'marketing' &&
          r.data.status === 'granted',
      ),
    ).toBe(true);
  });
});
