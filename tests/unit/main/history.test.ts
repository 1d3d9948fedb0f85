import { beforeEach, describe, expect, test } from 'vitest';
import { type CustomerDoor, createCustomerDoor } from '../../../src/main/customer-360.ts';
import { HISTORY_OF } from '../../../src/main/history.ts';
import { saveNote } from '../../../src/main/notes.ts';
import type { HistoryLine, HistoryPlace, HistoryRequest } from '../../../src/shared/history.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Interaction } from '../../../src/shared/interaction.ts';
import { NOON, openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const customerId = SAMPLE.gold.id;
let desk: TestContext;
let door: CustomerDoor;
beforeEach(() => {
  desk = openTestContext();
  door = createCustomerDoor(desk);
  desk.cache.exec('DELETE FROM interaction; DELETE FROM note');
});

/** Contacts on all channels, two of the same moment each, the newest first; every tenth with a note. */
function fill(count: number): string[] {
  const ids = Array.from({ length: count }, () => newId());
  const contact = desk.cache.prepare(
    'INSERT INTO interaction (id, version, customer_id, started_at, data) VALUES (?, 1, ?, ?, ?)',
  );
  const note = desk.cache.prepare('INSERT INTO note VALUES (?, 1, ?, ?, ?, ?)');
  const write = () => {
    for (const [n, id] of ids.entries()) {
      const at = new Date(NOON - Math.floor(n / 2) * 60_000).toISOString();
      const row: Interaction = {
        ...{
          id,
          customerId,
          channel: n % 3 === 0 ? 'email' : 'phone',
          direction: 'in',
          startedAt: at,
          answeredAt: null,
        },
        ...{ endedAt: null, result: null, phone: '+821000001001', queue: null, agentId: null, agentName: '최수아' },
        ...{ subject: `문의 ${n}`, dispositionCode: null },
      };
      contact.run(id, customerId, at, JSON.stringify(row));
      if (n % 10 !== 0) continue;
      const said = { id: newId(), interactionId: id, customerId, text: `상담 내용 ${n}, 010-0000-4321로 회신` };
      note.run(said.id, customerId, id, at, JSON.stringify({ ...said, authorId: newId(), authorName: '최수아', at }));
    }
  };
  desk.cache.transaction(write).immediate();
  return ids;
}

function readAll(more: Partial<HistoryRequest> = {}): { lines: HistoryLine[]; pages: number } {
  const lines: HistoryLine[] = [];
  let before: HistoryPlace | null = null;
  for (let pages = 1; ; pages += 1) {
    const page = door.readHistory({ customerId, before, only: null, text: '', ...more });
    lines.push(...page.lines);
    if (page.next === null) return { lines, pages };
    before = page.next;
  }
}
const subjects = (lines: HistoryLine[]) =>
  lines.map((line) => (line.kind === 'contact' ? line.entry.interaction.subject : line.note.text));

describe('a history of 10,000 contacts', () => {
  test('comes in pages that miss nothing and repeat nothing, also where moments are the same', () => {
    const ids = fill(10_000);
    const { lines, pages } = readAll();
    expect(pages).toBe(101);
    expect(new Set(lines.map((line) => (line.kind === 'contact' ? line.entry.interaction.id : '')))).toEqual(
      new Set(ids),
    );
    expect(lines).toHaveLength(10_000);
    const times = lines.map(({ at }) => at);
    expect([...times].sort().reverse()).toEqual(times);
  });

  test('is filtered by channel and searched in what may be seen: notes too, and nothing behind the mask', () => {
    fill(10_000);
    expect(subjects(readAll({ text: '문의 9999' }).lines)).toEqual(['문의 9999']);
    expect(readAll({ only: 'notes' }).lines).toHaveLength(1000);
    expect(readAll({ only: 'email' }).lines).toHaveLength(3334);
    expect(subjects(readAll({ text: '상담 내용 40,' }).lines)).toEqual(['문의 40']);
    expect(readAll({ text: '010-0000-4321' }).lines).toEqual([]);
  });

  test('a search that finds little answers in bounded steps', () => {
    fill(10_000);
    const first = door.readHistory({ customerId, before: null, only: null, text: '문의 9999' });
    expect(first).toMatchObject({ lines: [], next: { at: expect.any(String) } });
  });
});

test('what was written here and is not at the centre yet is with its call, and masked', () => {
  const [newest] = fill(3);
  saveNote(desk, { noteId: newId(), callId: newest ?? '', customerId, text: '회신 번호 010-0000-4321' });
  const { lines } = readAll();
  const line = lines.find((one) => one.kind === 'contact' && one.entry.interaction.id === newest);
  expect(line?.kind === 'contact' && line.entry.notes).toMatchObject([
    { text: expect.stringContaining('상담 내용 0'), mark: 'centre' },
    { text: '회신 번호 010-****-4321', mark: 'here' },
  ]);
});

test('belongs to the look at its customer; without one it is a look of its own, and nobody is told of somebody unknown', () => {
  fill(3);
  const looks = () => desk.outbox.prepare('SELECT count(*) AS n FROM access_log').get() as { n: number };
  door.readHistory({ customerId, before: null, only: null, text: '' });
  door.readHistory({ customerId, before: null, only: null, text: '문의' });
  expect(looks()).toEqual({ n: 1 });
  const nobody = { customerId: newId(), before: null, only: null, text: '' };
  expect(() => door.readHistory(nobody)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

test.each(Object.entries(HISTORY_OF))('%s is read by an index and not sorted', (_name, sql) => {
  const marks = sql.split('?').length - 1;
  const plan = desk.cache.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array(marks).fill('x')) as { detail: string }[];
  const text = plan.map(({ detail }) => detail).join(' | ');
  expect(text).toMatch(/USING INDEX (interaction_customer|note_customer|note_interaction)/);
  expect(text).not.toContain('TEMP B-TREE');
});
