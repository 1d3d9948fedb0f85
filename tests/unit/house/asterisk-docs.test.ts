import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

// Administrators copy docs/asterisk.md; the tests against Asterisk run tests/pbx/etc. What loses customers must be the same in both.

const root = resolve(import.meta.dirname, '..', '..', '..');
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');
const document = [...read('docs/asterisk.md').matchAll(/```ini\n(.*?)```/gs)].map(([, block = '']) => block);
const rig = [read('tests/pbx/etc/extensions.conf')];

/** The lines of one context of a dialplan in pieces, without comments. */
function context(dialplan: readonly string[], name: string): string[] {
  return dialplan.flatMap((piece) => linesOf(piece, name));
}

function linesOf(piece: string, name: string): string[] {
  const lines = piece.split('\n').map((line) => line.replace(/\s+;.*$/, '').trim());
  const found: string[] = [];
  let inside = false;
  for (const line of lines) {
    if (/^\[.+\]$/.test(line)) inside = line === `[${name}]`;
    else if (inside && line !== '' && !line.startsWith(';')) found.push(line);
  }
  return found;
}

/** The steps of one extension. */
function steps(lines: readonly string[], extension: string): string[] {
  const at = lines.findIndex((line) => line.startsWith(`exten => ${extension},`));
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => !line.startsWith('same'));
  return at < 0 ? [] : [lines[at] ?? '', ...rest.slice(0, end < 0 ? undefined : end)];
}

describe('the dialplan that administrators copy', () => {
  test.each(['handed-over', 'take-back'])('[%s] is the one that is tested against Asterisk', (name) => {
    expect(context(rig, name).length).toBeGreaterThan(3);
    expect(context(document, name)).toEqual(context(rig, name));
  });

  test('an agent’s extension is reached as it is in the tests: nobody who is handed there is lost', () => {
    const here = steps(context(document, 'from-agents'), '_10[123]');
    expect(here).toHaveLength(3);
    expect(here).toEqual(steps(context(rig, 'from-agents'), '_10[123]'));
  });

  test('every way out of the house takes the customer of a blind transfer back', () => {
    expect(steps(context(document, 'from-agents'), '_+X.').at(-1)).toBe('same => n,Goto(take-back,s,1)');
  });

  test('both references travel to the next desk, and none is read from a trunk', () => {
    const headers = context(document, 'agent-headers').join('\n');
    expect(headers).toContain('X-Customer-Ref');
    expect(headers).toContain('X-Dangol-Capsule');
    const trunk = context(document, 'from-carrier').join('\n');
    expect(trunk).toContain('__GET_TRANSFERRER_DATA=X-');
    expect(trunk).not.toContain('PJSIP_HEADER(read');
  });
});
