import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INBOUND_MAX_BYTES } from '../../../src/shared/message-source.ts';
import { hostileStrings, UNSTORABLE } from '../../fakes/hostile-strings.ts';
import { arrived, incoming, newSource, sign, type TestSource } from './inbound-kit.ts';
import { codeOf, startTestCentre, type TestCentre, type TestDesk } from './kit.ts';

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
const now = () => Math.floor(Date.now() / 1000);
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

  it('delivered at the same moment several times is still one', async () => {
    const body = { id: nextId(), text: '동시에' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => form.post(body)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.every(({ status }) => status === 200 || status === 201)).toBe(true);
    await arrived(desk, body.text);
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

describe('what is refused, and what the reply says', () => {
  const good = () => ({ id: nextId(), from: { id: 'u1' }, text: '거절될 글' });
  const refused = async (answer: Promise<{ status: number; json: unknown; text: string }>) => {
    const { status, json, text } = await answer;
    expect(text).not.toContain('거절될 글');
    const { code, detail } = json as { code: string; detail?: string };
    return [status, code, detail ?? ''];
  };

  it('a wrong signature, one of another body, of another moment, of another source', async () => {
    const body = JSON.stringify(good());
    const at = now();
    const of = (secret: string, moment = at, text = body) => sign(secret, moment, Buffer.from(text));
    for (const signature of [
      of(form.secret),
      of(chat.secret, at, `${body} `),
      of(chat.secret, at - 1),
      'v1=',
      'v2=x',
      '하',
    ]) {
      const headers = signature === '하' ? { signature: 'v1=%ed' } : { signature };
      expect(await refused(chat.post(body, { at, ...headers }))).toEqual([401, 'WRONG_SIGNATURE', '']);
    }
  });

  it('a source that nobody made says no more than a wrong signature', async () => {
    const answer = await centre.call('POST', '/v1/inbound/nothing-here', { body: good() });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_INPUT']);
    const unknown = { ...chat, name: 'nothing-here' };
    const headers = {
      'dangol-timestamp': String(now()),
      'dangol-signature': sign(unknown.secret, now(), Buffer.from('{}')),
    };
    const response = await fetch(`${centre.url}/v1/inbound/nothing-here`, { method: 'POST', headers, body: '{}' });
    expect(await response.json()).toMatchObject({ status: 401, code: 'WRONG_SIGNATURE' });
  });

  it.each([
    [-301, /^dangol-timestamp is 30\d s behind/],
    [301, /^dangol-timestamp is 30\d s ahead of/],
  ])('a clock that is off by %d s', async (off, says) => {
    const [status, code, detail] = await refused(chat.post(good(), { at: now() + off + Math.sign(off) * 5 }));
    expect([status, code]).toEqual([401, 'WRONG_SIGNATURE']);
    expect(detail).toMatch(says);
    expect((await chat.post(good(), { at: now() + off - Math.sign(off) * 20 })).status).toBe(201);
  });

  it.each(['', 'yesterday', '1e400', 'NaN', '-1', '1.5'])('a moment that is none: "%s"', async (at) => {
    const [status, code] = await refused(chat.post(good(), { at }));
    expect([status, code]).toEqual(at === '' ? [400, 'BAD_INPUT'] : [401, 'WRONG_SIGNATURE']);
  });

  it('headers that are missing', async () => {
    const answer = await centre.call('POST', '/v1/inbound/talk', { body: good() });
    expect(answer.json).toMatchObject({
      status: 400,
      code: 'BAD_INPUT',
      detail: 'dangol-timestamp: the header is missing',
    });
  });

  it.each([
    ['broken JSON', '{"id": "x", ', 'body: is no JSON'],
    ['nothing at all', '', 'body: is no JSON'],
    ['a list', '[1,2]', /^body: /],
    ['a number', '7', /^body: /],
    ['JSON without an id', '{"text":"x"}', /^id: /],
    ['an id of 201 characters', JSON.stringify({ id: 'x'.repeat(201), text: 'x' }), /^id: /],
    ['an id with a control character', JSON.stringify({ id: 'x\0', text: 'x' }), /^id: /],
    ['an empty text', JSON.stringify({ id: 'empty', text: ' \u0000 ' }), 'text: nothing was written'],
    ['a text that is a number', JSON.stringify({ id: 'number', text: 7 }), /^text: /],
    ['a sender that is a list', JSON.stringify({ id: 'list', from: [], text: 'x' }), /^from: /],
    ['a moment that is none', JSON.stringify({ id: 'moment', at: 'gestern', text: 'x' }), /^at: /],
    ['bytes that are no UTF-8', iconv.encode('{"id":"e","text":"한글"}', 'cp949'), /^body: is not UTF-8/],
    ['brackets 100,000 deep', `{"id":"d","fields":{"x":${'['.repeat(100_000)}`, 'body: is no JSON'],
  ])('%s', async (_, body, says) => {
    const [status, code, detail] = await refused(chat.post(body));
    expect([status, code]).toEqual([400, 'BAD_INPUT']);
    if (typeof says === 'string') expect(detail).toBe(says);
    else expect(detail).toMatch(says);
  });

  it('a field as deep as it can be closed', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect([201, 400]).toContain((await chat.post(`{"id":"${nextId()}","text":"x","fields":{"x":${deep}}}`)).status);
    expect([201, 400]).toContain((await form.post(`{"id":"${nextId()}","text":"x","x":${deep}}`)).status);
  });

  it('a form without an id, in either form', async () => {
    for (const [body, type] of [
      ['text=x', FORM],
      ['{"text":"x"}', 'application/json'],
    ] as const) {
      const [status, , detail] = await refused(form.post(body, { type }));
      expect([status, detail]).toEqual([400, expect.stringMatching(/^id: give each submission one of its own/)]);
    }
  });

  it.each([
    ['euc-kr that says nothing', '%c7%d1%b1%db', FORM, /is not UTF-8/],
    ['UTF-8 that says euc-kr', `${'%ff%ff'}`, `${FORM}; charset=euc-kr`, /is not euc-kr/],
    ['a character set that nobody knows', 'x', `${FORM}; charset=klingon`, /no character set klingon/],
  ])('a form in %s', async (_, text, type, says) => {
    const [status, code, detail] = await refused(form.post(`text=${text}`, { type, id: nextId() }));
    expect([status, code, detail]).toEqual([400, 'BAD_INPUT', expect.stringMatching(says)]);
  });

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/xml', FORM])(
    'a service that posts %s',
    async (type) => {
      expect((await refused(chat.post('x=1', { type }))).slice(0, 2)).toEqual([415, 'BAD_INPUT']);
    },
  );

  it('a body of 1 MB, before it is worked on', async () => {
    const large = { ...good(), text: 'x'.repeat(1_000_000) };
    expect((await refused(chat.post(large))).slice(0, 2)).toEqual([413, 'BAD_INPUT']);
    const most = JSON.stringify({ ...good(), text: '' });
    const filled = most.replace('"text":""', `"text":"${'x'.repeat(INBOUND_MAX_BYTES - most.length)}"`);
    expect((await chat.post(filled)).status).toBe(201);
    expect((await chat.post(`${filled} `)).status).toBe(413);
  });

  it('a source that is disabled, until it is enabled again', async () => {
    await centre.admin('PUT', 'message-sources', { name: 'talk', active: false });
    expect(await refused(chat.post(good()))).toEqual([403, 'FORBIDDEN', 'the source talk is disabled']);
    await centre.admin('PUT', 'message-sources', { name: 'talk', active: true });
    expect((await chat.post(good())).status).toBe(201);
  });

  it('more than the source may bring in a minute: with the seconds to wait, and only that source', async () => {
    const busy = await newSource(centre, { name: 'busy', channel: 'web', label: '바쁜 양식', perMinute: 3 });
    for (let n = 0; n < 3; n += 1) expect((await busy.post({ id: nextId(), text: 'x' })).status).toBe(201);
    const answer = await busy.post({ id: nextId(), text: 'x' });
    expect([answer.status, codeOf(answer)]).toEqual([429, 'TOO_MANY_TRIES']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await form.post({ id: nextId(), text: 'x' })).status).toBe(201);
  });
});
