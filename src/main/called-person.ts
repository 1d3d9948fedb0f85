import type { Consent } from '../shared/consent.ts';
import type { PhoneNumber } from '../shared/phone-number.ts';
import { findByPhone } from './customer-match.ts';
import type { GuestBook } from './guests.ts';
import type { HostContext } from './host-context.ts';
import { readSameBook, type SameBook } from './same-customer.ts';
import { readWhole } from './whole-customer.ts';

/** Whom a marketing call is for, as far as the gate asks. */
export interface CalledPerson {
  consents: readonly Consent[];
  /** false: only the centre knows all of it, and a refusal may stand there. */
  whole: boolean;
  /** The business makes no marketing calls to them. */
  isBlocked: boolean;
  /** null: nobody, or one of several. */
  owner: string | null;
  /** All under whom they were ever called: themselves, and who was merged into them. */
  ids: readonly string[];
}

export const NOBODY: CalledPerson = { consents: [], whole: true, isBlocked: false, owner: null, ids: [] };

/**
 * Of the customer named, else of the one who has this number. Nobody in particular has given no consent; of several who share a
 * number it is not known whom the call is for: what one of them refused counts, what another agreed to does not.
 */
export function readCalledPerson(
  context: HostContext,
  guests: GuestBook,
  phone: PhoneNumber,
  customerId: string | null,
): CalledPerson {
  const { outbox, cache } = context;
  const book = readSameBook(outbox, cache);
  const here = customerId === null ? findByPhone(outbox, cache, phone, book) : [customerId];
  const owners = here.length > 0 ? here : guests.byPhone(phone.e164);
  const [owner, ...others] = owners.map((id) => readOne(context, guests, book, id));
  if (owner === undefined) return NOBODY;
  if (others.length === 0) return owner;
  const all = [owner, ...others];
  return {
    consents: all.flatMap(({ consents }) => consents.filter(({ status }) => status === 'refused')),
    whole: here.length > 0,
    isBlocked: all.some(({ isBlocked }) => isBlocked),
    owner: null,
    ids: all.flatMap(({ ids }) => ids),
  };
}

function readOne({ outbox, cache, seat }: HostContext, guests: GuestBook, book: SameBook, id: string): CalledPerson {
  const rows = readWhole(outbox, cache, id, { country: seat.country(), guest: guests.of(id), book });
  const field = seat.policy()?.blockedBy;
  return {
    consents: rows?.consents ?? [],
    whole: rows?.partial !== true,
    isBlocked: field !== undefined && rows?.customer.custom[field] === true,
    owner: book.liveId(id),
    ids: book.allOf(book.liveId(id)).map((one) => one.id),
  };
}
