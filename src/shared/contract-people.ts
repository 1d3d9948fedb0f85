import { z } from 'zod';
import { act } from './contract-base.ts';
import { CustomerCandidate, Mark } from './customer-360.ts';
import { Id } from './ids.ts';
import { RelationRole } from './relationship.ts';

/** Somebody who was said to be around the customer. */
export const PersonAround = z.object({
  otherId: Id,
  role: RelationRole,
  /** Masked; null: not on this desk. */
  customer: CustomerCandidate.nullable(),
  mark: Mark,
});
export type PersonAround = z.infer<typeof PersonAround>;

export const SHARING_MAX = 5;

export const PeopleAround = z.object({
  relations: z.array(PersonAround),
  /** Who else has one of the customer's numbers, and was not said to be around them. */
  sharing: z.array(z.object({ customer: CustomerCandidate, contactPointId: Id })).max(SHARING_MAX),
  /** How many more share a number: a switchboard. */
  more: z.int(),
});
export type PeopleAround = z.infer<typeof PeopleAround>;

/** Household, referrer, company, guardian. Asked for when the customer is on screen already; each act is one durable commit. */
export const people = {
  of: act(z.object({ customerId: Id }), PeopleAround),
  /** `role`: what the other one is to the customer. The same relationId again is the same relation. NOT_FOUND: not on this desk. */
  add: act(
    z.object({ relationId: Id, mirrorId: Id, customerId: Id, otherId: Id, role: RelationRole }),
    z.object({ mark: Mark }),
  ),
  /** On both sides. NOT_FOUND: it was removed meanwhile. */
  remove: act(z.object({ customerId: Id, otherId: Id, role: RelationRole }), z.object({ mark: Mark })),
};
