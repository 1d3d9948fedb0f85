import type { ContactPoint } from '../shared/contact-point.ts';
import type { Customer } from '../shared/customer.ts';

/** Somebody whom only the centre knows: what it told when it was asked. Of consents, cases and history it told nothing. */
export interface Guest {
  customer: Customer;
  contactPoints: ContactPoint[];
}

/** Guests of this run of the host, in memory alone: a desk stores no row outside its scope. */
export interface GuestBook {
  of: (customerId: string) => Guest | null;
  pointOf: (contactPointId: string) => ContactPoint | null;
  /** Ids of those who have this number. */
  byPhone: (e164: string | null) => string[];
}

export interface Guests extends GuestBook {
  welcome: (guest: Guest) => void;
  forget: (customerIds: readonly string[]) => void;
}

/** As many as one agent meets in a shift; the oldest leaves. */
const GUESTS_KEPT = 200;

export function createGuests(): Guests {
  const guests = new Map<string, Guest>();
  const points = () => [...guests.values()].flatMap((guest) => guest.contactPoints);
  return {
    of: (customerId) => guests.get(customerId) ?? null,
    pointOf: (id) => points().find((point) => point.id === id) ?? null,
    byPhone: (e164) => {
      const theirs = points().filter((point) => e164 !== null && point.e164 === e164);
      return [...new Set(theirs.map((point) => point.customerId))];
    },
    welcome: (guest) => {
      if (guests.size >= GUESTS_KEPT) guests.delete(guests.keys().next().value ?? '');
      guests.set(guest.customer.id, guest);
    },
    forget: (customerIds) => {
      for (const id of customerIds) guests.delete(id);
    },
  };
}

/** Where nobody was asked for. */
export const NO_GUESTS: GuestBook = { of: () => null, pointOf: () => null, byPhone: () => [] };
