import { beforeEach, describe, expect, test } from 'vitest';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { readMessage, readWaiting, sendMessage, settleMessage } from '../../../src/main/messages.ts';
import { shareScreen } from '../../../src/main/screen-share.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Interaction } from '../../../src/shared/interaction.ts';
import { MASKED, maskName } from '../../../src/shared/masking.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { accessLog, NOON, openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const customerId = SAMPLE.gold.id;
const at = (hours: number) => new Date(NOON + hours * 3_600_000).toISOString();

let desk: TestContext;
beforeEach(() => {
  desk = openTestContext();
});

type Message = NonNullable<Interaction['message']>;

/** What came from a form or a service, by way of the centre. */
function came(channel: 'web' | 'message', message: Partial<Message>, more: Partial<Interaction> = {}): string {
  const id = newId();
  const data: Interaction = {
    ...{ id, customerId, channel, direction: 'in', startedAt: at(-2), answeredAt: null, endedAt: null },
    ...{ result: null, phone: null, queue: null, agentId: null, agentName: null, dispositionCode: null },
    ...{ subject: null, ...more },
    message: { address: null, text: '문의합니다', dueAt: at(22), ...message },
  };
  const row = { table: 'interaction' as const, id, version: 1, deleted: false, data };
  desk.cache.transaction(() => applyRows(desk.cache, [row])).immediate();
  return id;
}

const nameOf = (): string => {
  const row = desk.cache.prepare('SELECT data FROM customer WHERE id = ?').get(customerId) as { data: string };
  return (JSON.parse(row.data) as { name: string }).name;
};
const TALK = { name: 'talk', label: '단골톡', answers: true };
const letter = (answers: string, text = '네, 됩니다.') => ({
  ...{ messageId: newId(), customerId, answers, contactPointId: null, replaces: null, subject: '단골톡', text },
});

describe('what was written in a form or to a service, at a desk', () => {
  test('shows who says to have written it, and every field, masked', () => {
    const fields = [
      { name: '희망 번호', value: '010-0000-1234' },
      { name: '관심 상품', value: '인터넷' },
    ];
    const form = { name: '홍길동', phone: '010-0000-5678', address: 'gildong@example.com', fields };
    const id = came('web', { ...form, via: { name: 'form', label: '문의 양식', answers: true } }, { customerId: null });
    const [item] = readWaiting(desk).items;
    for (const shown of [item?.interaction.message, readMessage(desk, id).interaction.message]) {
      expect(shown).toMatchObject({ name: '홍*동', phone: '010-****-5678', via: { label: '문의 양식' } });
      expect(shown?.address).not.toContain('gildong');
      expect(shown?.fields).toEqual(fields.map(({ name }) => ({ name, value: MASKED })));
    }
  });

  test('what was filled in is seen for a reason, which is logged, and not while others see the screen', () => {
    const fields = [
      { name: '주소', value: '강남구 테헤란로 152, 101동 1502호' },
      { name: '생년월일', value: '1988-03-04' },
      { name: '비고', value: '' },
    ];
    const id = came('web', { fields, via: { name: 'form', label: '문의 양식', answers: true } });
    const door = createCustomerDoor(desk);
    const inView = (unmasked: boolean) =>
      door
        .readCustomer({ customerId, callId: null, unmasked }, { action: 'peek', context: '확인' })
        .timeline.find(({ interaction }) => interaction.id === id)?.interaction.message?.fields;
    const inHistory = (text: string) =>
      door
        .readHistory({ customerId, before: null, only: null, text })
        .lines.flatMap((line) => (line.kind === 'contact' ? (line.entry.interaction.message?.fields ?? []) : []));
    const masked = fields.map(({ name, value }) => ({ name, value: value && MASKED }));
    expect(inView(false)).toEqual(masked);
    expect(inView(true)).toEqual(fields);
    expect(inHistory('')).toEqual(masked);
    // A search that found by a part of a value would say the value.
    expect(inHistory('테헤란로')).toEqual([]);
    expect(readMessage(desk, id).interaction.message?.fields).toEqual(masked);
    expect(readMessage(desk, id, '주소 확인').interaction.message?.fields).toEqual(fields);
    expect(accessLog(desk).at(-1)).toMatchObject({ action: 'peek', customerId, context: '주소 확인' });
    shareScreen(desk, true);
    expect(() => readMessage(desk, id, '주소 확인')).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  });

  test('names of files do not say whose they are', () => {
    const attachments = [
      { name: '김길순_010-0000-5678.pdf', type: 'application/pdf', bytes: 8 },
      { name: `${nameOf()} 계약서.pdf`, type: 'application/pdf', bytes: 8 },
    ];
    const id = came('web', { name: '김길순', attachments, via: { name: 'form', label: '문의 양식', answers: true } });
    const door = createCustomerDoor(desk);
    const view = door.readCustomer({ customerId, callId: null, unmasked: false }, null);
    const { lines } = door.readHistory({ customerId, before: null, only: null, text: '' });
    for (const message of [
      readMessage(desk, id).interaction.message,
      readWaiting(desk).items[0]?.interaction.message,
      view.timeline.find(({ interaction }) => interaction.id === id)?.interaction.message,
      lines.flatMap((line) => (line.kind === 'contact' ? [line.entry.interaction] : [])).find((one) => one.id === id)
        ?.message,
    ]) {
      expect(message?.attachments?.map(({ name }) => name)).toEqual([
        '김*순_010-****-5678.pdf',
        `${maskName(nameOf())} 계약서.pdf`,
      ]);
    }
  });

  test('of a long form the history has the beginning, and whoever opens it all of it', () => {
    const fields = Array.from({ length: 20 }, (_, n) => ({ name: `칸 ${n}`, value: '값'.repeat(500) }));
    const id = came('web', { fields, via: { name: 'form', label: '문의 양식', answers: true } });
    const door = createCustomerDoor(desk);
    const { timeline } = door.readCustomer({ customerId, callId: null, unmasked: false }, null);
    const shown = timeline.find(({ interaction }) => interaction.id === id)?.interaction.message;
    expect(shown?.fields?.length).toBeLessThan(20);
    expect(shown?.cut).toBe(true);
    expect(readMessage(desk, id).interaction.message?.fields).toHaveLength(20);
    expect(readMessage(desk, id, '내용 확인').interaction.message?.fields).toEqual(fields);
  });

  test('how a service calls somebody is no address that a screen shows', () => {
    const id = came('message', { address: 'kakao-user-77', via: TALK });
    expect(readMessage(desk, id).interaction.message?.address).toBe(null);
  });

  test('a chat message is answered in the chat, offline too: seen at once, and one operation', () => {
    const asked = came('message', { address: 'u-77', via: TALK });
    const act = letter(asked);
    expect(sendMessage(desk, act)).toEqual({ mark: 'here' });
    sendMessage(desk, act);
    const sent = operations(desk).filter(({ kind }) => kind === 'message.send');
    expect(sent.map(({ payload }) => payload)).toMatchObject([{ channel: 'message', answers: asked, text: act.text }]);
    expect(readWaiting(desk).items).toEqual([]);
    expect(readMessage(desk, act.messageId).interaction.message?.sending).toMatchObject({ state: 'queued' });
  });

  test('a service that takes no answers is given none, whatever addresses the customer has; it can be set aside', () => {
    const asked = came('message', { address: 'u-77', via: { ...TALK, answers: false } });
    expect(() => sendMessage(desk, letter(asked))).toThrow('no answers');
    const nameless = came('message', { via: TALK });
    expect(() => sendMessage(desk, letter(nameless))).toThrow('no address');
    expect(operations(desk).filter(({ kind }) => kind === 'message.send')).toEqual([]);
    settleMessage(desk, { messageId: asked, customerId, done: true });
    expect(readWaiting(desk).items.map(({ interaction }) => interaction.id)).toEqual([nameless]);
  });

  test('a form without an address is answered by mail, to an address of the customer', () => {
    const asked = came('web', { via: { name: 'form', label: '문의 양식', answers: true } });
    expect(() => sendMessage(desk, letter(asked))).toThrow('no address');
    const id = newId();
    const point = {
      id,
      customerId,
      kind: 'email' as const,
      value: 'a@example.com',
      e164: null,
      last8: null,
      label: null,
    };
    const row = { table: 'contact_point' as const, id, version: 1, deleted: false, data: { ...point, primary: true } };
    desk.cache.transaction(() => applyRows(desk.cache, [row])).immediate();
    expect(sendMessage(desk, letter(asked))).toEqual({ mark: 'here' });
    const [sent] = operations(desk).filter(({ kind }) => kind === 'message.send');
    expect(sent?.payload).toMatchObject({ channel: 'email', answers: asked });
  });
});
