import { beforeAll, expect, it } from 'vitest';
import { SignInResponse } from '../../../src/shared/central-api.ts';
import type { HeldOperation, HeldReport } from '../../../src/shared/held-work.ts';
import { TeamHeldWork } from '../../../src/shared/held-work.ts';
import { newId } from '../../../src/shared/ids.ts';
import { newCustomer, PASSWORD, type TestCentre, TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

onBothStores('work that the centre refused', (store) => {
  let centre: TestCentre;
  const now = Date.parse('2026-11-23T09:00:00Z');
  let kim: TestDesk;
  let lead: TestDesk;
  let other: TestDesk;

  const seat = async (login: string, role: 'agent' | 'supervisor' | 'administrator', team: string | null) => {
    const deviceId = newId();
    await centre.admin('PUT', 'users', { login, name: `상담사 ${login}`, role, team, password: PASSWORD });
    const answer = await centre.call('POST', '/v1/sign-in', { body: { login, password: PASSWORD, deviceId } });
    return new TestDesk(centre, SignInResponse.parse(answer.json), deviceId);
  };
  beforeAll(async () => {
    centre = await store.start({ clock: () => now });
    for (const name of ['1팀', '2팀']) await centre.admin('PUT', 'teams', { name });
    kim = await seat('kim', 'agent', '1팀');
    lead = await seat('lead', 'supervisor', '1팀');
    other = await seat('other', 'supervisor', '2팀');
  });

  const note = (more: Partial<HeldOperation> = {}): HeldOperation => ({
    opId: newId(),
    authorId: kim.session.agent.id,
    kind: 'note.save',
    code: 'UNKNOWN_CUSTOMER',
    reason: 'rejected',
    claimedAt: '2026-11-23T08:00:00.000Z',
    customerId: null,
    ...more,
  });
  const report = (desk: TestDesk, part: Partial<HeldReport>) =>
    centre.call('PUT', '/v1/desk/held', {
      token: desk.session.deviceToken,
      body: { deviceId: desk.deviceId, held: [], discarded: [], ...part },
    });
  const seenBy = async (desk: TestDesk) => TeamHeldWork.parse((await desk.get('/v1/held-work')).json);

  it('is seen by the supervisor of that team, whose desk it is on and since when; not by another team', async () => {
    const held = note();
    expect((await report(kim, { held: [held] })).status).toBe(200);
    expect((await seenBy(lead)).held).toEqual([
      { ...held, authorName: '상담사 kim', deviceId: kim.deviceId, reportedAt: '2026-11-23T09:00:00.000Z' },
    ]);
    expect((await seenBy(other)).held).toEqual([]);
    expect((await seenBy(await seat('boss', 'administrator', null))).held).toHaveLength(1);
  });

  it('is gone with the next report; what was let go stays, with who and why', async () => {
    const held = note({ claimedAt: '2026-11-23T08:30:00.000Z' });
    await report(kim, { held: [held] });
    const { reason: _, ...act } = held;
    const discarded = { ...act, decidedAt: '2026-11-23T08:50:00.000Z', decision: '상담사 kim: 중복' };
    for (const _time of [1, 2]) await report(kim, { discarded: [discarded] });
    const seen = await seenBy(lead);
    expect(seen.held).toEqual([]);
    expect(seen.discarded).toMatchObject([{ opId: held.opId, decision: '상담사 kim: 중복', authorName: '상담사 kim' }]);
  });

  it('nobody tells of the work of agents who never sat at their desk, nor for another desk', async () => {
    await report(kim, { held: [note({ authorId: other.session.agent.id })] });
    expect((await seenBy(other)).held).toEqual([]);
    await report(kim, { held: [note()] });
    await other.do(newCustomer('홍길동'));
    await kim.do(newCustomer('김철수'));
    const answer = await centre.call('PUT', '/v1/desk/held', {
      token: other.session.deviceToken,
      body: { deviceId: kim.deviceId, held: [], discarded: [] },
    });
    expect(answer.status).toBe(403);
    expect((await seenBy(lead)).held).toHaveLength(1);
  });

  it('forgets whose it was when the customer is erased', async () => {
    const customer = newCustomer('홍길동');
    await kim.do(customer);
    await report(kim, { held: [note({ customerId: customer.customerId })] });
    await centre.admin('DELETE', `customers/${customer.customerId}`);
    expect((await seenBy(lead)).held).toMatchObject([{ customerId: null }]);
  });
});
