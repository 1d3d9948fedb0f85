import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileStrings, UNSTORABLE } from '../../fakes/hostile-strings.ts';
import { arrived, incoming, newSource, type TestSource } from './inbound-kit.ts';
import { startTestCentre, type TestCentre, type TestDesk } from './kit.ts';

let centre: TestCentre;
let desk: TestDesk;
let form: TestSource;
let chat: TestSource;

beforeAll(async () => {
  centre = await startTestCentre();
  desk = await centre.desk();
  const perMinute = 60_000;
  form = await newSource(centre, { name: 'shop-form', channel: 'web', label: '문의 양식', perMinute });
  chat = await newSource(centre, { name: 'talk', channel: 'message', label: '상담톡', perMinute });
});
afterAll(() => centre.close());

const FORM = 'application/x-www-form-urlencoded';
let last = 0;
const nextId = () => {
  last += 1;
  return `t-${last}`;
};

describe('what a form or service posts to the centre', () => {
  it('is taken once, however often it is delivered', async () => {
    const body = { id: nextId(), from: { id: 'u1' }, text: '한 번만 접수해 주세요' };
    const first = await chat.post(body);
    expect([first.status, first.json]).toEqual([201, { repeated: false }]);
    const again = await Promise.all([1, 2, 3].map(() => chat.post(body)));
    expect(again.map(({ status, json }) => [status, json])).toEqual([1, 2, 3].map(() => [200, { repeated: true }]));
    await arrived(desk, body.text);
  });

  it('of a form that gives everything one id is lost nothing: other words are another contact, the same ones the same', async () => {
    const forms = ['첫 손님', '다음 손님'].map((text) => ({
      id: 'contact-form-7',
      연락처: '010-0000-1212',
      내용: text,
    }));
    for (const body of forms) expect((await form.post(body)).status).toBe(201);
    for (const body of forms) expect((await form.post(body)).status).toBe(200);
    expect((await form.post({ ...forms[0], 연락처: '010-0000-1313' })).status).toBe(201);
    await arrived(desk, '다음 손님');
    const long = '나'.repeat(12_000);
    for (const end of ['끝', '다른 끝']) expect((await form.post({ id: 'long', text: long + end })).status).toBe(201);
    expect((await form.post({ id: 'long', text: `${long}끝` })).status).toBe(200);
  });

  it('of a service under an id that another message has is refused in words; how it is delivered makes no other of it', async () => {
    const body = { id: nextId(), conversation: 'c', from: { id: 'u1', name: '김민지' }, text: '처음 온 글' };
    expect((await chat.post(body)).status).toBe(201);
    const again = { text: body.text, from: { id: 'u1', name: '민지' }, conversation: 'c', id: body.id, attempt: 2 };
    expect((await chat.post(again)).status).toBe(200);
    for (const other of [
      { ...body, text: '다른 글' },
      { ...body, conversation: 'other' },
    ]) {
      const answer = await chat.post(other);
      expect([answer.status, answer.json]).toEqual([
        409,
        expect.objectContaining({ code: 'BAD_INPUT', detail: expect.stringMatching(/^id: another message came/) }),
      ]);
      expect(answer.text).not.toContain('다른 글');
    }
    await arrived(desk, '처음 온 글');
  });

  it('two sources with one id are two', async () => {
    const id = nextId();
    await form.post({ id, text: '양식에서' });
    await chat.post({ id, from: { id: 'u1' }, text: '톡에서' });
    await arrived(desk, '양식에서');
    await arrived(desk, '톡에서');
  });

  it('of a form is known by its fields, and what else was asked is kept beside the words', async () => {
    const body = new URLSearchParams([
      ['성함', '김민지'],
      ['연락처', '010-0000-4321'],
      ['이메일', 'Minji@Example.com'],
      ['문의 내용', '설치 날짜를\r\n바꾸고 싶어요'],
      ['관심 상품', '인터넷'],
      ['관심 상품', 'TV'],
      ['동의', ''],
    ]).toString();
    expect((await form.post(body, { type: FORM, id: nextId() })).status).toBe(201);
    const row = await arrived(desk, '설치 날짜를\n바꾸고 싶어요');
    expect(row).toMatchObject({ channel: 'web', direction: 'in', subject: null, customerId: null });
    expect(row.message).toMatchObject({
      ...{ name: '김민지', phone: '010-0000-4321', address: 'minji@example.com' },
      fields: [{ name: '관심 상품', value: '인터넷, TV' }],
      via: { name: 'shop-form', label: '문의 양식', answers: true },
    });
    const hours = (Date.parse(row.message?.dueAt ?? '') - Date.parse(row.startedAt)) / 3_600_000;
    expect(hours).toBe(24);
  });

  it('of a form whose fields the business named goes by those names; a number that is none stays among the fields', async () => {
    const fields = { name: 'kdnr', text: 'freitext', phone: null };
    const own = await newSource(centre, { name: 'own-form', channel: 'web', label: '자체 양식', fields });
    await own.post({
      id: nextId(),
      kdnr: '박서준',
      freitext: '자체 필드',
      phone: '010-0000-9999',
      email: '없음',
      text: '부가',
    });
    const { message } = await arrived(desk, '자체 필드');
    expect(message?.name).toBe('박서준');
    expect(message?.phone).toBe(undefined);
    expect(message?.fields).toEqual([
      { name: 'phone', value: '010-0000-9999' },
      { name: 'email', value: '없음' },
      { name: 'text', value: '부가' },
    ]);
  });

  it('in a character set that it names is read in it: EUC-KR, with the syllables that CP949 adds', async () => {
    const words = '똠방각하 펲시 문의';
    const body = [...iconv.encode(words, 'cp949')].map((byte) => `%${byte.toString(16)}`).join('');
    const answer = await form.post(`text=${body}`, { type: `${FORM}; charset=EUC-KR`, id: nextId() });
    expect(answer.status).toBe(201);
    await arrived(desk, words);
    const json = iconv.encode(JSON.stringify({ id: nextId(), text: '한글 JSON' }), 'cp949');
    expect((await form.post(json, { type: 'application/json; charset=cp949' })).status).toBe(201);
    await arrived(desk, '한글 JSON');
  });

  it('longer than a desk shows is cut, and says so; its source is kept whole', async () => {
    const text = `${'가'.repeat(9_999)}😀 끝`;
    expect((await chat.post({ id: nextId(), from: { id: 'long' }, text })).status).toBe(201);
    const row = (await incoming(desk)).find(({ message }) => message?.text.startsWith('가가가'));
    expect(row?.message).toMatchObject({ text: '가'.repeat(9_999), cut: true });
  });

  it.each([
    [
      'a form',
      (text: string) => ({ id: nextId(), name: text, subject: text, text: `말: ${text}`, other: text, [text]: 'x' }),
    ],
    [
      'a service',
      (text: string) => ({
        id: nextId(),
        from: { id: 'hostile', name: text },
        subject: text,
        text: `말: ${text}`,
        fields: { [text]: text },
      }),
    ],
  ])(
    'keeps 300 hostile strings of %s as text',
    async (what, bodyOf) => {
      const source = what === 'a form' ? form : chat;
      const strings = [...hostileStrings(), ...UNSTORABLE];
      expect(strings.length).toBeGreaterThanOrEqual(300);
      const before = (await incoming(desk)).length;
      for (const text of strings) {
        const answer = await source.post(bodyOf(text));
        expect({ text, status: answer.status }).toEqual({ text, status: 201 });
      }
      const rows = (await incoming(desk)).slice(before);
      expect(rows).toHaveLength(strings.length);
      const said = new Set(rows.map(({ message }) => message?.text));
      const plain = strings.filter((text) => /^[^\p{Cc}\p{Cs}]*$/u.test(text) && text.trim() === text && text !== '');
      expect(plain.filter((text) => !said.has(`말: ${text}`))).toEqual([]);
    },
    180_000,
  );
});
