import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DialogInfo, readMessageSummary } from '../../../src/telephony/event-bodies.ts';

describe('the mailbox (RFC 3842)', () => {
  test.each([
    ['Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n', { newMessages: 2, oldMessages: 8 }],
    ['Messages-Waiting: no\r\nVoice-Message: 0/3\r\n', { newMessages: 0, oldMessages: 3 }],
    [
      'Messages-Waiting: yes\r\nMessage-Account: sip:*97@pbx.test\r\nvoice-message:4/0',
      { newMessages: 4, oldMessages: 0 },
    ],
    ['Messages-Waiting: yes\r\n', { newMessages: 1, oldMessages: 0 }],
    ['messages-waiting : NO\n', { newMessages: 0, oldMessages: 0 }],
  ])('%j', (body, told) => {
    expect(readMessageSummary(body)).toEqual(told);
  });

  test.each(['', 'Voice-Message: 2/8', '<html>', 'Messages-Waiting: perhaps'])('%j is no summary', (body) => {
    expect(readMessageSummary(body)).toBeNull();
  });
});

const info = (dialogs: string, state = 'full') =>
  `<?xml version="1.0"?>\r\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="${state}" entity="sip:102@pbx.test">${dialogs}</dialog-info>`;
const dialog = (id: string, state: string, direction = 'recipient') =>
  `<dialog id="${id}" direction="${direction}"><state>${state}</state></dialog>`;

describe('what an extension does (RFC 4235)', () => {
  test.each([
    ['nothing', info(''), 'idle'],
    ['a call that is over', info(dialog('102', 'terminated')), 'idle'],
    ['called', info(dialog('102', 'early')), 'ringing'],
    ['talking', info(dialog('102', 'confirmed')), 'busy'],
    ['talking, and called again', info(dialog('a', 'confirmed') + dialog('b', 'early')), 'busy'],
    ['dialling', info(dialog('102', 'early', 'initiator')), 'busy'],
    [
      'other writing',
      `<d:dialog-info state='full'><d:dialog id='1'>\n<d:state> Confirmed </d:state></d:dialog></d:dialog-info>`,
      'busy',
    ],
    [
      'a state with an event',
      info('<dialog id="1"><state event="remote-bye" code="1">terminated</state></dialog>'),
      'idle',
    ],
    ['a dialog without a body', info('<dialog id="1"/>'), 'idle'],
    ['no document', 'hello', 'unknown'],
    ['another document', '<presence><tuple/></presence>', 'unknown'],
  ])('%s', (_name, body, presence) => {
    expect(new DialogInfo().read(body)).toBe(presence);
  });

  test('a partial document changes only what it names', () => {
    const calls = new DialogInfo();
    calls.read(info(dialog('a', 'confirmed') + dialog('b', 'early')));
    expect(calls.read(info(dialog('a', 'terminated'), 'partial'))).toBe('ringing');
    expect(calls.read(info(dialog('b', 'terminated'), 'partial'))).toBe('idle');
    expect(calls.read(info(dialog('c', 'confirmed'), 'partial'))).toBe('busy');
    expect(calls.read(info(''))).toBe('idle');
  });

  // Were a tag without an end searched for to the end of the text, each time, this would take minutes.
  test('whatever comes is read at once: no text makes it slow or throw', () => {
    const shapes = ['<dialog', '<dialog id="', '<state>', '<dialog-info state="', '<d:dialog ', '<'.repeat(3), '>'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...shapes), { maxLength: 40 }), fc.nat(4_000), (parts, times) => {
        const text = parts.join('').repeat(times).slice(0, 65_000);
        expect(['idle', 'ringing', 'busy']).toContain(new DialogInfo().read(`<dialog-info>${text}`));
        expect(readMessageSummary(text)).toBeNull();
      }),
      { numRuns: 100, seed: 4_235 },
    );
  });
});
