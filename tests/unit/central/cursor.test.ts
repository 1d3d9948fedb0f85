import { expect, it } from 'vitest';
import { derivedId } from '../../../src/central/admin/derived-id.ts';
import { readCursor, writeCursor } from '../../../src/central/sync/cursor.ts';
import { Id } from '../../../src/shared/ids.ts';

const CURSOR = { epochTag: '0123456789abcdef', runId: '01a2054f-e791-42f5-b2b1-bd977c382229', xid: '760', seq: '3' };

it('reads back the cursor that it wrote, and none that somebody changed or wrote with another secret', () => {
  const text = writeCursor(CURSOR, 'secret');
  expect(readCursor(text, 'secret')).toEqual(CURSOR);
  expect(readCursor(text, 'other')).toBeNull();
  for (let i = 0; i < text.length; i += 1) {
    const changed = `${text.slice(0, i)}${text[i] === '7' ? '8' : '7'}${text.slice(i + 1)}`;
    if (changed !== text) expect(readCursor(changed, 'secret')).toBeNull();
  }
  expect(readCursor('', 'secret')).toBeNull();
});

it('derives the same id from the same names, an id like any other', () => {
  expect(derivedId('a', 'bc')).toBe(derivedId('a', 'bc'));
  expect(derivedId('a', 'bc')).not.toBe(derivedId('ab', 'c'));
  for (let i = 0; i < 50; i += 1) expect(Id.safeParse(derivedId('x', String(i))).success).toBe(true);
});
