import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepTonesOfVoice } from '../../../src/telephony/tone-rate.ts';

const HEAD = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'];
const MAPS: Record<string, string[]> = {
  '111': ['a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10'],
  '0': ['a=rtpmap:0 PCMU/8000'],
  '8': [],
  '63': ['a=rtpmap:63 red/48000/2'],
  '110': ['a=rtpmap:110 telephone-event/48000', 'a=fmtp:110 0-16'],
  '126': ['a=rtpmap:126 telephone-event/8000', 'a=fmtp:126 0-16'],
};
const sdp = (...types: string[]) =>
  [
    ...HEAD,
    `m=audio 9 UDP/TLS/RTP/SAVPF ${types.join(' ')}`,
    ...types.flatMap((type) => MAPS[type] ?? []),
    'a=sendrecv',
    '',
  ].join('\r\n');

test.each([
  ['opus: events of 48 kHz', sdp('111', '0', '110', '126'), sdp('111', '0', '110')],
  ['PCMU: events of 8 kHz', sdp('0', '111', '110', '126'), sdp('0', '111', '126')],
  ['a voice without rtpmap: 8 kHz', sdp('8', '110', '126'), sdp('8', '126')],
  ['red is no voice', sdp('63', '111', '126', '110'), sdp('63', '111', '110')],
  ['none that fits: what there is stays', sdp('111', '126'), sdp('111', '126')],
  ['no events at all', sdp('111', '0'), sdp('111', '0')],
])('%s', (_name, given, wanted) => {
  expect(keepTonesOfVoice(given)).toBe(wanted);
});

test('whatever is no audio description comes back as it was', () => {
  fc.assert(fc.property(fc.string(), (text) => keepTonesOfVoice(text) === text || text.includes('m=audio ')));
});
