import type { z } from 'zod';
import { SyncFailure } from './transport.ts';

/** The body of an answer, checked. Throws `nonsense` with the place that does not fit. `path` is for the one who repairs. */
export function readAnswer<T>(schema: z.ZodType<T>, text: string, path: string): T {
  const nonsense = (detail: string): SyncFailure => new SyncFailure({ kind: 'nonsense' }, `${path}: ${detail}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw nonsense('the answer is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  // The place only: values may be personal data.
  throw nonsense(`the answer does not fit at ${issue?.path.join('.') ?? '?'} (${issue?.code ?? '?'})`);
}
