import { describe, expect, test } from 'vitest';
import { inspect } from '../../../src/telephony/guard.ts';
import { headerValues, readSipText } from '../../../src/telephony/sip-text.ts';
import { IPV6_TORTURE } from '../../fixtures/telephony/sip-ipv6.ts';
import { TORTURE } from '../../fixtures/telephony/sip-torture.ts';

const look = (raw: string) => inspect(raw, { viaHost: 'desk.invalid', newTag: () => 'desk' });

describe('the torture messages of RFC 5118 (IPv6)', () => {
  test.each(IPV6_TORTURE)('$name', ({ raw, expected }) => {
    const verdict = look(raw);
    expect(verdict.kind === 'answer' ? verdict.status : verdict.kind).toBe(
      expected === 'deliver' ? 'request' : expected,
    );
    if (verdict.kind !== 'answer') return;
    const [asked, told] = [raw, verdict.reply].map((text) => readSipText(text));
    expect(told && headerValues(told, 'via')).toEqual(asked && headerValues(asked, 'via'));
  });

  test('none of them is missing: sections 4.1 to 4.10 here, 3.1.1.1 to 3.4.1 of RFC 4475 there', () => {
    const sections = new Set(IPV6_TORTURE.map(({ name }) => name.split(' ')[0]));
    expect([...sections]).toEqual(Array.from({ length: 10 }, (_, index) => `4.${index + 1}`));
    const numbered = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${prefix}.${index + 1}`);
    expect(TORTURE.map(({ name }) => name.split(' ')[0])).toEqual([
      ...numbered('3.1.1', 13),
      ...numbered('3.1.2', 19),
      '3.2.1',
      ...numbered('3.3', 15),
      '3.4.1',
    ]);
  });
});
