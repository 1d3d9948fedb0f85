import { MIRRORED, type Relationship } from '../../shared/relationship.ts';
import { liveCustomerId } from '../merged.ts';
import { type RecordWrite, readRecord } from '../records.ts';
import { type Effect, mustBeCustomer, mustBeSame, ownerOf, Rejection, readOwn } from './effect.ts';

/** Both sides at once. Who was merged meanwhile is who they are now. */
export const addRelation: Effect<'relation.add'> = async (context, payload) => {
  const { relationId, mirrorId, customerId, role } = payload;
  const otherId = await liveCustomerId(context.trx, payload.otherId);
  // Two that name each other wait in one order, never in a circle.
  for (const id of [customerId, otherId].sort()) await mustBeCustomer(context, id);
  if (customerId === otherId) throw new Rejection('INVALID', 'nobody is around themselves');
  const existing = await readOwn(context, 'relationship', relationId);
  mustBeSame(existing, { role, mirrorId }, `relation ${relationId}`);
  if (existing !== null) return [];
  if ((await readOwn(context, 'relationship', mirrorId)) !== null) {
    throw new Rejection('CONFLICT', `relation ${mirrorId} is another one`);
  }
  const own: Relationship = { id: relationId, mirrorId, customerId, otherId, role };
  const mirror: Relationship = {
    ...{ id: mirrorId, mirrorId: relationId },
    ...{ customerId: otherId, otherId: customerId, role: MIRRORED[role] },
  };
  return [own, mirror].map((data): RecordWrite => ({ table: 'relationship', id: data.id, data }));
};

/** On both sides. What somebody removed meanwhile is what was wanted. */
export const removeRelation: Effect<'relation.remove'> = async (context, { customerId, relationIds }) => {
  await mustBeCustomer(context, customerId);
  const gone = new Set<string>();
  for (const id of relationIds) {
    const row = await readRecord(context.trx, 'relationship', id, 'update');
    if (row === null) continue;
    await ownerOf(context, row, customerId, `relation ${id}`);
    gone.add(id);
    if (await readRecord(context.trx, 'relationship', row.mirrorId, 'update')) gone.add(row.mirrorId);
  }
  return [...gone].map((id): RecordWrite => ({ table: 'relationship', id, data: null }));
};
