import { ORPCError, ValidationError } from '@orpc/server';
import { DangolError, type ErrorData } from '../shared/errors.ts';
import { asStoreError } from './db/db-errors.ts';
import type { HostContext } from './host-context.ts';

/** An error as it may cross to a page: a code of ours with its next step. What is none of ours is a bug, told without a word of it. */
export function asWireError(thrown: unknown, { log }: Pick<HostContext, 'log'>): unknown {
  const error = asStoreError(thrown);
  if (error instanceof DangolError) {
    const data: ErrorData = {
      next: error.next,
      ...(error.message === error.code ? {} : { detail: error.message.slice(0, 2000) }),
      ...(error.data === undefined ? {} : { data: error.data }),
    };
    return new ORPCError(error.code, { data, defined: true, cause: error });
  }
  if (error instanceof ORPCError) {
    const bad = error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError;
    if (bad)
      return new ORPCError('BAD_INPUT', {
        data: { next: 'check-input', detail: placesOf(error.cause) },
        defined: true,
      });
  }
  log('bug', { name: error instanceof Error ? error.name : typeof error, at: whereThrown(error) });
  return new ORPCError('INTERNAL', { data: { next: 'retry' } satisfies ErrorData, defined: true });
}

/** Which fields did not fit. Their values may be personal data and stay here. */
function placesOf(error: unknown): string {
  if (!(error instanceof ValidationError)) return '';
  return error.issues
    .map((issue) => (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'))
    .join(', ')
    .slice(0, 500);
}

/** The first line of the stack that names a file: enough to find the bug, and never the message, which may quote data. */
function whereThrown(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return (
    error.stack
      ?.split('\n')
      .find((line) => /^\s+at /.test(line))
      ?.trim()
      .slice(0, 200) ?? ''
  );
}
