import fc from 'fast-check';
import { UserAgent } from 'sip.js';
import { describe, expect, test } from 'vitest';
import { ReferTo, readSipFrag } from '../../../src/telephony/refer.ts';
import { targetUri } from '../../../src/telephony/target.ts';
import { cleanHeaders, headerLines, uriHeaders } from '../../../src/telephony/transfer-headers.ts';
import { allowUpdate } from '../../../src/telephony/update.ts';

describe('headers that ride on a transfer', () => {
  test('X- names with plain values; the rest stays here', () => {
    const clean = cleanHeaders({
      'X-Dangol-Capsule': '0190-cap.7',
      'X-Note': '고객이 화났음',
      'X-Two': 'a\r\nVia: SIP/2.0/WS evil',
      'X-Space': 'a b',
      'X-Empty': '',
      'X-Long': 'x'.repeat(201),
      'X Bad': 'a',
      Contact: 'sip:evil@evil.test',
    });
    expect(headerLines(clean)).toEqual(['X-Dangol-Capsule: 0190-cap.7']);
  });

  test('whatever is given, no line is broken and no header is anything but X-', () => {
    const anything = fc.dictionary(fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 60 }), {
      maxKeys: 6,
    });
    fc.assert(
      fc.property(anything, (headers) => {
        for (const line of headerLines(cleanHeaders(headers))) expect(line).toMatch(/^X-[A-Za-z0-9-]+: [!-~]+$/);
      }),
    );
  });

  test('in a URI they stand behind a question mark, escaped, the whole in brackets', () => {
    const target = targetUri('102', 'pbx.test');
    const headers = uriHeaders(cleanHeaders({ 'X-Dangol-Capsule': 'a=b@c/d' }));
    const shown = target && ReferTo.of(target, headers).toString();
    expect(shown).toBe('<sip:102@pbx.test?X-Dangol-Capsule=a%3Db%40c%2Fd>');
    expect(target && ReferTo.of(target, {}).toString()).toBe('<sip:102@pbx.test>');
    expect(UserAgent.makeURI('sip:102@pbx.test')?.toString()).toBe('sip:102@pbx.test');
  });
});

describe('what a NOTIFY says of the target (RFC 3420)', () => {
  test.each([
    ['SIP/2.0 200 OK\r\n', 200],
    ['SIP/2.0 100 Trying', 100],
    ['\r\nsip/2.0 486 Busy Here\r\nTo: x\r\n', 486],
    ['SIP/2.0 2000 OK', null],
    ['SIP/2.0 999 No', null],
    ['INVITE sip:102@pbx.test SIP/2.0', null],
    ['', null],
  ])('%j: %s', (body, status) => {
    expect(readSipFrag(body)).toBe(status);
  });
});

test('UPDATE is among what we allow, once, and nothing else is touched', () => {
  const message = 'SIP/2.0 200 OK\r\nAllow: ACK,INVITE,REFER\r\nContact: <sip:a@b>\r\n\r\nAllow: INVITE';
  const told = message.replace('REFER\r\n', 'REFER,UPDATE\r\n');
  expect(allowUpdate(message)).toBe(told);
  expect(allowUpdate(told)).toBe(told);
  expect(allowUpdate('BYE sip:a@b SIP/2.0\r\n\r\n')).toBe('BYE sip:a@b SIP/2.0\r\n\r\n');
});
