import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { ErrorCode } from '../shared/errors.ts';
import { isTransient } from './db/database-error.ts';
import { errorFacts } from './log.ts';
import { CentralProblem, problemBody } from './problem.ts';

interface Answer {
  code: ErrorCode;
  status: number;
  detail?: string;
  retryAfterSeconds?: number;
}

/** Which fields are wrong, without what is in them: the reply may be logged by whoever sent the request. */
function fieldsOf(error: unknown): string | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  return error.validation
    .map((issue) => `${issue.instancePath || 'body'}: ${issue.message ?? issue.keyword}`)
    .join('; ');
}

function answerFor(error: unknown): Answer {
  if (error instanceof CentralProblem) {
    const { code, status, detail, retryAfterSeconds } = error;
    return {
      code,
      status,
      ...(detail === undefined ? {} : { detail }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
  }
  const fields = fieldsOf(error);
  if (fields !== undefined) return { code: 'BAD_INPUT', status: 400, detail: fields };
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  // Fastify's own: a body that is no JSON, too large, of another type.
  if (status >= 400 && status < 500) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    return { code: status === 429 ? 'TOO_MANY_TRIES' : 'BAD_INPUT', status, detail: code };
  }
  if (isTransient(error))
    return { code: 'INTERNAL', status: 503, detail: 'the database is busy', retryAfterSeconds: 1 };
  return { code: 'INTERNAL', status: 500 };
}

/** Every error leaves the centre through here, as problem+json. */
export function answerError(log: Logger, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { code, status, detail, retryAfterSeconds } = answerFor(error);
  if (status >= 500) log.error({ route: request.routeOptions?.url, ...errorFacts(error) });
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.max(1, retryAfterSeconds)));
  void reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problemBody(code, status, detail));
}
