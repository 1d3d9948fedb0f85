import { beforeEach, describe, expect, test } from 'vitest';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import {
  keepLetterDraft,
  readLetterDraft,
  readMessage,
  readWaiting,
  sendMessage,
  settleMessage,
  WAITING_MESSAGES,
} from '../../../src/main/messages.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Interaction } from '../../../src/shared/interaction.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { forgetCustomers } from '../../../src/sync/forget.ts';
import { accessLog, NOON, openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const HOUR = 3_600_000;
const customerId = SAMPLE.gold.id;
const at = (hours: number) => new Date(NOON + hours * HOUR).toISOString();

let desk: TestContext;
beforeEach(() => {
  desk = openTestContext();
});

/** A mail that came from the centre. */
function mail(more: Partial<Interaction> = {}, message: Partial<NonNullable<Interaction['message']>> = {}): string {
  const id = more.id ?? newId();
  const data: Interaction = {
    ...{ id, customerId, channel: 'email', direction: 'in', startedAt: at(-2), answeredAt: null, endedAt: null },
    ...{ result: null, phone: null, queue: null, agentId: null, agentName: null, dispositionCode: null },
    ...{ subject: '010-0000-1234 건 문의', ...more },
    message: { address: 'minsu.kim@example.com', text: '010-0000-1234로 연락 주세요.', dueAt: at(22), ...message },
  };
  const row = { table: 'interaction' as const, id, version: 1, deleted: false, data };
  desk.cache.transaction(() => applyRows(desk.cache, [row])).immediate();
  return id;
}

const letter = (answers: string | null, text: string, subject = 'Re: 문의') => ({
  ...{ messageId: newId(), customerId, answers, contactPointId: null, replaces: null, subject, text },
});
const view = () => createCustomerDoor(desk).readCustomer({ customerId, callId: null, unmasked: false }, null);

describe('mails at a desk', () => {
  test('wait by due time, masked, and are found by their index; whose names are shown is logged', () => {
    const later = mail({}, { dueAt: at(30) });
    const sooner = mail();
    const nobodys = mail({ customerId: null }, { dueAt: at(40) });
    mail({}, { settled: { at: at(-1), byName: '이서연', how: 'answered' } });
    const { items } = readWaiting(desk);
    expect(items.map(({ interaction }) => interaction.id)).toEqual([sooner, later, nobodys]);
    expect(items[0]?.interaction).toMatchObject({
      subject: '010-****-1234 건 문의',
      message: { address: expect.not.stringContaining('minsu.kim'), text: '010-****-1234로 연락 주세요.' },
    });
    expect(items.map(({ customer }) => customer?.id ?? null)).toEqual([customerId, customerId, null]);
    expect(accessLog(desk)).toMatchObject([{ action: 'view', customerId, context: 'messages' }]);
    const plan = desk.cache.prepare(`EXPLAIN QUERY PLAN ${WAITING_MESSAGES.list}`).all() as { detail: string }[];
    expect(plan.map(({ detail }) => detail).join()).toContain('interaction_waiting');
  });

  test('an answer is one operation with the name filled in; the same id again is the same answer; it is seen at once', () => {
    const asked = mail();
    const act = letter(asked, '{{customer}} 님, 사흘 걸립니다.', 'Re: 010-****-1234 건 문의');
    keepLetterDraft(desk, customerId, { ...act, text: '사흘' });
    expect(sendMessage(desk, act)).toEqual({ mark: 'here' });
    sendMessage(desk, act);
    const sent = operations(desk).filter(({ kind }) => kind === 'message.send');
    expect(sent).toHaveLength(1);
    expect(sent[0]?.payload).toMatchObject({
      ...{ messageId: act.messageId, answers: asked, channel: 'email', customerId },
      ...{ text: '김민수 님, 사흘 걸립니다.', subject: 'Re: 010-0000-1234 건 문의' },
    });
    expect(readWaiting(desk).items).toEqual([]);
    expect(readLetterDraft(desk, customerId)).toBe(null);
    const lines = view().timeline.map(({ interaction, mark }) => [interaction.id, interaction.message, mark]);
    expect(lines).toContainEqual([act.messageId, expect.objectContaining({ sending: expect.anything() }), 'here']);
    expect(
      view().timeline.find(({ interaction }) => interaction.id === asked)?.interaction.message?.settled,
    ).toMatchObject({ how: 'answered' });
  });

  test('a mail that the history shows with its beginning is read whole, and searched whole', () => {
    const id = mail({}, { text: `${'가'.repeat(500)} 바늘` });
    const shown = view().timeline.find(({ interaction }) => interaction.id === id)?.interaction.message;
    expect(shown?.text.length).toBeLessThanOrEqual(400);
    expect(shown?.cut).toBe(true);
    expect(readMessage(desk, id).interaction.message?.text).toContain('바늘');
    const request = { customerId, before: null, only: null, text: '바늘' };
    const { lines } = createCustomerDoor(desk).readHistory(request);
    expect(lines.map((line) => (line.kind === 'contact' ? line.entry.interaction.id : ''))).toEqual([id]);
  });

  test('a mail that went out is read as masked as one that came; only one that failed shows its words, to be mended', () => {
    const out = (state: 'sent' | 'failed') =>
      mail(
        { direction: 'out' },
        { sending: { state, tries: 1, at: at(-1), reason: null }, text: '010-0000-1234로 드립니다.' },
      );
    const read = (id: string) => readMessage(desk, id).interaction;
    const hidden = { address: expect.not.stringContaining('minsu.kim') };
    expect(read(out('sent'))).toMatchObject({ subject: '010-****-1234 건 문의', message: hidden });
    expect(read(out('sent')).message?.text).toBe('010-****-1234로 드립니다.');
    const mended = { ...hidden, text: '010-0000-1234로 드립니다.' };
    expect(read(out('failed'))).toMatchObject({ subject: '010-0000-1234 건 문의', message: mended });
  });

  test('one that needs no answer waits no more; one of nobody becomes that of a customer', () => {
    const nobodys = mail({ customerId: null });
    settleMessage(desk, { messageId: nobodys, customerId, done: false });
    expect(readWaiting(desk).items).toMatchObject([{ interaction: { customerId }, mark: 'here' }]);
    settleMessage(desk, { messageId: nobodys, customerId, done: true });
    expect(readWaiting(desk).items).toEqual([]);
  });

  test('a letter that was sent is no draft any more, whatever comes late or again of it', () => {
    const act = letter(mail(), '보낸 글');
    const { customerId: _, ...kept } = act;
    keepLetterDraft(desk, customerId, kept);
    expect(readLetterDraft(desk, customerId)?.messageId).toBe(act.messageId);
    sendMessage(desk, act);
    // A draft that was under way when the host went comes behind the send that it belongs to, and the send itself again.
    keepLetterDraft(desk, customerId, kept);
    expect(readLetterDraft(desk, customerId)).toBe(null);
    expect(sendMessage(desk, act)).toEqual({ mark: 'here' });
    expect(operations(desk).filter(({ kind }) => kind === 'message.send')).toHaveLength(1);
    // Also once the centre has it and the outbox has forgotten it.
    desk.outbox.exec('DELETE FROM operation');
    mail({ id: act.messageId, direction: 'out' });
    keepLetterDraft(desk, customerId, kept);
    expect(readLetterDraft(desk, customerId)).toBe(null);
    sendMessage(desk, act);
    expect(operations(desk)).toEqual([]);
    // The next letter is another one.
    const next = { ...kept, messageId: newId(), text: '다음 글' };
    keepLetterDraft(desk, customerId, next);
    expect(readLetterDraft(desk, customerId)).toEqual(next);
  });

  test('what was being written is there again, for whoever wrote it, and goes with an erased customer', () => {
    const draft = { answers: null, contactPointId: null, replaces: null, subject: 's', text: '쓰던 글' };
    keepLetterDraft(desk, customerId, draft);
    expect(readLetterDraft(desk, customerId)).toEqual(draft);
    const { sitting } = desk;
    desk.sitting = { ...sitting, id: newId() };
    expect(readLetterDraft(desk, customerId)).toBe(null);
    desk.sitting = sitting;
    forgetCustomers(desk.outbox, [customerId]);
    expect(readLetterDraft(desk, customerId)).toBe(null);
  });

  test('without any address nothing is sent', () => {
    desk.cache.exec(`DELETE FROM contact_point WHERE kind = 'email'`);
    expect(() => sendMessage(desk, letter(null, 'x'))).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
});
