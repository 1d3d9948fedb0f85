import { oc } from '@orpc/contract';
import { z } from 'zod';
import { ErrorCode, ErrorData } from './errors.ts';

const errors = Object.fromEntries(ErrorCode.options.map((code) => [code, { data: ErrorData }])) as Record<
  ErrorCode,
  { data: typeof ErrorData }
>;
export const base = oc.errors(errors);

/** A procedure: what goes in, what comes out, and every error code with its next step. */
export function act<I extends z.ZodType, O extends z.ZodType>(input: I, output: O) {
  return base.input(input).output(output);
}
export const Nothing = z.object({});
