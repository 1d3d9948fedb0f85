import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallerIdentity } from '../../../src/shared/call.ts';
import { callerFromInvite, dialledIdentity, readInvite } from '../../../src/telephony/invite-caller.ts';

const options = { country: 'KR', trusted: true };

function request(...headers: string[]) {
  const from = headers.some((line) => /^(from|f):/im.test(line)) ? [] : ['From: <sip:7001@pbx.test>;tag=a'];
  return { data: ['INVITE sip:agent1@desk.invalid SIP/2.0', ...from, ...headers, '', ''].join('\r\n') };
}

describe('who calls', () => {
  test('P-Asserted-Identity goes before Remote-Party-ID, and that before From', () => {
    const pai = 'P-Asserted-Identity: "김단골" <sip:01000001234@pbx.test>';
    const rpid = 'Remote-Party-ID: <sip:01000005678@pbx.test>;party=calling;privacy=off';
    expect(callerFromInvite(request(rpid, pai), options)).toEqual({
      number: '01000001234',
      e164: '+821000001234',
      displayName: '김단골',
      withheld: false,
      source: 'p-asserted-identity',
    });
    expect(callerFromInvite(request(rpid), options)).toMatchObject({
      number: '01000005678',
      source: 'remote-party-id',
    });
    expect(callerFromInvite(request(), options)).toMatchObject({ number: '7001', e164: null, source: 'from' });
  });

  test('nobody but the trusted server may assert an identity', () => {
    const pai = 'P-Asserted-Identity: <sip:01000001234@pbx.test>';
    expect(callerFromInvite(request(pai), { ...options, trusted: false })).toMatchObject({
      number: '7001',
      source: 'from',
    });
  });

  test('of a SIP and a tel identity the one with a number is taken, with the name of either', () => {
    const pai = 'P-Asserted-Identity: "단골" <sip:customer@pbx.test>, <tel:+821000001234>';
    expect(callerFromInvite(request(pai), options)).toMatchObject({ e164: '+821000001234', displayName: '단골' });
  });

  test.each([
    ['+821000001234', 'tel:+82-10-0000-1234'],
    ['+821000001234', 'tel:10-0000-1234;phone-context=+82'],
    ['+821000001234', 'sip:+821000001234@pbx.test;user=phone'],
    ['+821000001234', 'sip:00821000001234@pbx.test'],
    ['+821000001234', 'sip:010%2D0000%2D1234@pbx.test'],
    ['+821000001234', 'sip:０１０００００１２３４@pbx.test'],
    ['+447700900123', 'sip:+447700900123@pbx.test'],
    ['+12025550143', 'tel:+1-202-555-0143'],
    [null, 'sip:7001@pbx.test'],
    [null, 'sip:*72@pbx.test'],
    [null, 'sip:hong.gildong@pbx.test'],
  ])('E.164 %s from %s', (e164, uri) => {
    expect(callerFromInvite(request(`From: <${uri}>;tag=a`), options).e164).toBe(e164);
  });

  test.each([
    'From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=a',
    'From: <sip:Restricted@pbx.test>;tag=a',
    'From: <sip:pbx.test>;tag=a',
    'From: anonymous <sip:01000001234@anonymous.invalid>;tag=a',
    'X-Nothing: here\r\nFrom: ',
  ])('withheld: %s', (from) => {
    expect(callerFromInvite(request(from), options)).toMatchObject({
      withheld: true,
      number: null,
      e164: null,
      displayName: null,
    });
  });

  test('a number is not shown when its owner asked for that', () => {
    const pai = 'P-Asserted-Identity: <sip:01000001234@pbx.test>';
    expect(callerFromInvite(request(pai, 'Privacy: id'), options)).toMatchObject({ withheld: true, number: null });
    const rpid = 'Remote-Party-ID: <sip:01000001234@pbx.test>;party=calling;privacy=full';
    expect(callerFromInvite(request(rpid), options)).toMatchObject({ withheld: true, number: null });
  });

  test.each([
    ['markup stays text', '"<img src=x onerror=alert(1)>"', '<img src=x onerror=alert(1)>'],
    ['an escaped quote', '"Kim \\"K\\" Min"', 'Kim "K" Min'],
    ['emoji', '"단골 \u{1F469}\u200d\u{1F4BC}"', '단골 \u{1F469}\u200d\u{1F4BC}'],
    ['a right-to-left name', '"שלום"', 'שלום'],
    ['an override that would turn the text around', '"\u202egnp.exe\u202c"', 'gnp.exe'],
    ['unquoted Hangul', '홍길동', '홍길동'],
    ['controls', '"a\u0007b\u0000c"', 'abc'],
    ['decomposed Hangul', `"${'한글'.normalize('NFD')}"`, '한글'],
    ['half a surrogate pair', '"a\ud83d"', 'a\ufffd'],
  ])('name: %s', (_name, given, shown) => {
    expect(callerFromInvite(request(`From: ${given} <sip:7001@pbx.test>;tag=a`), options).displayName).toBe(shown);
  });

  test('queue and customer reference come along, cut and clean', () => {
    const facts = readInvite(request('X-Queue: 요금 상담', `X-Customer-Ref: C-${'1'.repeat(200)}`), options);
    expect(facts.queue).toBe('요금 상담');
    expect(facts.customerRef).toHaveLength(100);
    expect(readInvite(request(), options)).toMatchObject({ queue: null, customerRef: null });
  });

  test.each([
    ['Call-Info: <sip:pbx.test>;answer-after=0', true],
    ['Call-Info: <sip:a.test>;purpose=icon, <sip:pbx.test>; Answer-After = "0"', true],
    ['Alert-Info: <http://pbx.test>;info=alert-autoanswer', true],
    ['Alert-Info: info=alert-autoanswer', true],
    ['Call-Info: <sip:pbx.test>;answer-after=30', false],
    ['Alert-Info: <http://pbx.test>;info=alert-autoanswer-not', false],
    ['Alert-Info: <http://pbx.test/info=alert-autoanswer/x>', false],
    ['X-Call-Info: ;answer-after=0', false],
  ])('asked to answer at once: %s -> %s', (header, asked) => {
    expect(readInvite(request(header), options).autoAnswer).toBe(asked);
    expect(readInvite(request(header), { ...options, trusted: false }).autoAnswer).toBe(false);
  });

  test.each([
    ['0190a1b2-cap.7', '0190a1b2-cap.7'],
    ['  a:b_c ', 'a:b_c'],
    ['a b', null],
    ['<x>', null],
    ['김', null],
    ['x'.repeat(101), null],
    ['', null],
  ])('the reference to a story: %s', (value, capsule) => {
    expect(readInvite(request(`X-Dangol-Capsule: ${value}`), options).capsule).toBe(capsule);
    expect(readInvite(request(`X-Dangol-Capsule: ${value}`), { ...options, trusted: false }).capsule).toBeNull();
  });

  test('whatever comes, the identity fits its schema', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 120 }),
        fc.string({ unit: 'binary', maxLength: 80 }),
        (name, uri) => {
          const caller = callerFromInvite(
            request(`From: ${name} <${uri}>;tag=a`, `P-Asserted-Identity: ${uri}`),
            options,
          );
          expect(CallerIdentity.safeParse(caller).success).toBe(true);
          for (const text of [caller.number, caller.displayName]) expect(text?.isWellFormed() ?? true).toBe(true);
        },
      ),
      { numRuns: 200, seed: 3_325 },
    );
  }, 60_000);
});

test('who we call: as it was dialled', () => {
  expect(dialledIdentity('010-0000-1234', 'KR')).toMatchObject({
    number: '010-0000-1234',
    e164: '+821000001234',
    source: 'dialled',
  });
  expect(dialledIdentity('sip:6001@pbx.test', 'KR')).toMatchObject({ number: '6001', e164: null });
});
