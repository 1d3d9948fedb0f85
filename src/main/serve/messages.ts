import { z } from 'zod';
import { HostStart } from '../../shared/key-hand-over.ts';
import { HostFailure } from '../../shared/shell-bridge.ts';

/** Supervisor to host process: the first message, and the wish to end in order. */
export const ToChild = z.discriminatedUnion('type', [
  z.object({ type: z.literal('serve'), host: HostStart, port: z.int(), pageFolder: z.string() }),
  z.object({ type: z.literal('stop') }),
]);
export type ToChild = z.infer<typeof ToChild>;

/** Host process to supervisor. After 'failed' the process ends. */
export const FromChild = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), port: z.int(), token: z.string() }),
  HostFailure.extend({ type: z.literal('failed') }),
]);
export type FromChild = z.infer<typeof FromChild>;
