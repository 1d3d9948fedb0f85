import { beforeAll, expect, it } from 'vitest';
import { newId } from '../../../src/shared/ids.ts';
import type { RelationRole, Relationship } from '../../../src/shared/relationship.ts';
import { newCustomer, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

onBothStores('the people around a customer', (store) => {
  let centre: TestCentre;
  let kim: TestDesk;
  let lee: TestDesk;
  beforeAll(async () => {
    centre = await store.start();
    kim = await centre.desk('kim');
    lee = await centre.desk('lee');
  });

  const person = async (name: string) => {
    const payload = newCustomer(name);
    await kim.do(payload);
    return payload.customerId;
  };
  const relate = async (customerId: string, otherId: string, role: RelationRole) => {
    const [relationId, mirrorId] = [newId(), newId()];
    const reply = await kim.do({ kind: 'relation.add', relationId, mirrorId, customerId, otherId, role });
    return { relationId, mirrorId, reply };
  };
  const around = async (customerId: string) => {
    const rows = (await kim.snapshot('relationship')).flatMap(({ data }) => (data ? [data as Relationship] : []));
    return rows.filter((row) => row.customerId === customerId).map(({ otherId, role }) => [role, otherId]);
  };
  const merge = (customerId: string, goneId: string, mergeId = newId()) =>
    kim.do({ kind: 'customer.merge', mergeId, customerId, goneId, fields: [] });

  it('are said on both sides at once, and no more on both sides', async () => {
    const [child, mother] = [await person('김하나'), await person('김어머니')];
    const { relationId, reply } = await relate(child, mother, 'guardian');
    expect(reply).toMatchObject({ status: 'applied', rows: [{ table: 'relationship' }, { table: 'relationship' }] });
    expect(await around(child)).toEqual([['guardian', mother]]);
    expect(await around(mother)).toEqual([['ward', child]]);
    expect(await lee.do({ kind: 'relation.remove', customerId: mother, relationIds: [relationId] })).toMatchObject({
      status: 'rejected',
      code: 'CONFLICT',
    });
    const remove = { kind: 'relation.remove' as const, customerId: child, relationIds: [relationId] };
    expect(await lee.do(remove)).toMatchObject({ status: 'applied' });
    expect([...(await around(child)), ...(await around(mother))]).toEqual([]);
    // Another desk that had not heard of it wanted the same.
    expect(await kim.do(remove)).toMatchObject({ status: 'applied', rows: [] });
  });

  it('are nobody whom the centre does not know, and not oneself', async () => {
    const one = await person('이혼자');
    expect((await relate(one, one, 'household')).reply).toMatchObject({ status: 'rejected', code: 'INVALID' });
    expect((await relate(one, newId(), 'household')).reply).toMatchObject({ code: 'UNKNOWN_CUSTOMER' });
  });

  it('go over with a merge and come back with its undoing; who was merged is who they are now', async () => {
    const [kept, gone, wife] = [await person('박하나'), await person('박 하나'), await person('박아내')];
    await relate(gone, wife, 'household');
    const mergeId = newId();
    await merge(kept, gone, mergeId);
    expect(await around(kept)).toEqual([['household', wife]]);
    expect(await around(gone)).toEqual([]);
    // Said of the one who went: it is of the one who stayed.
    const friend = await person('최소개');
    await relate(friend, gone, 'referred');
    expect(await around(friend)).toEqual([['referred', kept]]);
    await kim.do({ kind: 'customer.unmerge', mergeId, customerId: kept, goneId: gone });
    expect(await around(gone)).toEqual([['household', wife]]);
    expect(await around(kept)).toEqual([['referrer', friend]]);
  });

  it('stay with the customer from whom somebody is parted', async () => {
    const [both, boss] = [await person('윤둘'), await person('윤사장')];
    await relate(both, boss, 'employer');
    const split = { customerId: newId(), fromId: both, name: '윤셋', contactPointIds: [], interactionIds: [] };
    await kim.do({ kind: 'customer.split', ...split });
    expect(await around(both)).toEqual([['employer', boss]]);
    expect(await around(split.customerId)).toEqual([]);
  });

  it('forget whoever is erased, also under a name that was merged, and nothing keeps the id', async () => {
    const [kept, gone, wife] = [await person('한하나'), await person('한 하나'), await person('한아내')];
    await relate(wife, gone, 'household');
    await relate(wife, kept, 'guardian');
    await merge(kept, gone);
    await centre.call('DELETE', `/v1/admin/customers/${kept}`, { token: centre.adminToken });
    expect(await around(wife)).toEqual([]);
    const left = (await kim.snapshot('relationship')).filter(({ data }) => JSON.stringify(data).includes(gone));
    expect(left).toEqual([]);
    expect((await relate(wife, kept, 'household')).reply).toMatchObject({ status: 'rejected', code: 'ERASED' });
  });
});
