import { z } from 'zod';
import { ErrorCode, NextStep } from '../../shared/errors.ts';
import { HostStart } from '../../shared/key-hand-over.ts';

/** Shell to host process. 'port' brings a MessagePort along: a window's end of it speaks the contract. */
export const ToHost = z.discriminatedUnion('type', [
  HostStart,
  z.object({ type: z.literal('port') }),
  z.object({ type: z.literal('stop') }),
]);
export type ToHost = z.infer<typeof ToHost>;

/** Host process to shell. After 'failed' the process ends. */
export const FromHost = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('failed'), code: ErrorCode, next: NextStep, detail: z.string() }),
]);
export type FromHost = z.infer<typeof FromHost>;
export type HostFailure = Extract<FromHost, { type: 'failed' }>;
