import type { ErrorCode, NextStep } from '../shared/errors.ts';
import { Problem } from '../shared/errors.ts';

const KNOWN: Partial<Record<ErrorCode, { status: number; title: string; next: NextStep }>> = {
  BAD_INPUT: { status: 400, title: 'The request does not fit what is expected', next: 'check-input' },
  SIGNED_OUT: { status: 401, title: 'This needs a valid token', next: 'sign-in' },
  WRONG_PASSWORD: { status: 401, title: 'Login and password do not fit', next: 'check-input' },
  WRONG_SIGNATURE: { status: 401, title: 'The signature does not fit', next: 'check-input' },
  FORBIDDEN: { status: 403, title: 'This role may not do this', next: 'call-administrator' },
  DESK_WIPED: { status: 403, title: 'This desk is to be wiped', next: 'call-administrator' },
  NOT_FOUND: { status: 404, title: 'There is no such thing', next: 'none' },
  CHANGED_MEANWHILE: { status: 409, title: 'Somebody else changed it meanwhile', next: 'retry' },
  DEVICE_FORKED: { status: 409, title: 'Another desk used this sequence: take a new device id', next: 'retry' },
  OTHER_RELEASE: { status: 409, title: 'Desk and centre are of different releases', next: 'update-dangol' },
  EPOCH_CHANGED: { status: 409, title: 'The centre was restored: bootstrap again', next: 'retry' },
  PBX_UNREACHABLE: { status: 503, title: 'The centre does not reach the PBX; nothing was changed there', next: 'wait' },
  TOO_MANY_TRIES: { status: 429, title: 'Too many requests', next: 'wait' },
  INTERNAL: { status: 500, title: 'The centre failed', next: 'retry' },
};

/** Ends a request with a code. `detail` is for people who repair: never personal data. */
export class CentralProblem extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  constructor(code: ErrorCode, options: { detail?: string; status?: number; retryAfterSeconds?: number } = {}) {
    super(code);
    this.name = 'CentralProblem';
    this.code = code;
    this.status = options.status ?? KNOWN[code]?.status ?? 500;
    this.detail = options.detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** RFC 9457 body. */
export function problemBody(code: ErrorCode, status: number, detail?: string): Problem {
  const known = KNOWN[code] ?? { title: code, next: 'none' as const };
  return {
    type: `urn:dangol:problem:${code}`,
    title: known.title,
    status,
    ...(detail === undefined ? {} : { detail: detail.slice(0, 2000) }),
    code,
    next: known.next,
  };
}

/** The error replies of every route, for the OpenAPI document. */
export const PROBLEMS = {
  '4xx': {
    description: 'A problem of the request; `code` says which (RFC 9457).',
    content: { 'application/problem+json': { schema: Problem } },
  },
  '5xx': {
    description: 'The centre failed; the same request can be sent again.',
    content: { 'application/problem+json': { schema: Problem } },
  },
} as const;
