import { z } from 'zod';

/** What a desk in a process of its own is told, and what it tells. */
export const OrderSchema = z.discriminatedUnion('type', [
  z.object({
    ...{
      type: z.literal('begin'),
      folder: z.string(),
      centralUrl: z.string(),
      login: z.string(),
      password: z.string(),
    },
    ...{ customers: z.array(z.string()), everyMs: z.number() },
  }),
  /** The agent stops typing. */
  z.object({ type: z.literal('rest') }),
  z.object({ type: z.literal('status') }),
  z.object({ type: z.literal('end') }),
]);
export type Order = z.infer<typeof OrderSchema>;

export const ToldSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('typed'), noteId: z.string(), text: z.string() }),
  z.object({ type: z.literal('saved'), noteId: z.string(), text: z.string() }),
  z.object({ type: z.literal('status'), phase: z.string(), pending: z.number(), attention: z.number() }),
]);
export type Told = z.infer<typeof ToldSchema>;
