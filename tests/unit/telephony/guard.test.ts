import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inspect, LARGEST_MESSAGE } from '../../../src/telephony/guard.ts';
import { callerFromInvite } from '../../../src/telephony/invite-caller.ts';
import { headerValue, readSipText } from '../../../src/telephony/sip-text.ts';
import { guardFault, mutate, PARTS, SEEDS } from '../../fixtures/telephony/sip-mutations.ts';
import { TORTURE } from '../../fixtures/telephony/sip-torture.ts';

const guard = { viaHost: 'desk.invalid', newTag: () => 'desk' };

function look(raw: unknown, viaHost = guard.viaHost) {
  return inspect(raw, { ...guard, viaHost });
}

function invite(
  change: (lines: string[]) => string[] = (lines) => lines,
  body = 'v=0\r\nm=audio 4000 RTP/AVP 0\r\n',
): string {
  const lines = change([
    'INVITE sip:agent1@desk.invalid SIP/2.0',
    'Via: SIP/2.0/WS pbx.test;branch=z9hG4bKone',
    'Max-Forwards: 70',
    'From: <sip:01000001234@pbx.test>;tag=a',
    'To: <sip:agent1@pbx.test>',
    'Call-ID: one@pbx.test',
    'CSeq: 1 INVITE',
    'Contact: <sip:pbx@127.0.0.1:5060;transport=ws>',
    'Content-Type: application/sdp',
  ]);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const replaced = (name: string, line: string) => (lines: string[]) =>
  lines.map((one) => (one.startsWith(`${name}:`) ? line : one));

describe('the torture messages of RFC 4475', () => {
  test.each(TORTURE)('$name', ({ raw, expected, viaHost }) => {
    const verdict = look(raw, viaHost);
    const outcome =
      verdict.kind === 'answer'
        ? verdict.status
        : verdict.kind === 'drop'
          ? 'drop'
          : verdict.kind === 'keep-alive'
            ? ''
            : 'deliver';
    expect(outcome).toBe(expected);
  });
});

describe('what real networks send and SIP.js would drop in silence', () => {
  test.each([
    ['a tel: From', 'From: <tel:+82-10-0000-1234>;tag=a', { number: '+82-10-0000-1234', e164: '+821000001234' }],
    ['a # in the user part', 'From: <sip:#31#01000001234@pbx.test>;tag=a', { number: '#31#01000001234' }],
    ['an unquoted Hangul name', 'From: 홍길동 <sip:01000001234@pbx.test>;tag=a', { displayName: '홍길동' }],
    [
      'an unquoted name with a comma',
      'From: Bell, Alexander <sip:01000001234@pbx.test>;tag=a',
      { displayName: 'Bell, Alexander' },
    ],
    ['markup as a name', 'From: <b>hi</b> <sip:01000001234@pbx.test>;tag=a', { displayName: '<b>hi</b>' }],
    ['a quote that never ends', 'From: "Kim <sip:01000001234@pbx.test>;tag=a', { number: '01000001234' }],
    ['a user part with a space', 'From: <sip:0100 000 1234@pbx.test>;tag=a', { number: '0100 000 1234' }],
    ['no address at all', 'From: nonsense;tag=a', { withheld: true, number: null }],
  ])('%s rings, and is shown as it came', (_name, from, caller) => {
    const verdict = look(invite(replaced('From', from)));
    if (verdict.kind !== 'request') throw new Error(JSON.stringify(verdict));
    expect(verdict.request.fromTag).toBe('a');
    expect(callerFromInvite(verdict.request, { country: 'KR', trusted: true })).toMatchObject(caller);
  });

  test('a Contact with a name and a # stays reachable', () => {
    const verdict = look(invite(replaced('Contact', 'Contact: 교환기 <sip:#7@127.0.0.1:5060;transport=ws>')));
    if (verdict.kind !== 'request') throw new Error(JSON.stringify(verdict));
    expect(verdict.request.parseHeader('contact').uri.toString()).toBe('sip:%237@127.0.0.1:5060;transport=ws');
  });

  test.each(['99999999999', '2592000', 'soon', '0'])('Expires: %s does not end the call at once', (expires) => {
    const verdict = look(invite((lines) => [...lines, `Expires: ${expires}`]));
    if (verdict.kind !== 'request') throw new Error(JSON.stringify(verdict));
    const milliseconds = Number(verdict.request.getHeader('expires') ?? '60') * 1_000;
    expect(milliseconds).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(2 ** 31);
  });

  test('header names that are names of object members do no harm', () => {
    const verdict = look(invite((lines) => [...lines, '__proto__: x', 'constructor: y', 'toString: z']));
    expect(verdict.kind).toBe('request');
  });
});

describe('what cannot be taken is answered', () => {
  test.each([
    ['larger than 64 KB', invite((lines) => [...lines, `X-Long: ${'가'.repeat(LARGEST_MESSAGE / 3)}`]), 513],
    ['a video-only offer', invite(undefined, 'v=0\r\nm=video 4000 RTP/AVP 31\r\n'), 488],
    ['no Contact', invite((lines) => lines.filter((line) => !line.startsWith('Contact'))), 400],
    ['Require: 100rel', invite((lines) => [...lines, 'Require: 100rel']), 420],
    ['a hopeless start line', invite((lines) => ['INVITE', ...lines.slice(1)]), 400],
    ['cut in the middle of the headers', invite().slice(0, 200), 400],
    ['300 headers', invite((lines) => [...lines, ...Array.from({ length: 300 }, () => 'X: y')]), 400],
  ])('%s', (_name, raw, status) => {
    const verdict = look(raw);
    if (verdict.kind !== 'answer') throw new Error(JSON.stringify(verdict));
    expect(verdict.status).toBe(status);
    const reply = readSipText(verdict.reply);
    if (!reply) throw new Error('unreadable reply');
    expect(headerValue(reply, 'via')).toBe('SIP/2.0/WS pbx.test;branch=z9hG4bKone');
    expect(headerValue(reply, 'to')).toContain(';tag=');
  });

  test('an ACK and a response are never answered', () => {
    expect(look(invite().replaceAll('INVITE', 'ACK').replace('CSeq: 1', 'CSeq: x')).kind).toBe('drop');
    expect(look('SIP/2.0 200 OK\r\nVia: SIP/2.0/WS desk.invalid;branch=z9hG4bK1\r\nCSeq: nonsense\r\n\r\n').kind).toBe(
      'drop',
    );
    expect(look('SIP/9.9 what\r\nVia: SIP/2.0/WS desk.invalid;branch=z9hG4bK1\r\n\r\n').kind).toBe('drop');
  });

  test.each([['\r\n\r\n'], ['\r\n']])("the far side's keep-alive is no message", (raw) => {
    expect(look(raw).kind).toBe('keep-alive');
  });

  test('a challenge to a cancelled INVITE loses its challenge: SIP.js would send the INVITE again', () => {
    const raw = [
      'SIP/2.0 401 Unauthorized',
      'Via: SIP/2.0/WS desk.invalid;branch=z9hG4bK1',
      'From: <sip:agent1@pbx.test>;tag=a',
      'To: <sip:6001@pbx.test>;tag=b',
      'Call-ID: cancelled',
      'CSeq: 1 INVITE',
      'WWW-Authenticate: Digest realm="pbx.test", nonce="x"',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    const verdict = inspect(raw, { ...guard, isCancelled: (callId) => callId === 'cancelled' });
    if (verdict.kind !== 'response') throw new Error(JSON.stringify(verdict));
    expect(verdict.response.hasHeader('www-authenticate')).toBe(false);
  });
});

describe('mutations', () => {
  // A share of what `npm run chaos -- telephony` does; the seed makes a failure the same tomorrow.
  test('2,000 seeded mutations: no error, every readable request answered or handed on', () => {
    fc.assert(
      fc.property(
        fc.nat(SEEDS.length - 1),
        fc.array(fc.tuple(fc.nat(3_000), fc.nat(40), fc.constantFrom(...PARTS)), { minLength: 1, maxLength: 6 }),
        (seed, cuts) => {
          expect(guardFault(mutate(SEEDS[seed] ?? '', cuts))).toBeNull();
        },
      ),
      { numRuns: 2_000, seed: 4_475 },
    );
  }, 60_000);

  test('the longest message is read in time that nobody notices', () => {
    const nasty = [
      `From: "${'\\"'.repeat(30_000)}" <sip:1@pbx.test>;tag=a`,
      `From: ${'<'.repeat(60_000)}sip:1@pbx.test>;tag=a`,
      `From: ${'a '.repeat(30_000)}<sip:1@pbx.test>;tag=a`,
      `From: <sip:${'%'.repeat(60_000)}@pbx.test>;tag=a`,
      `From: <sip:1@pbx.test>;tag=a${';'.repeat(60_000)}`,
      `From: <sip:1@pbx.test>${' ;tag =  '.repeat(6_000)}`,
    ];
    const slow = nasty
      .map((from) => {
        const raw = invite(replaced('From', from));
        const start = performance.now();
        look(raw);
        return { from: from.slice(0, 30), milliseconds: performance.now() - start };
      })
      // Generous: only a quadratic reading is this slow.
      .filter((one) => one.milliseconds > 2_000);
    expect(slow).toEqual([]);
  });
});
