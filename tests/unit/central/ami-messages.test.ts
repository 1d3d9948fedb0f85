import { describe, expect, it } from 'vitest';
import { type AmiMessage, amiText, createAmiReader } from '../../../src/central/pbx/ami-messages.ts';

const GREETING = 'Asterisk Call Manager/11.0.0\r\n';
const STREAM =
  'Response: Success\r\nActionID: dangol-1\r\nMessage: Authentication accepted\r\n\r\n' +
  'Event: QueueMemberPause\r\nQueue: support\r\nPausedReason: 점심: 늦게\r\nPausedReason: second\r\n\r\n';

function read(pieces: Iterable<string>): { messages: AmiMessage[]; kept: boolean } {
  const messages: AmiMessage[] = [];
  const reader = createAmiReader((message) => messages.push(message));
  let kept = true;
  for (const piece of pieces) kept &&= reader.take(piece);
  return { messages, kept };
}

describe('the stream of the manager interface', () => {
  it('reads the same messages wherever the network cut it', () => {
    const whole = read([GREETING + STREAM]).messages;
    expect(whole).toHaveLength(2);
    expect(whole[1]).toMatchObject({ Event: 'QueueMemberPause', PausedReason: '점심: 늦게' });
    expect(read(GREETING + STREAM).messages).toEqual(whole);
    const text = GREETING + STREAM;
    for (let cut = 1; cut < text.length; cut++) {
      expect(read([text.slice(0, cut), text.slice(cut)]).messages).toEqual(whole);
    }
  });

  it('closes what is no manager interface, and what never ends', () => {
    expect(read(['HTTP/1.1 400 Bad Request\r\n']).kept).toBe(false);
    expect(read(['x'.repeat(300)]).kept).toBe(false);
    expect(read([GREETING, 'Event: x'.padEnd(300_000, 'y')]).kept).toBe(false);
  });

  it('passes over lines that are none, and a name that would touch an object itself', () => {
    const { messages, kept } = read([`${GREETING}\r\n\r\n:::\r\nno colon\r\n__proto__: x\r\nEvent: Shutdown\r\n\r\n`]);
    expect(kept).toBe(true);
    expect(messages.at(-1)?.Event).toBe('Shutdown');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('lets no value carry a second header', () => {
    expect(amiText({ Action: 'QueuePause', Reason: 'lunch\r\nAction: Originate' })).toBe(
      'Action: QueuePause\r\nReason: lunch Action: Originate\r\n\r\n',
    );
  });
});
