import { beforeAll, expect, it } from 'vitest';
import { CustomerPage } from '../../../src/shared/central-api.ts';
import { newId } from '../../../src/shared/ids.ts';
import { codeOf, newNote, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

onBothStores('administration', (store) => {
  let centre: TestCentre;
  let desk: TestDesk;
  const lines: string[] = [];
  beforeAll(async () => {
    centre = await store.start({ log: (line) => void lines.push(line) });
    desk = await centre.desk();
  });
  const look = (question: object) =>
    centre.call('POST', '/v1/customers/lookup', { token: desk.session.accessToken, body: question });
  const find = async (question: object) => CustomerPage.parse((await look(question)).json);

  it('finds each thing again by its natural key', async () => {
    const field = {
      entity: 'customer',
      key: 'plan',
      label: { ko: '요금제', en: 'Plan' },
      type: 'text',
      choices: [],
      order: 1,
    };
    const things: [string, object][] = [
      ['teams', { name: '1팀' }],
      ['queues', { name: 'gold', label: { ko: '골드', en: 'Gold' } }],
      ['dispositions', { code: 'solved', label: { ko: '해결', en: 'Solved' }, key: '1', order: 1, active: true }],
      ['break-reasons', { code: 'lunch', label: { ko: '점심', en: 'Lunch' }, order: 1, active: true }],
      [
        'text-blocks',
        {
          code: '요금',
          label: { ko: '요금', en: 'Charges' },
          text: '안내함.',
          dispositionCodes: [],
          order: 1,
          active: true,
        },
      ],
      ['custom-fields', field],
      ['users', { login: 'park', name: '박', role: 'agent', team: '1팀', password: 'correct horse' }],
    ];
    for (const [thing, body] of things) {
      const first = await centre.admin('PUT', thing, body);
      expect(first).toMatchObject({ created: true });
      expect(await centre.admin('PUT', thing, body)).toEqual({ ...(first as object), created: false });
    }
    const nowhere = await centre.call('PUT', '/v1/admin/users', {
      token: centre.adminToken,
      body: { login: 'lost', name: 'x', role: 'agent', team: 'no such team' },
    });
    expect([nowhere.status, codeOf(nowhere)]).toEqual([400, 'BAD_INPUT']);
  });

  const CSV = [
    '\uFEFFcustomerNumber,name,phone,phone2,email,tier,birthday,custom.plan',
    'C-1,"홍길동, 대표",010-0000-1111,+1 212 555 0123,hong@example.com,gold,1980-02-03,5G',
    'C-2,Jane Doe,010-0000-1111,,,,,',
    'C-3,,010-0000-3333,,,,,',
    'C-4,김하나,010-0000-4444,,,platinum,,',
  ].join('\r\n');
  const loadCsv = () =>
    centre.call('POST', '/v1/admin/customers', { token: centre.adminToken, body: CSV, type: 'text/csv' });

  it('takes customers from CSV, names each line that it cannot take, and takes the same file again for nothing', async () => {
    const first = await loadCsv();
    expect(first.json).toMatchObject({ changed: 2, unchanged: 0, errors: [{ index: 2 }, { index: 3 }] });
    expect((await loadCsv()).json).toMatchObject({ changed: 0, unchanged: 2 });
    expect(first.text).not.toContain('플래티넘');
  });

  it('leaves of a known customer what a page does not say, and tells a new one apart', async () => {
    const load = async (...csv: string[]) =>
      (
        await centre.call('POST', '/v1/admin/customers', {
          token: centre.adminToken,
          body: csv.join('\n'),
          type: 'text/csv',
        })
      ).json;
    await load('customerNumber,name,kind,language,tier', 'K-1,ACME Ltd,company,en,gold');
    const columns = 'customerNumber,name,email';
    expect(await load(columns, 'K-1,ACME Ltd,a@example.com', 'K-2,나새로,b@example.com')).toMatchObject({ errors: [] });
    const [known] = (await find({ q: 'ACME' })).customers;
    expect(known?.customer).toMatchObject({ kind: 'company', language: 'en', tier: 'gold' });
    const [fresh] = (await find({ q: '나새로' })).customers;
    expect(fresh?.customer).toMatchObject({ kind: 'person', language: 'ko', tier: 'basic' });
  });

  it('refuses a value that its custom field cannot have, and says which', async () => {
    const label = { ko: '값', en: 'Value' };
    const define = (key: string, type: string, choices: string[] = []) =>
      centre.admin('PUT', 'custom-fields', { entity: 'customer', key, label, type, choices, order: 2 });
    await define('seats', 'number');
    await define('renewal', 'date');
    await define('colour', 'choice', ['red', 'blue']);
    const line = 'customerNumber,name,custom.seats,custom.renewal,custom.colour';
    const lines = ['T-1,가,"1,200",2027-01-31,red', 'T-2,나,many,,', 'T-3,다,,31.1.2027,', 'T-4,라,,,green'];
    const answer = await centre.call('POST', '/v1/admin/customers', {
      token: centre.adminToken,
      body: [line, ...lines].join('\n'),
      type: 'text/csv',
    });
    expect(answer.json).toMatchObject({
      changed: 1,
      errors: [
        { index: 1, detail: expect.stringContaining('custom.seats') },
        { index: 2, detail: expect.stringContaining('custom.renewal') },
        { index: 3, detail: expect.stringContaining('custom.colour') },
      ],
    });
    expect((await find({ q: 'T-1' })).customers[0]?.customer.custom).toEqual({
      seats: 1200,
      renewal: '2027-01-31',
      colour: 'red',
    });
  });

  it('finds customers by phone however it is written, by name and number and last digits, in pages', async () => {
    for (const phone of ['010-0000-1111', '+82 10 0000 1111', '01000001111']) {
      const found = await find({ phone });
      expect(found.customers.map(({ customer }) => customer.customerNumber).sort()).toEqual(['C-1', 'C-2']);
    }
    expect((await find({ q: '홍' })).customers[0]).toMatchObject({
      customer: { name: '홍길동, 대표', tier: 'gold', custom: { plan: '5G' } },
      contactPoints: expect.arrayContaining([expect.objectContaining({ e164: '+12125550123' })]),
    });
    expect((await find({ q: 'jane' })).customers).toHaveLength(1);
    expect((await find({ q: 'c-2' })).customers).toHaveLength(1);
    expect((await find({ q: '1111' })).customers).toHaveLength(2);
    expect((await find({ q: '%' })).customers).toHaveLength(0);
    const page = await find({ q: '1111', limit: 1 });
    expect((await find({ q: '1111', limit: 1, after: page.next })).customers).toHaveLength(1);
    const id = page.customers[0]?.customer.id;
    expect((await desk.get(`/v1/customers/${id}`)).json).toEqual(page.customers[0]);
    expect((await desk.get(`/v1/customers/${newId()}`)).status).toBe(404);
    expect((await look({})).status).toBe(400);
  });

  it('keeps who looked at whom, and which tables somebody took home, without what was asked', async () => {
    const curious = await centre.desk('curious');
    const ask = (question: object) =>
      centre.call('POST', '/v1/customers/lookup', { token: curious.session.accessToken, body: question });
    const [first] = CustomerPage.parse((await ask({ phone: '010-0000-1111' })).json).customers;
    await curious.get(`/v1/customers/${first?.customer.id}`);
    await ask({ q: '아무도 없음' });
    await curious.snapshot('customer');
    await curious.snapshot('team');
    const { items } = (await centre.admin('GET', `lookups?agentId=${curious.session.agent.id}`)) as { items: object[] };
    const by = { agentId: curious.session.agent.id, deviceId: curious.deviceId };
    expect(items).toHaveLength(5);
    expect(items.slice(0, 3)).toEqual([
      expect.objectContaining({ ...by, how: 'snapshot customer', customerId: null }),
      expect.objectContaining({ ...by, how: 'text', customerId: null }),
      expect.objectContaining({ ...by, how: 'id', customerId: first?.customer.id }),
    ]);
    expect(JSON.stringify(items)).not.toContain('1111');
    const ofOne = (await centre.admin('GET', `lookups?customerId=${first?.customer.id}&limit=500`)) as {
      items: object[];
    };
    expect(ofOne.items).toContainEqual(expect.objectContaining({ ...by, how: 'phone' }));
    const token = curious.session.accessToken;
    expect((await centre.call('GET', '/v1/admin/lookups', { token })).status).toBe(403);
  });

  it('replaces the do-not-call list page by page, and says how old it is', async () => {
    const listedAt = '2026-11-01T00:00:00.000Z';
    const page = (loadedAt: string, phones: string[], last: boolean) =>
      centre.admin('POST', 'do-not-call', { loadedAt, numbers: phones.map((phone) => ({ phone, listedAt })), last });
    await page('2026-11-20T00:00:00.000Z', ['010-0000-0001', '010-0000-0002', 'not a number'], true);
    expect((await desk.snapshot('do_not_call')).length).toBe(2);
    await page('2026-11-21T00:00:00.000Z', ['010-0000-0002'], false);
    await page('2026-11-21T00:00:00.000Z', ['010-0000-0003'], true);
    const rows = await desk.snapshot('do_not_call');
    const numbers = rows.map((row) => (row.table === 'do_not_call' ? row.data?.e164 : null));
    expect(numbers.sort()).toEqual(['+821000000002', '+821000000003']);
    expect((await desk.get('/v1/desk-config')).json).toMatchObject({
      policy: { doNotCallLoadedAt: '2026-11-21T00:00:00.000Z' },
    });
  });

  it('loads any rows as they are, in pages of at most 500, and names those that do not fit', async () => {
    const team = { table: 'team', data: { id: newId(), name: '불러온 팀' } };
    const answer = await centre.admin('POST', 'load', {
      rows: [team, { table: 'nothing', data: {} }, { table: 'team', data: { id: 'x' } }],
    });
    expect(answer).toMatchObject({ changed: 1, errors: [{ index: 1 }, { index: 2 }] });
    expect(await centre.admin('POST', 'load', { rows: [team] })).toMatchObject({ changed: 0, unchanged: 1 });
    const tooMany = await centre.call('POST', '/v1/admin/load', {
      token: centre.adminToken,
      body: { rows: Array(501).fill(team) },
    });
    expect(tooMany.status).toBe(400);
    const tooLarge = await centre.call('POST', '/v1/admin/load', {
      token: centre.adminToken,
      body: { rows: 'x'.repeat(1_100_000) },
    });
    expect([tooLarge.status, codeOf(tooLarge)]).toEqual([413, 'BAD_INPUT']);
  });

  it('writes no number, no name, no text and no token into its log', async () => {
    await desk.do(newNote('비밀스러운 메모', null));
    await look({ phone: '010-0000-1111' });
    await desk.do(newNote(`broken ${String.fromCharCode(0)} 비밀스러운`, null));
    await centre.call('POST', '/v1/sign-in', { body: '{"login": "kim", "password": "비밀번호' });
    const log = lines.join('');
    expect(log).toContain('/v1/sync/push');
    const { accessToken, refreshToken, deviceToken } = desk.session;
    const secrets = [
      '비밀',
      '홍길동',
      'Jane',
      '0000-1111',
      '00001111',
      'correct horse',
      accessToken,
      refreshToken,
      deviceToken,
    ];
    for (const secret of [...secrets, centre.adminToken]) expect(log).not.toContain(secret);
  });
});
