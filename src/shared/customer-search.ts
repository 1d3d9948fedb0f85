import { z } from 'zod';
import { CustomerCandidate } from './customer-360.ts';
import { LocalText } from './text.ts';

/** A condition on one of the business's own fields (shared/own-search.ts): a choice as it is stored, a number, words of a text. */
export const NarrowBy = z.object({ key: z.string().max(60), value: z.string().min(1).max(200) });
export type NarrowBy = z.infer<typeof NarrowBy>;

export const NARROW_MAX = 5;
/** What is typed, and what the search is narrowed to; with both, customers who fit all of it. */
export const CustomerSearchRequest = z.object({
  text: z.string().max(100),
  narrow: z.array(NarrowBy).max(NARROW_MAX).optional(),
});

/** A condition that somebody may mean by what they typed, or that holds already. */
export const NarrowOffer = NarrowBy.extend({ label: LocalText, name: LocalText });
export type NarrowOffer = z.infer<typeof NarrowOffer>;

export const FoundCustomer = CustomerCandidate.extend({
  /** Of a customer who was found by an own field: which one, and what it says of what was asked. */
  foundOwn: z.object({ label: LocalText, value: LocalText }).optional(),
});
export type FoundCustomer = z.infer<typeof FoundCustomer>;

/** The likeliest twenty of a search, and whether there are more. */
export const CustomerSearchResult = z.object({
  candidates: z.array(FoundCustomer),
  more: z.boolean().optional(),
  /** How many fit what the search is narrowed to; `atLeast`: nobody counted on. */
  count: z.object({ n: z.int(), atLeast: z.boolean() }).optional(),
  offers: z.array(NarrowOffer).optional(),
  /** The own fields that customers are found by were chosen a while ago: not everybody is found by them yet. */
  indexing: z.boolean().optional(),
});
export type CustomerSearchResult = z.infer<typeof CustomerSearchResult>;
