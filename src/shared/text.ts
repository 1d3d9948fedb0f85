import { z } from 'zod';

export const Language = z.enum(['ko', 'en']);
export type Language = z.infer<typeof Language>;

/** A text that a business wrote in the languages of the desk, e.g. the label of a disposition. */
export const LocalText = z.object({ ko: z.string().max(200), en: z.string().max(200) });
export type LocalText = z.infer<typeof LocalText>;

/** An instant: ISO 8601 in UTC with milliseconds, e.g. 2026-11-22T09:30:00.000Z. */
export const Instant = z.iso.datetime({ precision: 3 });
export type Instant = z.infer<typeof Instant>;

/** A calendar day, YYYY-MM-DD. */
export const Day = z.iso.date();
export type Day = z.infer<typeof Day>;

/** An amount in the smallest unit of its currency (won, cents). */
export const Money = z.object({ amount: z.int(), currency: z.string().length(3) });
export type Money = z.infer<typeof Money>;
