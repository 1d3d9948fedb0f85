import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The one file that may tell the phone to call a number: it gives its calls only to whom the gate let through. */
const GATE = 'src/renderer/outgoing.ts';

/** Whatever else is called `call`: functions, the wire to the host. */
const HARMLESS = /\b(sink|wire\.link)$/;
/** A file that asks the gate has its answers to call; a phone it may not tell all the same. */
const ASKS = /from '[./\w-]*\/(outgoing|gate-talk|dial-verdict)\.tsx?'/;
const PHONE = /phone(\(\))?$/i;

const DIALS = /([\w()[\].?!'"]*?)(?:\?\.|\.|\[['"])(call|consult|transfer|decline)(?:['"]\])?(?:\?\.)?\(\s*([^()]*)/g;

/** Calls of a phone's method that reaches a number; declining without another target reaches nobody. */
function dials(code: string): string[] {
  const asks = ASKS.test(code);
  return [...code.matchAll(DIALS)]
    .filter(([, whom = '']) => !HARMLESS.test(whom) && !(asks && !PHONE.test(whom)))
    .filter(([, , act, rest = '']) => act !== 'decline' || rest.includes(','))
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
    'passed.call()',
    "import { askGate } from '../outgoing.ts'; desk.line.phone()?.call(number)",
  ])('notices %s', (code) => expect(dials(code)).toHaveLength(1));

  it.each([
    'phone.decline(callId)',
    'desk.api.call.record(snapshot)',
    "import { askGate } from '../outgoing.ts'; answer.number.call()",
  ])('lets %s be', (code) => expect(dials(code)).toEqual([]));
});
