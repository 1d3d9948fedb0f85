import { beforeEach, expect, test } from 'vitest';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { readMessage, readWaiting } from '../../../src/main/messages.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Interaction } from '../../../src/shared/interaction.ts';
import { MESSAGE_TEXT_MAX } from '../../../src/shared/message.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import type { Statement } from '../../../src/sync/sql-db.ts';
import { NOON, openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const customerId = SAMPLE.gold.id;
const MAILS = 20;
const at = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();

let desk: TestContext;
beforeEach(() => {
  desk = openTestContext();
});

/** A mail as long as any is kept; in Hangul that is 30 KB. A number stands across the place where an excerpt ends. */
const LONG = `${'가'.repeat(392)} 010-0000-1234 ${'나'.repeat(MESSAGE_TEXT_MAX - 500)} 바늘`;

function arrive(text: string, minutes: number): string {
  const id = newId();
  const data: Interaction = {
    ...{ id, customerId, channel: 'email', direction: 'in', startedAt: at(minutes), answeredAt: null, endedAt: null },
    ...{ result: null, phone: null, queue: null, agentId: null, agentName: null, dispositionCode: null },
    subject: '문의',
    message: { address: 'minsu.kim@example.com', text, dueAt: at(600) },
  };
  const row = { table: 'interaction' as const, id, version: 1, deleted: false, data };
  desk.cache.transaction(() => applyRows(desk.cache, [row])).immediate();
  return id;
}

/** Bytes of text that come out of the cache while `work` runs. */
function bytesRead(work: () => unknown): number {
  const { cache } = desk;
  let bytes = 0;
  const weigh = (value: unknown): void => {
    if (typeof value === 'string') bytes += Buffer.byteLength(value);
    else if (value !== null && typeof value === 'object') for (const part of Object.values(value)) weigh(part);
  };
  const weighed = <T>(answer: T): T => {
    weigh(answer);
    return answer;
  };
  const listen = (statement: Statement): Statement => ({
    run: (...params) => statement.run(...params),
    get: (...params) => weighed(statement.get(...params)),
    all: (...params) => weighed(statement.all(...params)),
  });
  desk.cache = { ...cache, prepare: (sql: string) => listen(cache.prepare(sql)) };
  work();
  desk.cache = cache;
  return bytes;
}

const view = (unmasked = false) =>
  createCustomerDoor(desk).readCustomer({ customerId, callId: null, unmasked }, { action: 'view', context: 'test' });
const history = (text: string) => createCustomerDoor(desk).readHistory({ customerId, before: null, only: null, text });

test('twenty long mails: pop, peek, history and list read the beginning of each', () => {
  const before = { pop: bytesRead(() => view()), waiting: bytesRead(() => readWaiting(desk)) };
  for (let n = 0; n < MAILS; n += 1) arrive(LONG, n);
  // 600 signs of three bytes, and what else a mail has.
  const most = MAILS * 2600;
  expect(bytesRead(() => view()) - before.pop).toBeLessThan(most);
  expect(bytesRead(() => view(true)) - before.pop).toBeLessThan(most);
  expect(bytesRead(() => history('')) - before.pop).toBeLessThan(most);
  expect(bytesRead(() => readWaiting(desk)) - before.waiting).toBeLessThan(most);
});

test('an excerpt says that there is more, never shows half a number, and the mail is read and searched whole', () => {
  const long = arrive(LONG, 2);
  const short = arrive('짧은 글', 1);
  for (const [unmasked, shown] of [
    [false, '010-****'],
    [true, '010-0000'],
  ] as const) {
    const messages = new Map(view(unmasked).timeline.map(({ interaction: one }) => [one.id, one.message]));
    expect(messages.get(long)?.text).toHaveLength(400);
    expect(messages.get(long)?.text).toContain(shown.slice(0, 7));
    expect(messages.get(long)?.cut).toBe(true);
    expect(messages.get(short)).toMatchObject({ text: '짧은 글' });
    expect(messages.get(short)?.cut).toBe(undefined);
  }
  expect(
    view()
      .timeline.map(({ interaction }) => interaction.message?.text ?? '')
      .join(),
  ).not.toContain('010-0');
  const whole = readMessage(desk, long).interaction.message;
  expect(whole?.text).toBe(LONG.replace('0000', '****'));
  expect(whole?.cut).toBe(undefined);
  expect(history('바늘').lines).toHaveLength(1);
});

test('a row that is long for other reasons is given as it is', () => {
  const id = arrive('짧은 글', 1);
  const attachments = Array.from({ length: 30 }, (_, n) => ({
    name: `${'이름'.repeat(40)}${n}`,
    type: 'a/b',
    bytes: n,
  }));
  const set = `UPDATE interaction SET data = json_set(data, '$.message.attachments', json(?)) WHERE id = ?`;
  desk.cache.prepare(set).run(JSON.stringify(attachments), id);
  const shown = view().timeline.find(({ interaction }) => interaction.id === id)?.interaction.message;
  expect(shown).toMatchObject({ text: '짧은 글', attachments });
  expect(shown?.cut).toBe(undefined);
});
