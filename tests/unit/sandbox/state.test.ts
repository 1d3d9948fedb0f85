import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openState, sipPasswordOf } from '../../../src/sandbox/setup/state.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dangol-sandbox-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what the practice call centre remembers', () => {
  it('keeps the lines’ passwords, random for each installation, for its owner alone', () => {
    const first = openState(folder);
    const password = sipPasswordOf(first.state, 'agent1');
    first.save(first.state);
    expect(sipPasswordOf(openState(folder).state, 'agent1')).toBe(password);
    expect(password.length).toBeGreaterThanOrEqual(20);
    expect(statSync(join(folder, 'sandbox.json')).mode & 0o777).toBe(0o600);
    const elsewhere = openState(join(folder, 'other'));
    expect(sipPasswordOf(elsewhere.state, 'agent1')).not.toBe(password);
    expect(elsewhere.state.practiceToken).not.toBe(first.state.practiceToken);
  });

  it.each(['', '{', '{"version":2}', '[]'])('says so when the file is %j, and leaves it as it is', (text) => {
    const file = join(folder, 'sandbox.json');
    writeFileSync(file, text);
    expect(() => openState(folder)).toThrow(
      expect.objectContaining({ code: 'CONFIG_BROKEN', next: 'call-administrator' }),
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
