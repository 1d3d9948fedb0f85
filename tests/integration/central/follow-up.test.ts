import { beforeAll, expect, it } from 'vitest';
import { newId } from '../../../src/shared/ids.ts';
import {
  type OperationPayload,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  type SyncTable,
} from '../../../src/shared/sync-wire.ts';
import { newCustomer, PASSWORD, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

onBothStores('what is owed to customers', (store) => {
  let centre: TestCentre;
  let kim: TestDesk;
  let lee: TestDesk;
  let customerId: string;
  let now = Date.parse('2026-11-23T09:00:00Z');
  const DUE = '2026-11-24T05:00:00.000Z';
  beforeAll(async () => {
    centre = await store.start({ clock: () => now });
    kim = await centre.desk('kim');
    lee = await centre.desk('lee');
    const payload = newCustomer('홍길동');
    await kim.do(payload);
    customerId = payload.customerId;
  });

  const rowOf = async (table: SyncTable, id: string) =>
    (await lee.snapshot(table)).find((row) => row.id === id)?.data as Record<string, unknown> | undefined;
  const make = async (more: Partial<Extract<OperationPayload, { kind: 'promise.make' }>> = {}) => {
    const promiseId = newId();
    const reply = await kim.do({
      ...{ kind: 'promise.make', promiseId, customerId, interactionId: null, what: '환불 결과 안내', dueAt: DUE },
      ...more,
    });
    return { promiseId, reply };
  };
  const change = (desk: TestDesk, promiseId: string, what: object, why: string | null = null) => {
    now += 1000;
    const of = { kind: 'promise.change', promiseId, customerId, interactionId: null, why } as const;
    return desk.do({ ...of, change: what });
  };

  it('a callback has its number and whoever is to make it, by the name that the centre knows', async () => {
    const owner = { id: lee.session.agent.id, name: 'somebody else' };
    const { promiseId } = await make({ promiseKind: 'callback', owner, contactPointId: newId() });
    expect(await rowOf('promise', promiseId)).toMatchObject({
      ...{ kind: 'callback', status: 'open', byAgentName: '상담사 kim' },
      owner: { id: lee.session.agent.id, name: '상담사 lee' },
    });
    const unknown = await make({ owner: { id: newId(), name: '없는 사람' } });
    expect(unknown.reply).toMatchObject({ status: 'rejected', code: 'INVALID' });
  });

  it("is kept by whoever answers, with the centre's time and their name; opened again it is settled no longer", async () => {
    const { promiseId } = await make();
    await change(lee, promiseId, { status: 'kept' }, '오전에 안내함');
    expect(await rowOf('promise', promiseId)).toMatchObject({
      ...{ status: 'kept', byAgentName: '상담사 kim' },
      settled: { at: new Date(now).toISOString(), byName: '상담사 lee', why: '오전에 안내함' },
    });
    await change(kim, promiseId, { status: 'open', dueAt: '2026-11-25T05:00:00.000Z' });
    const again = await rowOf('promise', promiseId);
    expect(again).toMatchObject({ status: 'open', dueAt: '2026-11-25T05:00:00.000Z' });
    expect(again).not.toHaveProperty('settled');
  });

  it('said by two at once, the later word stands', async () => {
    const { promiseId } = await make();
    await change(kim, promiseId, { status: 'broken' }, '늦음');
    await change(lee, promiseId, { status: 'kept' });
    expect(await rowOf('promise', promiseId)).toMatchObject({ status: 'kept' });
  });

  it('of a customer who was erased comes to nothing, and of a promise that nobody made', async () => {
    expect(await change(kim, newId(), { status: 'kept' })).toMatchObject({ status: 'rejected', code: 'INVALID' });
    const { promiseId } = await make();
    const other = newCustomer('다른 분');
    await kim.do(other);
    const wrong = { kind: 'promise.change', promiseId, interactionId: null, why: null } as const;
    const reply = await kim.do({ ...wrong, customerId: other.customerId, change: { status: 'kept' } });
    expect(reply).toMatchObject({ status: 'rejected', code: 'CONFLICT' });
    expect(await rowOf('promise', promiseId)).toMatchObject({ status: 'open' });
  });

  it("a case gets its number here, once, and is the author's until somebody else's", async () => {
    const caseId = newId();
    const open = { kind: 'case.open', caseId, customerId, interactionId: null } as const;
    const payload = { ...open, subject: '배송 지연', priority: 'normal', dueAt: null } as const;
    await kim.do(payload);
    await kim.do(payload);
    const row = await rowOf('case', caseId);
    expect(row).toMatchObject({ status: 'open', ownerId: kim.session.agent.id, ownerName: '상담사 kim' });
    expect(row?.number).toMatch(/^CS-2026-\d{6}$/);
    const next = newId();
    await kim.do({ ...payload, caseId: next });
    expect((await rowOf('case', next))?.number).not.toBe(row?.number);
    const of = { kind: 'case.change', caseId, customerId, interactionId: null } as const;
    await kim.do({ ...of, change: { owner: { id: lee.session.agent.id, name: '' }, status: 'waiting' }, why: null });
    expect(await rowOf('case', caseId)).toMatchObject({ ownerName: '상담사 lee', status: 'waiting' });
    await lee.do({ ...of, change: { status: 'closed' }, why: '교체품 도착' });
    expect(await rowOf('case', caseId)).toMatchObject({
      status: 'closed',
      closed: { byName: '상담사 lee', why: '교체품 도착' },
    });
  });

  it('a desk of another release is told so before anything it says is read, also where its form would not fit', async () => {
    const headers = { authorization: `Bearer ${kim.session.deviceToken}`, 'content-type': 'application/json' };
    for (const [protocol, expected] of [
      [String(PROTOCOL_VERSION + 1), { status: 409, code: 'OTHER_RELEASE' }],
      [String(PROTOCOL_VERSION), { status: 400, code: 'BAD_INPUT' }],
    ] as const) {
      const answer = await fetch(`${centre.url}/v1/sync/push`, {
        ...{ method: 'POST', body: '{"of":"tomorrow"}', headers: { ...headers, [PROTOCOL_HEADER]: protocol } },
      });
      expect({ status: answer.status, ...((await answer.json()) as object) }).toMatchObject(expected);
    }
  });

  it("a case that is handed up is urgent, and is a supervisor's of the team where there is one", async () => {
    const caseId = newId();
    const of = { caseId, customerId, interactionId: null } as const;
    await kim.do({ kind: 'case.open', ...of, subject: '세 번째 문의', priority: 'low', dueAt: null });
    await kim.do({ kind: 'case.change', ...of, change: { escalate: true }, why: '책임자 통화 요청' });
    const handedUp = { priority: 'high', escalated: { byName: '상담사 kim', why: '책임자 통화 요청' } };
    expect(await rowOf('case', caseId)).toMatchObject({ ...handedUp, ownerName: '상담사 kim' });

    await centre.admin('PUT', 'teams', { name: '요금 상담' });
    const user = { team: '요금 상담', password: PASSWORD };
    await centre.admin('PUT', 'users', { ...user, login: 'kim', name: '상담사 kim', role: 'agent' });
    await centre.admin('PUT', 'users', { ...user, login: 'boss', name: '책임자 boss', role: 'supervisor' });
    await kim.do({ kind: 'case.change', ...of, change: { escalate: true }, why: '다시 요청' });
    expect(await rowOf('case', caseId)).toMatchObject({ ownerName: '책임자 boss', escalated: { why: '다시 요청' } });
  });
});
