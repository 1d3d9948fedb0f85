import { beforeAll, expect, it } from 'vitest';
import { newId } from '../../../src/shared/ids.ts';
import type { CaseChange, CaseClock } from '../../../src/shared/work.ts';
import { newCustomer, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

const HOUR = 3_600_000;

onBothStores('what the business promises of its cases', (store) => {
  let centre: TestCentre;
  let kim: TestDesk;
  let customerId: string;
  beforeAll(async () => {
    centre = await store.start();
    kim = await centre.desk('kim');
    const payload = newCustomer('홍길동');
    await kim.do(payload);
    customerId = payload.customerId;
  });

  const limits = (high: number, normal: number) => ({
    high: { answerMinutes: 30, solutionMinutes: high },
    normal: { answerMinutes: 60, solutionMinutes: normal },
    low: { answerMinutes: null, solutionMinutes: null },
  });
  // Open day and night: what these tests compare is then plain time.
  const always = {
    timeZone: 'Asia/Seoul',
    week: Array.from({ length: 7 }, () => ({ from: 0, to: 1440 })),
    holidays: [],
  };
  const put = (high: number, normal: number) =>
    centre.admin('PUT', 'service-level', {
      ...{ hours: always, limits: limits(high, normal), warnMinutes: 10, pausesWhileWaiting: true },
    });
  const open = async (interactionId: string | null = null) => {
    const caseId = newId();
    const of = { caseId, customerId, interactionId, subject: '끊김', priority: 'normal', dueAt: null } as const;
    expect(await kim.do({ kind: 'case.open', ...of })).toMatchObject({ status: 'applied' });
    return caseId;
  };
  const change = (caseId: string, what: CaseChange) =>
    kim.do({ kind: 'case.change', caseId, customerId, interactionId: null, why: '사유', change: what });
  const caseOf = async (id: string) => {
    for (const { data } of await kim.snapshot('case')) if (data && 'openedAt' in data && data.id === id) return data;
    throw new Error('no such case');
  };
  const spanOf = async (id: string, of: keyof CaseClock) => {
    const { openedAt, clock } = await caseOf(id);
    return (Date.parse(String(clock?.[of])) - Date.parse(openedAt)) / HOUR;
  };

  it('is nothing until an administrator says so; then what is open has its clock, and desks have the limits', async () => {
    const before = await open();
    expect((await caseOf(before)).clock).toBeUndefined();
    expect(await put(240, 960)).toMatchObject({ created: true });
    expect(await spanOf(before, 'nextBy')).toBe(16);
    expect(await kim.snapshot('service_level')).toMatchObject([{ data: { limits: limits(240, 960) } }]);
    expect(await put(240, 480)).toMatchObject({ created: false });
    expect(await spanOf(before, 'nextBy')).toBe(8);
  });

  it('owes a first answer, unless the customer was on the line when the case was opened', async () => {
    const mailed = await open();
    expect(await spanOf(mailed, 'nextBy')).toBe(1);
    await change(mailed, { answered: true });
    expect(await spanOf(mailed, 'nextBy')).toBe(8);
    const interactionId = newId();
    const call = { interactionId, customerId, direction: 'in', phone: null, queue: null } as const;
    const times = { startedAt: new Date().toISOString(), answeredAt: null, endedAt: null, result: null };
    await kim.do({ kind: 'interaction.record', ...call, ...times });
    expect(await spanOf(await open(interactionId), 'nextBy')).toBe(8);
  });

  it('is kept by a case that is handed up, and stands still while the customer is waited for', async () => {
    const caseId = await open();
    await change(caseId, { escalate: true });
    expect(await caseOf(caseId)).toMatchObject({ priority: 'high', clock: { priority: 'normal' } });
    expect(await spanOf(caseId, 'solveBy')).toBe(8);
    await change(caseId, { status: 'waiting' });
    expect((await caseOf(caseId)).clock).toMatchObject({ nextBy: null, waitingSince: expect.any(String) });
    await change(caseId, { status: 'open', priority: 'high' });
    expect((await caseOf(caseId)).clock).toMatchObject({ waitingSince: null, priority: 'high' });
    expect(await spanOf(caseId, 'nextBy')).toBe(4);
    await change(caseId, { status: 'closed' });
    expect((await caseOf(caseId)).clock).toMatchObject({ nextBy: null });
  });

  it('is refused where it makes no sense', async () => {
    const wrong = { ...always, timeZone: 'Asia/Nowhere' };
    const body = { hours: wrong, limits: limits(1, 1), warnMinutes: 10, pausesWhileWaiting: true };
    const answer = await centre.call('PUT', '/v1/admin/service-level', { token: centre.adminToken, body });
    expect(answer.status).toBe(400);
  });
});
