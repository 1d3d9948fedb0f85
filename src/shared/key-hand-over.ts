import { z } from 'zod';

/**
 * The first message from a shell to the host it started: the data key travels here, never in arguments or environment.
 * `dataKey` is 32 random bytes in hex, or null when the shell has no store for a key: the host then keeps data in memory
 * unless practice data or the administrator's setting allow a 0600 key file.
 */
export const HostStart = z.object({
  type: z.literal('start'),
  dataFolder: z.string().min(1),
  dataKey: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  centralUrl: z.url(),
  /** Practice set: demo sign-in is offered and a key file is allowed. */
  practice: z.boolean(),
  allowKeyFile: z.boolean(),
  /** Practice only: the demo agent who is signed in when nobody is. */
  demoLogin: z.string().nullable(),
  version: z.string(),
});
export type HostStart = z.infer<typeof HostStart>;
