import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPhone, isEmergencyNumber, readPhoneNumber } from '../../../src/shared/phone-number.ts';

describe('readPhoneNumber', () => {
  const MINE = { e164: '+821000001234', last8: '00001234', kind: 'international' };
  it.each([
    '01000001234',
    '010-0000-1234',
    '010 0000 1234',
    '+82 10-0000-1234',
    '+82 (0)10-0000-1234',
    '(+82)10 0000 1234',
    '008210-0000-1234',
    '821000001234',
    '０１０－００００－１２３４',
    '＋82 10 0000 1234',
    'tel:+82-10-0000-1234;phone-context=example.com',
    'sip:01000001234@pbx.example.com',
    '%2B821000001234',
    '*23#01000001234',
    '010-0000-1234 ext. 12',
    '010-0000-1234 내선 5',
    '010-0000-1234,12#',
  ])('reads %s as the one number that it is', (raw) => {
    expect(readPhoneNumber(raw)).toMatchObject(MINE);
  });

  it.each([
    ['+1 (212) 555-0123', '+12125550123'],
    ['00112125550123', '+12125550123'],
    ['00700 1 212 555 0123', '+12125550123'],
    ['+44 7700 900123', '+447700900123'],
    ['02)345-6789', '+8223456789'],
  ])('reads %s as %s', (raw, e164) => {
    expect(readPhoneNumber(raw).e164).toBe(e164);
  });

  it('reads a number by the country of the business', () => {
    expect(readPhoneNumber('(212) 555-0123', 'US').e164).toBe('+12125550123');
    expect(readPhoneNumber('07700 900123', 'GB').e164).toBe('+447700900123');
  });

  it('keeps an extension an extension', () => {
    for (const raw of ['1001', 'ext 1001', '114', '123456', 'sip:1001@pbx']) {
      expect(readPhoneNumber(raw)).toMatchObject({ e164: null, last8: null, kind: 'extension' });
    }
  });

  it('knows a nationwide Korean number, and makes no whole number of one without its area code', () => {
    expect(readPhoneNumber('1588-1234')).toMatchObject({ e164: '+8215881234', kind: 'service' });
    expect(readPhoneNumber('2345-6789')).toMatchObject({ e164: null, last8: '23456789', kind: 'unknown' });
    expect(readPhoneNumber('345-6789')).toMatchObject({ e164: null, last8: null });
  });

  it.each(['', 'anonymous', 'Anonymous <sip:anonymous@anonymous.invalid>', '+', '<script>'])(
    'makes no number of %j',
    (raw) => {
      expect(readPhoneNumber(raw)).toEqual({ e164: null, last8: null, digits: '', kind: 'unknown' });
    },
  );

  it('takes any text from strangers without a fault, and its answer reads as itself again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789+-() #*,x') })), (raw) => {
        const { e164, last8, digits } = readPhoneNumber(raw);
        expect(digits).toMatch(/^\d*$/);
        if (last8 !== null) expect(last8).toBe(digits.slice(-8));
        if (e164 !== null) expect(readPhoneNumber(e164).e164).toBe(e164);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});

it('lets every country its emergency numbers, and no other', () => {
  for (const number of ['112', '119', '109', '1388', '911']) expect(isEmergencyNumber(number)).toBe(true);
  expect(isEmergencyNumber('911', 'US')).toBe(true);
  expect(isEmergencyNumber('999', 'GB')).toBe(true);
  for (const number of ['1001', '114', '010-0000-0112', '']) expect(isEmergencyNumber(number)).toBe(false);
});

it('writes a number as its reader does', () => {
  expect(formatPhone('+821000001234')).toBe('010-0000-1234');
  expect(formatPhone('+12125550123')).toBe('+1 212 555 0123');
  expect(formatPhone('+12125550123', 'US')).toBe('(212) 555-0123');
  expect(formatPhone('anonymous')).toBe('anonymous');
});
