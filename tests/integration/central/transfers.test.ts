import pg from 'pg';
import { beforeAll, expect, it, vi } from 'vitest';
import { DeskConfig } from '../../../src/shared/central-api.ts';
import { newId } from '../../../src/shared/ids.ts';
import { OpenedCapsule } from '../../../src/shared/transfer-capsule.ts';
import { newCustomer, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores, onPostgres } from './stores.ts';

onBothStores('handing a customer over', (store) => {
  let centre: TestCentre;
  let from: TestDesk;
  let to: TestDesk;
  let now = Date.parse('2026-11-23T09:00:00Z');
  beforeAll(async () => {
    centre = await store.start({ clock: () => now });
    from = await centre.desk('kim');
    to = await centre.desk('lee');
  });
  const seal = (desk: TestDesk, capsule: object) =>
    centre.call('POST', '/v1/transfers', { token: desk.session.accessToken, body: capsule });
  const story = (customerId: string | null = null) => ({
    id: newId(),
    callId: newId(),
    customerId,
    note: '결제팀에 접수, 내일 입금 예정',
  });

  it('the next agent gets the story, and by whom; the look is written down', async () => {
    const customer = newCustomer('홍길동');
    await from.do(customer);
    const capsule = story(customer.customerId);
    expect((await seal(from, capsule)).status).toBe(200);
    const opened = OpenedCapsule.parse((await to.get(`/v1/transfers/${capsule.id}`)).json);
    expect(opened).toEqual({ ...capsule, fromName: '상담사 kim', at: '2026-11-23T09:00:00.000Z' });
    const { items } = (await centre.admin('GET', `lookups?agentId=${to.session.agent.id}`)) as { items: object[] };
    expect(items).toMatchObject([{ how: 'transfer', customerId: customer.customerId }]);
  });

  it('nobody overwrites a story that is kept', async () => {
    const capsule = story();
    await seal(from, capsule);
    expect((await seal(to, { ...capsule, note: '다른 말' })).status).toBe(200);
    expect((await to.get(`/v1/transfers/${capsule.id}`)).json).toMatchObject({
      note: capsule.note,
      fromName: '상담사 kim',
    });
  });

  it('after a day it is gone, and so is one of somebody who was erased', async () => {
    const customer = newCustomer('성춘향', '010-0000-4321');
    await from.do(customer);
    const [old, erased] = [story(), story(customer.customerId)];
    await seal(from, old);
    await seal(from, erased);
    await centre.admin('DELETE', `customers/${customer.customerId}`);
    expect((await to.get(`/v1/transfers/${erased.id}`)).status).toBe(404);
    const again = story(customer.customerId);
    await seal(from, again);
    expect((await to.get(`/v1/transfers/${again.id}`)).status).toBe(404);
    now += 25 * 3_600_000;
    const later = await centre.desk('park');
    expect((await later.get(`/v1/transfers/${old.id}`)).status).toBe(404);
  });

  it('the directory has everybody else with a line, and nobody who may not sign in any more', async () => {
    const desk = await centre.desk('choi');
    for (const [login, username] of [
      ['choi', '101'],
      ['kim', '102'],
      ['lee', '103'],
    ]) {
      await centre.admin('PUT', 'sip-accounts', { login, username, password: 'secret-line', displayName: '' });
    }
    await centre.admin('DELETE', 'users/lee');
    const answer = await desk.get('/v1/desk-config');
    expect(DeskConfig.parse(answer.json).directory).toEqual([{ name: '상담사 kim', extension: '102', team: null }]);
    expect(answer.text).not.toContain('secret-line');
  });
});

onPostgres('a story that nobody asks for any more', (store) => {
  it('leaves the database after a day by itself: nobody has to hand another customer over', async () => {
    const databaseUrl = await store.newDatabase();
    let now = Date.parse('2026-11-23T09:00:00Z');
    const centre = await store.start({ clock: () => now, databaseUrl, tidyEveryMs: 50 });
    const desk = await centre.desk('kim');
    const capsule = { id: newId(), callId: newId(), customerId: null, note: '내일 입금 예정' };
    await centre.call('POST', '/v1/transfers', { token: desk.session.accessToken, body: capsule });
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const kept = async () => (await client.query('SELECT count(*)::int AS n FROM transfer_capsule')).rows[0].n;
    expect(await kept()).toBe(1);
    now += 25 * 3_600_000;
    await vi.waitUntil(async () => (await kept()) === 0, { timeout: 10_000, interval: 20 });
    await client.end();
  });
});
