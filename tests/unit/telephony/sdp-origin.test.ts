import { expect, test } from 'vitest';
import { createOrigin } from '../../../src/telephony/sdp-origin.ts';

const sdp = (id: number, version: number) => `v=0\r\no=- ${id} ${version} IN IP4 127.0.0.1\r\ns=-\r\n`;

test('one session and a version that grows, also where another connection describes it from now on', () => {
  const origin = createOrigin();
  const sent = [sdp(711, 2), sdp(711, 3), sdp(902, 2), sdp(902, 3), sdp(33, 2)].map(origin);
  expect(sent).toEqual([sdp(711, 2), sdp(711, 3), sdp(711, 5), sdp(711, 6), sdp(711, 8)]);
});

test('what has no such line is left alone', () => {
  expect(createOrigin()('v=0\r\ns=-\r\n')).toBe('v=0\r\ns=-\r\n');
});
