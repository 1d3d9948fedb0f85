import { z } from 'zod';
import { Mark, TimelineEntry } from './customer-360.ts';
import { Id } from './ids.ts';
import { Channel, Note } from './interaction.ts';
import { Instant } from './text.ts';

export const HISTORY_PAGE = 100;

/** A place in a customer's history, which goes from the newest to the oldest, and by id where the moment is the same. */
export const HistoryPlace = z.object({ at: Instant, id: z.union([Id, z.literal('')]) });
export type HistoryPlace = z.infer<typeof HistoryPlace>;

/** One line of the history: a contact with its notes, or a note written outside any contact. */
export const HistoryLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('contact'), at: Instant, entry: TimelineEntry }),
  z.object({ kind: z.literal('note'), at: Instant, note: Note.extend({ mark: Mark }) }),
]);
export type HistoryLine = z.infer<typeof HistoryLine>;

export const HistoryRequest = z.object({
  customerId: Id,
  /** null: from the newest. */
  before: HistoryPlace.nullable(),
  /** 'notes': only what has words. */
  only: z.union([Channel, z.literal('notes')]).nullable(),
  /** Words in subject, agent, queue or notes; empty: all. */
  text: z.string().max(100),
});
export type HistoryRequest = z.infer<typeof HistoryRequest>;

/** `next`: where the next page begins, also where nothing of this one fitted; null: there is nothing older on this desk. */
export const HistoryPage = z.object({ lines: z.array(HistoryLine).max(HISTORY_PAGE), next: HistoryPlace.nullable() });
export type HistoryPage = z.infer<typeof HistoryPage>;
