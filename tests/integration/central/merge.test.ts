import { beforeAll, expect, it } from 'vitest';
import type { Customer } from '../../../src/shared/customer.ts';
import type { MergeField } from '../../../src/shared/customer-merge.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { OperationPayload, SyncRow } from '../../../src/shared/sync-wire.ts';
import { newCall, newCustomer, newNote, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

const TABLES = [
  'customer',
  'contact_point',
  'phone_pick',
  'consent',
  'case',
  'promise',
  'interaction',
  'note',
] as const;
const DUE = '2026-11-24T05:00:00.000Z';

onBothStores('two customers who are one person', (store) => {
  let centre: TestCentre;
  let kim: TestDesk;
  let lee: TestDesk;
  let boss: TestDesk;
  beforeAll(async () => {
    centre = await store.start();
    kim = await centre.desk('kim');
    lee = await centre.desk('lee');
    boss = await centre.desk('boss', { role: 'supervisor' });
  });

  const rows = async (...customers: string[]) => {
    const all: SyncRow[] = [];
    for (const table of TABLES) all.push(...(await boss.snapshot(table)));
    const isTheirs = ({ id, data }: SyncRow) =>
      customers.includes(id) || (data !== null && 'customerId' in data && customers.includes(data.customerId ?? ''));
    return all.filter(isTheirs);
  };
  /** What the rows say, without their versions: those only grow. */
  const said = async (...customers: string[]) =>
    (await rows(...customers)).map(({ table, id, data }) => JSON.stringify({ table, id, data })).sort();
  const customer = async (id: string) => (await rows(id)).find((row) => row.id === id)?.data as Customer;
  const owned = async (id: string) => (await rows(id)).filter((row) => row.id !== id).map((row) => row.id);

  async function person(name: string, phone = '010-0000-1234') {
    const made = newCustomer(name, phone);
    const { customerId } = made;
    const call = newCall(customerId);
    const [promiseId, caseId, pickId] = [newId(), newId(), newId()];
    const note = newNote(`${name} 통화`, customerId, call.interactionId);
    const loose = newNote(`${name} 메모`, customerId);
    const of = { customerId, interactionId: null };
    for (const payload of [
      made,
      call,
      note,
      loose,
      { kind: 'promise.make', promiseId, ...of, what: '안내', dueAt: DUE },
      { kind: 'case.open', caseId, ...of, subject: '배송', priority: 'normal', dueAt: null },
      { kind: 'phone.pick', pickId, e164: `+8210${newId().slice(-8)}`, customerId },
    ] satisfies OperationPayload[]) {
      expect(await kim.do(payload)).toMatchObject({ status: 'applied' });
    }
    return { customerId, promiseId, caseId, callId: call.interactionId, pointId: made.contactPoints[0]?.id ?? '' };
  }
  const merge = (desk: TestDesk, customerId: string, goneId: string, fields: MergeField[] = [], mergeId = newId()) =>
    desk.do({ kind: 'customer.merge', mergeId, customerId, goneId, fields });
  const unmerge = (desk: TestDesk, mergeId: string, customerId: string, goneId: string) =>
    desk.do({ kind: 'customer.unmerge', mergeId, customerId, goneId });
  const consent = (desk: TestDesk, customerId: string, status: 'granted' | 'refused', consentId = newId()) =>
    desk.do({
      ...{ kind: 'consent.set', consentId, customerId, channel: 'phone', purpose: 'marketing', status, source: '전화' },
    });
  const update = (desk: TestDesk, customerId: string, name: string, was: string) =>
    desk.do({ kind: 'customer.update', customerId, changes: [{ field: 'name', value: name, was }] });
  const MERGED = { status: 'applied' } as const;

  it('all that is of the one who goes is of the kept one, in the reply of the merge itself', async () => {
    const [a, b] = [await person('홍길동'), await person('홍길동', '010-0000-5678')];
    const before = await owned(b.customerId);
    const reply = await merge(kim, a.customerId, b.customerId);
    expect(reply).toMatchObject(MERGED);
    expect(await owned(b.customerId)).toEqual([]);
    expect((await owned(a.customerId)).toSorted()).toEqual(expect.arrayContaining(before));
    const told = reply.status === 'applied' ? reply.rows.map(({ id }) => id) : [];
    expect(told).toEqual(expect.arrayContaining([b.customerId, ...before]));
    expect((await customer(b.customerId)).mergedInto).toMatchObject({
      ...{ customerId: a.customerId, byName: '상담사 kim' },
    });
    const points = (await rows(a.customerId)).filter(({ table }) => table === 'contact_point');
    expect(points.filter(({ data }) => data !== null && 'primary' in data && data.primary)).toHaveLength(1);
  });

  it('C12 is taken back byte for byte; what was written since stays with the kept one', async () => {
    const [a, b] = [await person('김철수'), await person('김 철수', '010-0000-9999')];
    await consent(kim, a.customerId, 'granted');
    await consent(kim, b.customerId, 'refused');
    const before = [await said(a.customerId), await said(b.customerId)];
    const mergeId = newId();
    const name: MergeField = { field: 'name', kept: '김철수', gone: '김 철수', take: 'gone' };
    await merge(kim, a.customerId, b.customerId, [name], mergeId);
    expect(await customer(a.customerId)).toMatchObject({ name: '김 철수' });
    expect(await unmerge(kim, mergeId, a.customerId, b.customerId)).toMatchObject(MERGED);
    expect([await said(a.customerId), await said(b.customerId)]).toEqual(before);

    const again = newId();
    await merge(kim, a.customerId, b.customerId, [name], again);
    const later = newNote('합친 뒤의 메모', b.customerId);
    await lee.do(later);
    await lee.do({
      ...{ kind: 'case.change', caseId: b.caseId, customerId: b.customerId, interactionId: null, why: null },
      change: { status: 'waiting' },
    });
    await unmerge(boss, again, a.customerId, b.customerId);
    expect(await owned(a.customerId)).toContain(later.noteId);
    expect((await rows(b.customerId)).find(({ id }) => id === b.caseId)?.data).toMatchObject({ status: 'waiting' });
    const withoutLater = (await said(a.customerId)).filter((row) => !row.includes(later.noteId));
    expect(withoutLater).toEqual(before[0]);
    expect(await unmerge(boss, again, a.customerId, b.customerId)).toMatchObject(MERGED);
  });

  it('a consent that was refused on either side is refused', async () => {
    const [a, b, c] = [await person('가'), await person('나', '010-0000-1111'), await person('다', '010-0000-2222')];
    await consent(kim, a.customerId, 'granted');
    await consent(kim, b.customerId, 'refused');
    await consent(kim, c.customerId, 'granted');
    const consents = async (id: string) =>
      (await rows(id)).filter(({ table }) => table === 'consent').map(({ data }) => data);
    await merge(kim, a.customerId, b.customerId);
    expect(await consents(a.customerId)).toMatchObject([{ status: 'refused' }]);
    await merge(kim, a.customerId, c.customerId);
    expect(await consents(a.customerId)).toMatchObject([{ status: 'refused' }]);
    // The customer's own later word counts, whichever of the three was named.
    await consent(lee, b.customerId, 'granted');
    expect(await consents(a.customerId)).toMatchObject([{ status: 'granted' }]);
  });

  it('C12 what another desk says of the one who went is said of the kept one, along the whole chain', async () => {
    const [a, b, c] = [await person('하나'), await person('둘', '010-0000-3333'), await person('셋', '010-0000-4444')];
    await merge(kim, b.customerId, c.customerId);
    await merge(kim, a.customerId, b.customerId);
    const note = newNote('셋에게 쓴 메모', c.customerId);
    const promiseId = newId();
    const call = newCall(c.customerId);
    await lee.do(note);
    await lee.do(call);
    await lee.do({
      kind: 'promise.make',
      promiseId,
      customerId: c.customerId,
      interactionId: null,
      what: '안내',
      dueAt: DUE,
    });
    const of = { promiseId: b.promiseId, customerId: b.customerId, interactionId: null };
    expect(await lee.do({ kind: 'promise.change', ...of, change: { status: 'kept' }, why: null })).toMatchObject(
      MERGED,
    );
    expect(await owned(a.customerId)).toEqual(expect.arrayContaining([note.noteId, promiseId, call.interactionId]));
    expect(await update(lee, c.customerId, '하나 여사', '셋')).toMatchObject(MERGED);
    const { name, contested } = await customer(a.customerId);
    expect([name, contested?.at(-1)]).toMatchObject(['하나 여사', { field: 'name', value: '하나' }]);
  });

  it('edited on another desk before the merge came, nothing is lost: it stands beside what won', async () => {
    const [a, b] = [await person('박영희'), await person('박 영희', '010-0000-5555')];
    const field: MergeField = { field: 'name', kept: '박영희', gone: '박 영희', take: 'kept' };
    await update(lee, b.customerId, '박영희(개명)', '박 영희');
    await lee.do(newNote('동시에 쓴 메모', b.customerId));
    const mergeId = newId();
    await merge(kim, a.customerId, b.customerId, [field], mergeId);
    expect(await customer(a.customerId)).toMatchObject({
      ...{ name: '박영희', contested: [{ field: 'name', value: '박영희(개명)', byName: '상담사 lee' }] },
    });
    await unmerge(kim, mergeId, a.customerId, b.customerId);
    expect(await customer(a.customerId)).not.toHaveProperty('contested');
    expect(await customer(b.customerId)).toMatchObject({ name: '박영희(개명)' });
  });

  it('merged the other way round on another desk: the second hears so, and nothing is lost', async () => {
    const [a, b, c] = [await person('갑'), await person('을', '010-0000-6666'), await person('병', '010-0000-7777')];
    await merge(kim, b.customerId, a.customerId);
    const after = await said(a.customerId, b.customerId);
    expect(await merge(lee, a.customerId, b.customerId)).toMatchObject({
      status: 'rejected',
      code: 'MERGED_MEANWHILE',
    });
    expect(await merge(lee, c.customerId, a.customerId)).toMatchObject({
      status: 'rejected',
      code: 'MERGED_MEANWHILE',
    });
    expect(await said(a.customerId, b.customerId)).toEqual(after);
    // The same merge from another desk is what is there already.
    expect(await merge(lee, b.customerId, a.customerId)).toMatchObject(MERGED);
    expect(await merge(lee, b.customerId, b.customerId)).toMatchObject({ status: 'rejected', code: 'INVALID' });
    expect(await merge(lee, b.customerId, newId())).toMatchObject({ status: 'rejected', code: 'UNKNOWN_CUSTOMER' });
  });

  it('two desks merge, edit and write at the very same moment, over and over', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [await person(`가${round}`), await person(`나${round}`, '010-0000-8888')];
      const note = newNote('같은 순간', b.customerId);
      const replies = await Promise.all([
        merge(kim, a.customerId, b.customerId),
        merge(lee, b.customerId, a.customerId),
        boss.do(note),
      ]);
      expect(replies.filter(({ status }) => status === 'applied')).toHaveLength(2);
      const [whole] = (await rows(a.customerId, b.customerId)).filter(
        ({ table, data }) => table === 'customer' && data !== null && !('mergedInto' in data),
      );
      expect(await owned(whole?.id ?? '')).toEqual(
        expect.arrayContaining([note.noteId, a.callId, b.callId, a.promiseId, b.promiseId]),
      );
    }
  });

  it('only who merged takes it back, or a supervisor', async () => {
    const [a, b] = [await person('남'), await person('여', '010-0000-1212')];
    const mergeId = newId();
    await merge(kim, a.customerId, b.customerId, [], mergeId);
    expect(await unmerge(lee, mergeId, a.customerId, b.customerId)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await unmerge(boss, mergeId, a.customerId, b.customerId)).toMatchObject(MERGED);
    // A merge that never came here is not there: what was wanted.
    expect(await unmerge(lee, newId(), a.customerId, b.customerId)).toMatchObject(MERGED);
  });

  it('taken back in any order, everybody has their own again', async () => {
    const [a, b, c] = [await person('일'), await person('이', '010-0000-1313'), await person('삼', '010-0000-1414')];
    const ids = [a.customerId, b.customerId, c.customerId];
    const all = async () => [await said(ids[0] ?? ''), await said(ids[1] ?? ''), await said(ids[2] ?? '')];
    const before = await all();
    for (const first of ['inner', 'outer']) {
      const [inner, outer] = [newId(), newId()];
      await merge(kim, b.customerId, c.customerId, [], inner);
      await merge(kim, a.customerId, b.customerId, [], outer);
      const undo = { inner: [inner, b, c], outer: [outer, a, b] } as const;
      for (const one of first === 'inner' ? (['inner', 'outer'] as const) : (['outer', 'inner'] as const)) {
        const [mergeId, kept, gone] = undo[one];
        await unmerge(kim, mergeId, kept.customerId, gone.customerId);
      }
      expect(await all()).toEqual(before);
    }
  });

  it('whoever is erased is erased with everybody who was merged into them, by whichever name', async () => {
    for (const byGone of [false, true]) {
      const [a, b] = [await person('지울 분'), await person('지울분', '010-0000-1515')];
      const mergeId = newId();
      const name: MergeField = { field: 'name', kept: '지울 분', gone: '지울분', take: 'gone' };
      await merge(kim, a.customerId, b.customerId, [name], mergeId);
      await centre.admin('DELETE', `customers/${byGone ? b.customerId : a.customerId}`);
      expect(await rows(a.customerId, b.customerId)).toEqual([]);
      for (const id of [a.customerId, b.customerId]) {
        expect(await lee.do(newNote('늦은 메모', id))).toMatchObject({ status: 'rejected', code: 'ERASED' });
      }
      expect(await unmerge(kim, mergeId, a.customerId, b.customerId)).toMatchObject({ status: 'rejected' });
    }
  });

  it('is found by what was theirs: a lookup names the kept one, once', async () => {
    const [a, b] = [await person('찾을 분', '010-0000-1616'), await person('찾을분', '010-0000-1616')];
    await merge(kim, a.customerId, b.customerId);
    const body = { phone: '01000001616', limit: 20 };
    const { json } = await centre.call('POST', '/v1/customers/lookup', { token: kim.session.accessToken, body });
    expect((json as { customers: { customer: Customer }[] }).customers.map((one) => one.customer.id)).toEqual([
      a.customerId,
    ]);
  });

  it('who were written down as one are parted: the chosen number and contact with its notes go, what refuses stays on both', async () => {
    const from = await person('두 사람', '010-0000-1717');
    const other = await person('둘째', '010-0000-1818');
    await merge(kim, from.customerId, other.customerId);
    await consent(kim, from.customerId, 'refused');
    const customerId = newId();
    const split = {
      ...({ kind: 'customer.split', customerId, fromId: from.customerId, name: '새 사람' } as const),
      ...{ contactPointIds: [from.pointId], interactionIds: [other.callId] },
    };
    // Named as the desk knew them: the one who went before is the kept one.
    expect(await lee.do({ ...split, fromId: other.customerId })).toMatchObject(MERGED);
    expect(await lee.do(split)).toMatchObject(MERGED);
    const parted = await rows(customerId);
    expect(parted.find(({ id }) => id === customerId)?.data).toMatchObject({ name: '새 사람', tier: 'basic' });
    expect(parted.filter(({ table }) => table === 'interaction').map(({ id }) => id)).toEqual([other.callId]);
    expect(parted.filter(({ table }) => table === 'note')).toHaveLength(1);
    expect(parted.filter(({ table }) => table === 'contact_point').map(({ id, data }) => [id, data])).toMatchObject([
      [from.pointId, { primary: true }],
    ]);
    expect(parted.filter(({ table }) => table === 'consent').map(({ data }) => data)).toMatchObject([
      { status: 'refused' },
    ]);
    const left = await rows(from.customerId);
    expect(left.filter(({ table }) => table === 'interaction').map(({ id }) => id)).toEqual([from.callId]);
    expect(left.filter(({ table }) => table === 'consent')).toHaveLength(1);
    expect(left.filter(({ table }) => table === 'contact_point').map(({ data }) => data)).toMatchObject([
      { primary: true },
    ]);
    // Back together by a merge, as nothing was lost.
    expect(await merge(kim, from.customerId, customerId)).toMatchObject(MERGED);
    expect(await owned(from.customerId)).toEqual(expect.arrayContaining([from.pointId, other.callId]));
    const unknown = { ...split, customerId: newId(), fromId: newId() };
    expect(await lee.do(unknown)).toMatchObject({ status: 'rejected', code: 'UNKNOWN_CUSTOMER' });
  });
});
