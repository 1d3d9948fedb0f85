import { beforeAll, describe, expect, it } from 'vitest';
import { DeskList } from '../../../src/shared/desk-wipe.ts';
import { newId } from '../../../src/shared/ids.ts';
import { codeOf, newCustomer, PASSWORD, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

onBothStores('a desk that was lost', (store) => {
  let centre: TestCentre;
  beforeAll(async () => {
    centre = await store.start();
  });
  const order = (desk: TestDesk, handIn: boolean) =>
    centre.admin('POST', `desks/${desk.deviceId}/wipe`, { handIn, reason: '분실 신고' });
  const asDesk = (desk: TestDesk, method: string, path: string, body?: unknown) =>
    centre.call(method, path, { token: desk.session.deviceToken, ...(body === undefined ? {} : { body }) });
  const listed = async (desk: TestDesk) => {
    const { items } = DeskList.parse(await centre.admin('GET', 'desks'));
    return items.find(({ id }) => id === desk.deviceId);
  };

  describe('with the order to wipe it', () => {
    it('nobody reads from it any more, nor signs in or stays signed in; the same agents work on elsewhere', async () => {
      const lost = await centre.desk('kim');
      const other = await centre.desk('kim');
      await order(lost, true);
      expect((await lost.get('/v1/desk-config')).status).toBe(401);
      expect((await lost.get('/v1/sync/start')).status).toBe(401);
      const { refreshToken } = lost.session;
      const refresh = await centre.call('POST', '/v1/refresh', { body: { refreshToken, deviceId: lost.deviceId } });
      expect(codeOf(refresh)).toBe('SIGNED_OUT');
      const again = { login: 'kim', password: PASSWORD, deviceId: lost.deviceId };
      expect(codeOf(await centre.call('POST', '/v1/sign-in', { body: again }))).toBe('DESK_WIPED');
      expect((await other.get('/v1/desk-config')).status).toBe(200);
    });

    it('it hands in its work where that is allowed, tells that it is done, and then brings nothing more', async () => {
      const lost = await centre.desk('kim');
      await order(lost, true);
      expect(await listed(lost)).toMatchObject({ wipe: 'ordered', agents: ['kim'] });
      expect((await asDesk(lost, 'GET', '/v1/desk/order')).json).toMatchObject({ wipe: { handIn: true } });
      expect(await listed(lost)).toMatchObject({ wipe: 'heard' });
      expect(await lost.do(newCustomer('홍길동'))).toMatchObject({ status: 'applied' });
      await asDesk(lost, 'POST', '/v1/desk/wiped', { lost: 2 });
      expect(await listed(lost)).toMatchObject({ wipe: 'done', lost: 2 });
      expect((await lost.pushRaw([lost.operation(newCustomer('김철수'))])).status).toBe(403);
    });

    it('where nothing may be handed in, its work is refused; a stricter order counts, a milder one later does not', async () => {
      const lost = await centre.desk('kim');
      await order(lost, true);
      await order(lost, false);
      await order(lost, true);
      expect((await lost.pushRaw([lost.operation(newCustomer('홍길동'))])).status).toBe(403);
      expect((await asDesk(lost, 'GET', '/v1/desk/order')).json).toMatchObject({ wipe: { handIn: false } });
    });

    it('found again in time, the order is withdrawn and its agents sign in', async () => {
      const lost = await centre.desk('kim');
      await order(lost, true);
      await centre.admin('DELETE', `desks/${lost.deviceId}/wipe`);
      expect((await asDesk(lost, 'GET', '/v1/desk/order')).json).toEqual({ wipe: null });
      const again = { login: 'kim', password: PASSWORD, deviceId: lost.deviceId };
      expect((await centre.call('POST', '/v1/sign-in', { body: again })).status).toBe(200);
    });
  });

  it('a desk that the centre never saw cannot be ordered anything', async () => {
    const order = { handIn: true, reason: '분실 신고' };
    const answer = await centre.call('POST', `/v1/admin/desks/${newId()}/wipe`, {
      token: centre.adminToken,
      body: order,
    });
    expect(answer.status).toBe(404);
  });
});
