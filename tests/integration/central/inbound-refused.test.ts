import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INBOUND_MAX_BYTES } from '../../../src/shared/message-source.ts';
import { newSource, sign, type TestSource } from './inbound-kit.ts';
import { codeOf, startTestCentre, type TestCentre } from './kit.ts';

let centre: TestCentre;
let form: TestSource;
let chat: TestSource;

beforeAll(async () => {
  centre = await startTestCentre();
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

  it('what was overheard, under another id: the header dangol-message-id is signed, too', async () => {
    const body = JSON.stringify({ text: '엿들은 글' });
    const at = now();
    const id = nextId();
    const heard = { at, type: 'application/json', signature: sign(form.secret, at, Buffer.from(body), id) };
    expect((await form.post(body, { ...heard, id })).status).toBe(201);
    expect((await form.post(body, { ...heard, id })).status).toBe(200);
    for (const other of [nextId(), '', undefined]) {
      const options = { ...heard, ...(other === undefined ? {} : { id: other }) };
      expect(await refused(form.post(body, options))).toEqual([401, 'WRONG_SIGNATURE', '']);
    }
    const own = JSON.stringify(good());
    const signature = sign(chat.secret, at, Buffer.from(own));
    expect((await chat.post(own, { at, signature })).status).toBe(201);
    expect((await chat.post(own, { at, signature, id: nextId() })).status).toBe(401);
    // Nor is a part of one the other.
    const cut = { at, signature: sign(form.secret, at, Buffer.from('a=1.5&text=x')) };
    expect((await form.post('5&text=x', { ...cut, id: 'a=1', type: FORM })).status).toBe(401);
  });

  it.each(['%00', 'a%00b', '%EF%BF%BD', 'Talk', 'mail', 'x'.repeat(100)])(
    'the name %s, which no source has',
    async (name) => {
      const body = Buffer.from('{}');
      const headers = { 'dangol-timestamp': String(now()), 'dangol-signature': sign(chat.secret, now(), body) };
      const response = await fetch(`${centre.url}/v1/inbound/${name}`, { method: 'POST', headers, body });
      expect(await response.json()).toMatchObject({ status: 401, code: 'WRONG_SIGNATURE' });
    },
  );

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
