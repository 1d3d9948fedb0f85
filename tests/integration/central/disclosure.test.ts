import { beforeAll, expect, it } from 'vitest';
import { Disclosure } from '../../../src/shared/disclosure.ts';
import { newId } from '../../../src/shared/ids.ts';
import { codeOf, newCall, newCustomer, newNote, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

onBothStores("the customer's own view", (store) => {
  let centre: TestCentre;
  let kim: TestDesk;
  let boss: TestDesk;
  beforeAll(async () => {
    centre = await store.start();
    kim = await centre.desk('kim');
    boss = await centre.desk('boss', { role: 'supervisor' });
  });

  const post = (desk: TestDesk, path: string, body: object) =>
    centre.call('POST', `/v1/customers/${path}`, { token: desk.session.accessToken, body });
  const ask = (desk: TestDesk, id: string, body: object) => post(desk, `${id}/disclosure`, body);
  const erase = (desk: TestDesk, id: string, customerNumber: string) =>
    post(desk, `${id}/erase`, { customerNumber, reason: '삭제 요청' });

  async function person(name: string) {
    const made = newCustomer(name, '010-0000-4321');
    const { customerId } = made;
    const call = newCall(customerId);
    const consent = { channel: 'phone', purpose: 'marketing', status: 'granted', source: '전화' } as const;
    await kim.do(made);
    await kim.do(call);
    await kim.do(newNote(`${name} 메모`, customerId, call.interactionId));
    await kim.do({ kind: 'consent.set', consentId: newId(), customerId, ...consent });
    return customerId;
  }
  const lookups = async (customerId: string) => {
    const path = `/v1/admin/lookups?customerId=${customerId}`;
    const { json } = await centre.call('GET', path, { token: centre.adminToken });
    return (json as { items: { how: string; reason: string | null }[] }).items.map(({ how, reason }) => [how, reason]);
  };

  it('has all that is held, also what was written under a number that was merged, and who looked and why', async () => {
    const [kept, gone] = [await person('홍길동'), await person('홍 길동')];
    await kim.do({ kind: 'customer.merge', mergeId: newId(), customerId: kept, goneId: gone, fields: [] });
    await kim.get(`/v1/customers/${kept}`);
    const answer = await ask(boss, gone, { reason: '전화로 열람 요청', use: 'read' });
    expect(answer.status).toBe(200);
    const all = Disclosure.parse(answer.json);
    expect(all.customer.id).toBe(kept);
    expect(all.merged.map(({ id }) => id)).toEqual([gone]);
    expect(all.counts).toMatchObject({ interaction: 2, note: 2, contact_point: 2, consent: 2, promise: 0 });
    expect(all.rows.note.map(({ text }) => text).toSorted()).toEqual(['홍 길동 메모', '홍길동 메모']);
    // The look that this answers is in it.
    expect(all.looks.map(({ action, context, agentName }) => [action, context, agentName])).toEqual([
      ['disclosure', '전화로 열람 요청', '상담사 boss'],
      ['id', '', '상담사 kim'],
    ]);
    await ask(boss, kept, { reason: '사본 요청', use: 'export' });
    expect(await lookups(kept)).toContainEqual(['export', '사본 요청']);
  });

  it("is no agent's, and nobody's without a reason", async () => {
    const id = await person('김비밀');
    expect((await ask(kim, id, { reason: '궁금', use: 'read' })).status).toBe(403);
    expect((await ask(boss, id, { reason: ' ', use: 'read' })).status).toBe(400);
    expect((await ask(boss, newId(), { reason: '없는 고객', use: 'read' })).status).toBe(404);
    expect(await lookups(id)).toEqual([]);
  });

  it('ends with an erasure that names the customer: everything goes, that it was done and why stays', async () => {
    const id = await person('이지움');
    const { customer } = Disclosure.parse((await ask(boss, id, { reason: '삭제 전 확인', use: 'read' })).json);
    const wrong = await erase(boss, id, 'C-0');
    expect([wrong.status, codeOf(wrong)]).toEqual([409, 'CHANGED_MEANWHILE']);
    expect((await erase(kim, id, customer.customerNumber)).status).toBe(403);
    expect((await ask(boss, id, { reason: '아직 있음', use: 'read' })).status).toBe(200);
    const done = await erase(boss, id, customer.customerNumber);
    expect(done.json).toMatchObject({ erasedRows: 5 });
    expect((await ask(boss, id, { reason: '남은 것', use: 'read' })).status).toBe(404);
    expect(await lookups(id)).toContainEqual(['erase', '삭제 요청']);
  });
});
