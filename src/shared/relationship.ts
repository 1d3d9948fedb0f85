import { z } from 'zod';
import { Id } from './ids.ts';

/** What the other one is to the customer. */
export const RelationRole = z.enum(['household', 'referrer', 'referred', 'employer', 'employee', 'guardian', 'ward']);
export type RelationRole = z.infer<typeof RelationRole>;

/** The same relation, seen from the other side. */
export const MIRRORED: Readonly<Record<RelationRole, RelationRole>> = {
  household: 'household',
  referrer: 'referred',
  referred: 'referrer',
  employer: 'employee',
  employee: 'employer',
  guardian: 'ward',
  ward: 'guardian',
};

/**
 * Somebody around a customer. Two rows a relation, one on each side: each belongs to its customer, so that it is merged, scoped and
 * erased with them. `otherId` may have been merged since: whoever reads it asks who that is now.
 */
export const Relationship = z.object({
  id: Id,
  /** The row on the other side. */
  mirrorId: Id,
  customerId: Id,
  otherId: Id,
  role: RelationRole,
});
export type Relationship = z.infer<typeof Relationship>;
