import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { checkDial } from '../../../src/main/gate.ts';
import { targetUri } from '../../../src/telephony/target.ts';
import { openTestContext, type TestContext } from '../../fakes/host-context.ts';

// What an agent, a clipboard or a link may put into the dial box.

let desk: TestContext;
beforeEach(() => {
  desk = openTestContext();
});

const ask = (number: string) => checkDial(desk, { number, customerId: null, purpose: 'service', overrideReason: null });

/** An E.164 number, an extension or code of the house, a line by its name, or an emergency number. */
const DIALABLE = /^(?:\+[1-9]\d{4,14}|[*#]?[0-9*#]{2,6}|agent2)$/;

test.each([
  '안녕하세요',
  '<script>alert(1)</script>',
  "'; DROP TABLE customer; --",
  'sip:evil@example.com',
  'sip:100@pbx.test;transport=udp',
  '010-0000-1234\r\nVia: SIP/2.0/WS evil.test',
  'http://example.com/01000001234',
  '../../etc/passwd',
  '\0\0\0',
  '+',
  '++++++',
  '--------',
  '٠١٢٣٤٥٦٧٨٩',
  '\u202e4321-0000-010',
  '9'.repeat(10_000),
  '📞'.repeat(500),
])('%j is refused, or becomes a number that can be dialled', (rubbish) => {
  const verdict = ask(rubbish);
  if (verdict.allowed) expect(verdict.target).toMatch(DIALABLE);
  else expect(verdict.refusals.map(({ rule }) => rule)).not.toEqual([]);
});

test('500 seeded strings: never an error, and nothing but a number passes', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.stringMatching(/^[0-9+*#() .\-;,xt:@a-z]{0,40}$/),
  );
  fc.assert(
    fc.property(text, (rubbish) => {
      const verdict = ask(rubbish);
      if (verdict.allowed) expect(verdict.target).toMatch(DIALABLE);
    }),
    { numRuns: 500, seed: 60 },
  );
}, 60_000);

test('whatever is called, no second line and no second header comes of it', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string().map((more) => `1\r\n${more}`),
      ),
      (rubbish) => {
        const uri = targetUri(rubbish, 'pbx.test')?.toString() ?? '';
        expect(uri).not.toMatch(/[\s<>"]/);
        expect(uri === '' || uri.includes('pbx.test') || /^sips?:/i.test(rubbish.trim())).toBe(true);
      },
    ),
    { numRuns: 500, seed: 61 },
  );
}, 60_000);
