import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The one file that may tell the phone to call a number: it gives its calls only to whom the gate let through. */
const GATE = 'src/renderer/outgoing.ts';

/** Whatever else is called `call`: what the gate answered, functions, the wire to the host. */
const HARMLESS = /\b(passed|sink|wire\.link)$/;

const DIALS = /([\w()[\].?!'"]*?)(?:\?\.|\.|\[['"])(call|consult|transfer|decline)(?:['"]\])?(?:\?\.)?\(\s*([^()]*)/g;

/** Calls of a phone's method that reaches a number; declining without another target reaches nobody. */
function dials(code: string): string[] {
  return [...code.matchAll(DIALS)]
    .filter(([, whom = '', act, rest = '']) => !HARMLESS.test(whom) && (act !== 'decline' || rest.includes(',')))
    .map(([found]) => found);
}

describe('every number that is called has passed the one gate', () => {
  it('only the gate tells the phone to call, ask, hand over or send elsewhere', () => {
    const files = globSync('src/renderer/**/*.{ts,tsx}').filter((file) => file !== GATE);
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((file) => dials(readFileSync(file, 'utf8')).map((found) => `${file}: ${found}`))).toEqual([]);
  });

  it('and asks the host before it lets anything but an emergency number through', () => {
    const code = readFileSync(GATE, 'utf8');
    expect(dials(code)).toHaveLength(4);
    expect(code.match(/\bpassed\(desk, [\w.]+\)/g)).toEqual([
      'passed(desk, emergency)',
      'passed(desk, verdict.target)',
    ]);
  });

  it.each([
    'desk.line.phone()?.call(number)',
    'phone.consult(callId, to)',
    "running['transfer'](callId, to)",
    'line.phone()?.decline(callId, { to })',
  ])('notices %s', (code) => expect(dials(code)).toHaveLength(1));

  it.each(['phone.decline(callId)', 'passed.call()', 'desk.api.call.record(snapshot)'])('lets %s be', (code) =>
    expect(dials(code)).toEqual([]),
  );
});
