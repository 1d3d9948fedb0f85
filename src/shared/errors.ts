import { z } from 'zod';

/**
 * What can go wrong, as codes. Data goes beside the code; words are made by the screens, in the reader's language.
 * `next` is the step that helps: the screens have a sentence and, where it can be done there, a button for each.
 */
export const ErrorCode = z.enum([
  'HOST_GONE', // the desk's host process ended; the shell restarts it
  'HOST_BUSY', // another host holds the data folder
  'BAD_INPUT', // a message that does not fit its schema
  'SIGNED_OUT', // the act needs a signed-in agent
  'LOCKED', // the offline lease ran out
  'WRONG_PASSWORD',
  'WRONG_SIGNATURE', // a form or service that does not prove who it is
  'TOO_MANY_TRIES',
  'FORBIDDEN',
  'NOT_FOUND',
  'CHANGED_MEANWHILE', // somebody else wrote something that this act would have passed over
  'CENTRE_UNREACHABLE',
  'CENTRE_NONSENSE', // an answer that does not fit its schema
  'OTHER_RELEASE', // desk and centre speak different versions of the protocol
  'DISK_FULL',
  'DISK_ERROR',
  'NEWER_DATABASE', // written by a newer Dangol
  'DATABASE_CORRUPT',
  'KEY_MISSING', // the data key is gone or does not open the files
  'CONFIG_BROKEN',
  'PORT_IN_USE',
  'DEVICE_FORKED', // a clone of this desk already used this sequence
  'DESK_WIPED', // an administrator had everything removed from this desk
  'EPOCH_CHANGED', // the centre was restored; bootstrap again
  'UNSENT_WORK', // sign-out with pending operations
  'PBX_UNREACHABLE', // the centre has no link to the PBX, or the PBX did not confirm
  'PRACTICE_UNAVAILABLE',
  'INTERNAL',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

export const NextStep = z.enum([
  'retry',
  'wait',
  'sign-in',
  'check-input',
  'check-network',
  'free-disk-space',
  'update-dangol',
  'call-administrator',
  'review-attention',
  'none',
]);
export type NextStep = z.infer<typeof NextStep>;

export const ErrorData = z.object({
  next: NextStep,
  /** For people who repair: never personal data, never translated. */
  detail: z.string().max(2000).optional(),
  data: z.record(z.string(), z.json()).optional(),
});
export type ErrorData = z.infer<typeof ErrorData>;

/** An error of ours on its way to a screen. Everything else that is thrown is a bug and becomes INTERNAL. */
export class DangolError extends Error {
  readonly code: ErrorCode;
  readonly next: NextStep;
  readonly data: Record<string, z.core.util.JSONType> | undefined;
  constructor(
    code: ErrorCode,
    next: NextStep,
    options: { detail?: string; data?: Record<string, z.core.util.JSONType>; cause?: unknown } = {},
  ) {
    super(options.detail ?? code, { cause: options.cause });
    this.name = 'DangolError';
    this.code = code;
    this.next = next;
    this.data = options.data;
  }
}

/** RFC 9457 problem details, the body of every error reply of the central API. `type` is `urn:dangol:problem:<CODE>`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string(),
  next: NextStep.optional(),
});
export type Problem = z.infer<typeof Problem>;
