import { beforeAll, expect, it } from 'vitest';
import { newId } from '../../../src/shared/ids.ts';
import { arrived, incoming, newSource } from './inbound-kit.ts';
import { newCustomer, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

onBothStores('forms and services', (store) => {
  let centre: TestCentre;
  let desk: TestDesk;
  beforeAll(async () => {
    centre = await store.start();
    desk = await centre.desk();
  });

  it('what is delivered several times at the same moment is one', async () => {
    const form = await newSource(centre, { name: 'busy-form', channel: 'web', label: '양식' });
    const body = { id: 'b-1', text: '동시에' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => form.post(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    await arrived(desk, body.text);
  });

  it('a new secret, a change and the list', async () => {
    const chat = await newSource(centre, { name: 'talk', channel: 'message', label: '상담톡' });
    const { secret } = (await centre.admin('POST', 'message-sources/talk/secret', { atOnce: false })) as {
      secret: string;
    };
    const said = await Promise.all(
      [chat.secret, secret].map((by, n) =>
        chat.post({ id: `s-${n}`, from: { id: 'u' }, text: `${n}` }, { secret: by }),
      ),
    );
    expect(said.map(({ status }) => status)).toEqual([201, 201]);
    await centre.admin('PUT', 'message-sources', { name: 'talk', replyUrl: 'https://chat.example.com/', perMinute: 5 });
    expect((await arrived(desk, '1')).message?.via?.answers).toBe(true);
    const { items } = (await centre.admin('GET', 'message-sources')) as { items: Record<string, unknown>[] };
    expect(items.find(({ name }) => name === 'talk')).toMatchObject({
      ...{ channel: 'message', label: '상담톡', replyUrl: 'https://chat.example.com/', perMinute: 5, replyHours: 24 },
      ...{ active: true, secret: 'kept', taken: 2, oldSecretUntil: expect.any(String), lastAt: expect.any(String) },
    });
  });

  it('a conversation that an agent tied to a customer is theirs, also after the customer was merged into another', async () => {
    const chat = await newSource(centre, { name: 'other-talk', channel: 'message', label: '상담톡' });
    const [gone, kept] = [newCustomer('한사람', '010-0000-6101'), newCustomer('한사람', '010-0000-6102')];
    for (const one of [gone, kept]) await desk.do(one);
    const talk = { conversation: 'c', from: { id: 'u' } };
    await chat.post({ id: 'm-1', text: '처음', ...talk });
    const first = await arrived(desk, '처음');
    await desk.do({ kind: 'message.settle', messageId: first.id, customerId: gone.customerId, done: false });
    const ids = { mergeId: newId(), goneId: gone.customerId, fields: [] };
    const merged = await desk.do({ kind: 'customer.merge', customerId: kept.customerId, ...ids });
    expect(merged.status, JSON.stringify(merged)).toBe('applied');
    await chat.post({ id: 'm-2', text: '다음', ...talk });
    expect(await arrived(desk, '다음')).toMatchObject({ customerId: kept.customerId, message: { answers: first.id } });
  });

  it('an erasure reaches what was never tied to the customer, by address and number; what somebody else may have written stays', async () => {
    const form = await newSource(centre, { name: 'form', channel: 'web', label: '양식' });
    let last = 0;
    const write = async (text: string, more: object) => {
      last += 1;
      expect((await form.post({ id: `e-${last}`, text, ...more })).status).toBe(201);
      return arrived(desk, text);
    };
    // Nobody had these yet.
    const mine = await write('내 주소', { email: 'Gone@example.com' });
    await write('내 번호', { phone: '+82 10-0000-4321' });
    await write('가족 번호', { phone: '010-0000-9876' });
    await write('남의 주소', { email: 'other@example.com' });
    const one = newCustomer('최지운', '010-0000-4321');
    const points = [
      { id: newId(), kind: 'email' as const, value: 'gone@Example.com', label: null },
      { id: newId(), kind: 'phone' as const, value: '010-0000-9876', label: null },
    ];
    await desk.do({ ...one, contactPoints: [...one.contactPoints, ...points] });
    await desk.do(newCustomer('최가족', '010-0000-9876'));
    const { cursor } = await desk.pullAll((await desk.start()).cursor);
    await centre.admin('DELETE', `customers/${one.customerId}`);
    const left = async () =>
      (await incoming(desk)).flatMap(({ message }) => (message?.via?.name === 'form' ? message.text : [])).sort();
    expect(await left()).toEqual(['가족 번호', '남의 주소']);
    const told = (await desk.pullAll(cursor)).rows.find(({ id }) => id === mine.id);
    expect(told).toMatchObject({ table: 'interaction', deleted: true, data: null });
    // Brought again, it stays gone.
    expect((await form.post({ id: 'e-1', text: '내 주소', email: 'gone@example.com' })).status).toBe(200);
    expect(await left()).toHaveLength(2);
  });
});
