import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Id, newId } from '../../../src/shared/ids.ts';
import type { Interaction } from '../../../src/shared/interaction.ts';
import { arrived, newSource, sign, type TestSource } from './inbound-kit.ts';
import { newCustomer, startTestCentre, type TestCentre, type TestDesk } from './kit.ts';

let centre: TestCentre;
let desk: TestDesk;
let chat: TestSource;
let form: TestSource;
let turned = 0;

/** The service that answers are given to. */
const service = { url: '', status: 200, got: [] as { headers: IncomingHttpHeaders; body: string }[] };
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    service.got.push({ headers: request.headers, body });
    response.writeHead(service.status).end();
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  service.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/answers`;
  centre = await startTestCentre({ clock: () => Date.now() + turned });
  desk = await centre.desk();
  chat = await newSource(centre, { name: 'talk', channel: 'message', label: '상담톡', replyUrl: service.url });
  form = await newSource(centre, { name: 'shop-form', channel: 'web', label: '문의 양식' });
});
afterAll(async () => {
  await centre.close();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  turned = 0;
  service.status = 200;
  service.got.length = 0;
});

const SLOW = { timeout: 40_000 };
let last = 0;
const nextId = () => {
  last += 1;
  return `m-${last}`;
};
const say = async (text: string, more: object = {}): Promise<Interaction> => {
  const answer = await chat.post({ id: nextId(), text, ...more });
  expect(answer.status, answer.text).toBe(201);
  return arrived(desk, text);
};
async function customer(name: string, phone: string, email?: string): Promise<Id> {
  const one = newCustomer(name, phone);
  const mail = { id: newId(), kind: 'email' as const, value: email ?? '', label: null };
  const { status } = await desk.do({ ...one, contactPoints: [...one.contactPoints, ...(email ? [mail] : [])] });
  expect(status).toBe('applied');
  return one.customerId;
}
const rowOf = async (id: Id) =>
  (await desk.snapshot('interaction')).find((row) => row.id === id)?.data as Interaction | undefined;
const sendingOf = async (id: Id) => (await rowOf(id))?.message?.sending;
const answer = (asked: Interaction, customerId: Id, text = '네, 가능합니다.') => ({
  ...{ kind: 'message.send' as const, messageId: newId(), customerId, channel: 'message' as const, answers: asked.id },
  ...{ contactPointId: null, subject: '상담톡', text },
});

describe('whose it is', () => {
  it('whoever has the number or the address, however it is written', async () => {
    const minji = await customer('김민지', '010-0000-1111', 'minji@example.com');
    expect((await say('번호로', { from: { phone: '+82 10 0000 1111' } })).customerId).toBe(minji);
    expect((await say('주소로', { from: { email: 'MINJI@example.com' } })).customerId).toBe(minji);
    expect((await say('둘 다', { from: { phone: '01000001111', email: 'minji@example.com' } })).customerId).toBe(minji);
    await form.post({ id: nextId(), 연락처: '010 0000 1111', 내용: '양식으로' });
    expect((await arrived(desk, '양식으로')).customerId).toBe(minji);
  });

  it('nobody, where several have it, or number and address are of different people', async () => {
    const one = await customer('이하나', '010-0000-2222', 'one@example.com');
    await customer('이두리', '010-0000-2222', 'two@example.com');
    expect((await say('가족 번호', { from: { phone: '010-0000-2222' } })).customerId).toBe(null);
    const both = { phone: '010-0000-2222', email: 'one@example.com' };
    expect((await say('가족 번호와 주소', { from: both })).customerId).toBe(one);
    await customer('박다름', '010-0000-3333');
    const mixed = { phone: '010-0000-3333', email: 'one@example.com' };
    expect((await say('엇갈림', { from: mixed })).customerId).toBe(null);
  });

  it('nobody, where one of number and address is nobody’s: somebody else may have typed the other', async () => {
    await customer('오피해', '010-0000-3434', 'victim@example.com');
    const strange = { phone: '010-0000-3434', email: 'attacker@example.net' };
    expect((await say('남의 번호', { from: strange })).customerId).toBe(null);
    await form.post({ id: nextId(), ...strange, text: '양식에 남의 번호' });
    expect((await arrived(desk, '양식에 남의 번호')).customerId).toBe(null);
    await form.post({ id: nextId(), phone: '010-0000-9393', email: 'victim@example.com', text: '양식에 남의 주소' });
    expect((await arrived(desk, '양식에 남의 주소')).customerId).toBe(null);
  });

  it('the customer whose number a service says; a form that says one is not believed', async () => {
    const id = await customer('최번호', '010-0000-4444');
    const row = (await desk.snapshot('customer')).find((one) => one.id === id)?.data;
    const customerNumber = row && 'customerNumber' in row ? row.customerNumber : '';
    expect((await say('번호로 로그인', { from: { customerNumber } })).customerId).toBe(id);
    await form.post({ id: nextId(), customerNumber, text: '양식의 고객 번호' });
    const said = await arrived(desk, '양식의 고객 번호');
    expect(said.customerId).toBe(null);
    expect(said.message?.fields).toEqual([{ name: 'customerNumber', value: customerNumber }]);
  });

  it('a conversation is one thread, and once an agent said whose it is, what follows is theirs', async () => {
    const id = await customer('정대화', '010-0000-5555');
    const talk = { conversation: 'c-1', from: { id: 'u-1' } };
    const first = await say('저 기억하시죠', talk);
    expect(first.customerId).toBe(null);
    await desk.do({ kind: 'message.settle', messageId: first.id, customerId: id, done: false });
    const second = await say('그때 그 건이요', talk);
    expect(second).toMatchObject({ customerId: id, message: { answers: first.id } });
    // The same person in another conversation; another person in this one.
    expect((await say('다른 대화', { conversation: 'c-2', from: { id: 'u-1' } })).customerId).toBe(id);
    expect((await say('옆 사람', { conversation: 'c-1', from: { id: 'u-2' } })).customerId).toBe(null);
    // A conversation of another service has nothing to do with it.
    const other = await newSource(centre, { name: 'other-talk', channel: 'message', label: '다른 톡' });
    await other.post({ id: nextId(), text: '다른 서비스', ...talk });
    expect((await arrived(desk, '다른 서비스')).customerId).toBe(null);
  });
});

describe('an answer to a service', () => {
  it('goes out once, signed, with the conversation and its own id; what the customer says then continues it', async () => {
    const id = await customer('한답장', '010-0000-6666');
    const from = { id: 'u-6', phone: '010-0000-6666' };
    const asked = await say('언제 되나요', { id: 'ask-6', conversation: 'c-6', from });
    const operation = desk.operation(answer(asked, id));
    await desk.push(operation);
    await desk.push(operation);
    const { messageId } = operation.payload as ReturnType<typeof answer>;
    await expect.poll(() => sendingOf(messageId), SLOW).toMatchObject({ state: 'sent', tries: 1 });
    expect(service.got).toHaveLength(1);
    const [got] = service.got;
    expect(JSON.parse(got?.body ?? '')).toEqual({
      ...{
        id: messageId,
        to: 'u-6',
        inReplyTo: 'ask-6',
        conversation: 'c-6',
        subject: '상담톡',
        text: '네, 가능합니다.',
      },
    });
    const at = String(got?.headers['dangol-timestamp']);
    expect(got?.headers['dangol-signature']).toBe(sign(chat.secret, at, Buffer.from(got?.body ?? '')));
    expect(got?.headers['idempotency-key']).toBe(messageId);
    expect((await rowOf(asked.id))?.message?.settled).toMatchObject({ how: 'answered' });
    expect((await say('감사합니다', { conversation: 'c-6', from })).message?.answers).toBe(messageId);
  });

  it('is signed by both secrets for the day of a new one, so that neither side has to be the first; by the new one alone where the old one ends', async () => {
    const replyUrl = service.url;
    const two = await newSource(centre, { name: 'two-secrets', channel: 'message', label: '두 비밀', replyUrl });
    const id = await customer('한비밀', '010-0000-6767');
    await two.post({ id: nextId(), from: { id: 'u-67', phone: '010-0000-6767' }, text: '비밀이 바뀌는 날' });
    const asked = await arrived(desk, '비밀이 바뀌는 날');
    const renew = async (atOnce: boolean) =>
      (await centre.admin('POST', 'message-sources/two-secrets/secret', { atOnce })) as { secret: string };
    const { secret } = await renew(false);
    for (const keysNow of [() => Promise.resolve([secret, two.secret]), async () => [(await renew(true)).secret]]) {
      const keys = await keysNow();
      service.got.length = 0;
      const sent = answer(asked, id);
      await desk.do(sent);
      await expect.poll(() => sendingOf(sent.messageId), SLOW).toMatchObject({ state: 'sent' });
      const [got] = service.got;
      const at = String(got?.headers['dangol-timestamp']);
      const wanted = keys.map((key) => sign(key, at, Buffer.from(got?.body ?? '')));
      expect(got?.headers['dangol-signature']).toBe(wanted.join(','));
    }
  });

  it('is tried again where the service is ill, and says so where it is refused', async () => {
    const id = await customer('한재시', '010-0000-7777');
    const asked = await say('다시', { from: { id: 'u-7', phone: '010-0000-7777' } });
    service.status = 503;
    const first = answer(asked, id);
    await desk.do(first);
    await expect.poll(() => sendingOf(first.messageId), SLOW).toMatchObject({ state: 'queued', tries: 1 });
    service.status = 200;
    turned = 120_000;
    await expect.poll(() => sendingOf(first.messageId), SLOW).toMatchObject({ state: 'sent', tries: 2 });
    expect(new Set(service.got.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set([first.messageId]));
    service.status = 422;
    const second = answer(asked, id, '안 되는 글');
    await desk.do(second);
    await expect.poll(() => sendingOf(second.messageId), SLOW).toMatchObject({ state: 'failed', reason: 'refused' });
  });

  it('a service without a reply address says so with each message, and what waits hears when that changes', async () => {
    const mute = await newSource(centre, { name: 'mute', channel: 'message', label: '알림톡' });
    const id = await customer('한무음', '010-0000-8888');
    await mute.post({ id: nextId(), from: { id: 'u-8', phone: '010-0000-8888' }, text: '답은 못 받아요' });
    const asked = await arrived(desk, '답은 못 받아요');
    expect(asked.message?.via).toEqual({ name: 'mute', label: '알림톡', answers: false });
    const hopeless = answer(asked, id);
    await desk.do(hopeless);
    await expect
      .poll(() => sendingOf(hopeless.messageId), SLOW)
      .toMatchObject({ state: 'failed', reason: 'no_answers' });
    await mute.post({ id: nextId(), from: { id: 'u-8', phone: '010-0000-8888' }, text: '이제는요' });
    await centre.admin('PUT', 'message-sources', { name: 'mute', replyUrl: service.url, label: '알림톡 2' });
    expect((await arrived(desk, '이제는요')).message?.via).toEqual({ name: 'mute', label: '알림톡 2', answers: true });
    // Nobody is named to whom an answer could go, and a change of the source changes nothing of that.
    await mute.post({ id: nextId(), text: '누구인지 몰라요' });
    await centre.admin('PUT', 'message-sources', { name: 'mute', label: '알림톡 2' });
    expect((await arrived(desk, '누구인지 몰라요')).message?.via).toMatchObject({ answers: false });
    await centre.admin('PUT', 'message-sources', { name: 'mute', label: '알림톡 3' });
    const nobody = (await arrived(desk, '누구인지 몰라요')).message?.via;
    expect(nobody).toEqual({ name: 'mute', label: '알림톡 3', answers: false });
    const replaces = { ...answer(await arrived(desk, '이제는요'), id), replaces: hopeless.messageId };
    await desk.do(replaces);
    await expect.poll(() => sendingOf(replaces.messageId), SLOW).toMatchObject({ state: 'sent' });
  });

  it('of the practice call centre counts as sent, and nothing leaves the house; a real centre would call that host', async () => {
    const practice = await startTestCentre({ practice: true });
    try {
      const trainee = await practice.desk();
      const replyUrl = 'https://practice.invalid/answers';
      const talk = await newSource(practice, { name: 'talk', channel: 'message', label: '단골톡', replyUrl });
      const one = newCustomer('한연습', '010-0000-0202');
      await trainee.do(one);
      await talk.post({ id: nextId(), from: { id: 'u', phone: '010-0000-0202' }, text: '연습입니다' });
      const sent = answer(await arrived(trainee, '연습입니다'), one.customerId);
      await trainee.do(sent);
      const fate = async () =>
        (await trainee.snapshot('interaction')).find(({ id }) => id === sent.messageId)?.data as Interaction;
      await expect
        .poll(async () => (await fate()).message?.sending, SLOW)
        .toMatchObject({ state: 'sent', practice: true });
    } finally {
      await practice.close();
    }
    const same = await newSource(centre, {
      name: 'nowhere',
      channel: 'message',
      label: '없는 곳',
      replyUrl: 'https://practice.invalid/',
    });
    const id = await customer('한실제', '010-0000-0303');
    await same.post({ id: nextId(), from: { id: 'u', phone: '010-0000-0303' }, text: '실제입니다' });
    const real = answer(await arrived(desk, '실제입니다'), id);
    await desk.do(real);
    await expect.poll(() => sendingOf(real.messageId), SLOW).toMatchObject({ state: 'queued', tries: 1 });
  });

  it('a form is answered by mail: to the address in it where that is the customer’s or the only one, else to one of theirs', async () => {
    const one = newCustomer('한양식', '010-0000-9999');
    const points = ['form@example.com', 'second@example.com'].map((value) => ({
      ...{ id: newId(), kind: 'email' as const, value, label: null },
    }));
    await desk.do({ ...one, contactPoints: [...one.contactPoints, ...points] });
    const id = one.customerId;
    const mailless = await customer('한무주', '010-0000-9898');
    const phone = '010-0000-9999';
    await form.post({ id: nextId(), phone, email: 'Second@example.com', text: '아는 주소' });
    await form.post({ id: nextId(), phone, email: 'other@example.com', text: '모르는 주소' });
    await form.post({ id: nextId(), phone, text: '주소 없음' });
    await form.post({ id: nextId(), phone: '010-0000-9898', email: 'new@example.com', text: '하나뿐인 주소' });
    for (const [text, whose, to] of [
      ['아는 주소', id, 'second@example.com'],
      // An agent says whose it is.
      ['모르는 주소', id, 'form@example.com'],
      ['주소 없음', id, 'form@example.com'],
      ['하나뿐인 주소', mailless, 'new@example.com'],
    ] as const) {
      const asked = await arrived(desk, text);
      const mail = { ...answer(asked, whose), channel: 'email' as const };
      expect((await desk.do(mail)).status).toBe('applied');
      expect((await rowOf(mail.messageId))?.message?.address).toBe(to);
    }
  });
});

describe('a source', () => {
  it('tells its secret once; it lies sealed in the database and stands in no list', async () => {
    expect(chat.secret).toMatch(/^dgs_[\w-]{40,}$/);
    const again = await centre.admin('PUT', 'message-sources', { name: 'talk', label: '상담톡' });
    expect(again).toEqual({ created: false, secret: null });
    const { text } = await centre.call('GET', '/v1/admin/message-sources', { token: centre.adminToken });
    expect(text).toContain('"name":"talk"');
    expect(text).not.toContain('dgs_');
  });

  it('gets a new secret: the old one holds for a day, or ends at once', async () => {
    const one = await newSource(centre, { name: 'renewed', channel: 'web', label: '갱신' });
    const renew = (atOnce: boolean) =>
      centre.admin('POST', 'message-sources/renewed/secret', { atOnce }) as Promise<{ secret: string }>;
    const { secret } = await renew(false);
    const post = (by: string) =>
      one.post({ id: nextId(), text: 'x' }, { secret: by, at: Math.floor((Date.now() + turned) / 1000) });
    expect([(await post(one.secret)).status, (await post(secret)).status]).toEqual([201, 201]);
    turned = 24 * 3_600_000 + 1000;
    expect([(await post(one.secret)).status, (await post(secret)).status]).toEqual([401, 201]);
    const { secret: third } = await renew(true);
    expect([(await post(secret)).status, (await post(third)).status]).toEqual([401, 201]);
  });

  it.each([
    [{ name: 'mail', channel: 'web', label: 'x' }],
    [{ name: 'Talk', channel: 'web', label: 'x' }],
    [{ name: 'a/b', channel: 'web', label: 'x' }],
    [{ name: 'new-one' }],
    [{ name: 'talk', channel: 'web' }],
    [{ name: 'form-2', channel: 'web', label: 'x', replyUrl: 'https://example.com' }],
    [{ name: 'talk', replyUrl: 'http://chat.example.com' }],
    [{ name: 'talk', replyUrl: 'javascript:alert(1)' }],
    [{ name: 'talk', fields: { iban: 'x' } }],
  ])('that is none is refused: %j', async (wanted) => {
    const { status } = await centre.call('PUT', '/v1/admin/message-sources', {
      token: centre.adminToken,
      body: wanted,
    });
    expect(status).toBe(400);
  });

  it('is tried without its secret: the form or service says something by itself', async () => {
    const id = await customer('한시도', '010-0000-0101');
    for (const name of ['talk', 'shop-form']) {
      const text = `시험 ${name}`;
      await centre.admin('POST', `message-sources/${name}/try`, { phone: '010-0000-0101', text });
      expect((await arrived(desk, text)).customerId).toBe(id);
    }
    await expect(centre.admin('POST', 'message-sources/nobody/try', {})).rejects.toThrow(/404/);
  });
});
