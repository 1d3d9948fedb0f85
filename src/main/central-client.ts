import type { z } from 'zod';
import { DangolError, ErrorCode, Problem } from '../shared/errors.ts';
import { parseJson } from './keep.ts';

interface CentralRequest<S extends z.ZodType> {
  method?: 'GET' | 'POST' | 'PUT';
  /** Below the base address, with query, e.g. /v1/sign-in. */
  path: string;
  body?: unknown;
  token?: string;
  answer: S;
  timeoutMs?: number;
}

/** Asks one HTTP service of the call centre. Rejects with DangolError and nothing else. */
export interface CentralClient {
  ask: <S extends z.ZodType>(request: CentralRequest<S>) => Promise<z.infer<S>>;
}

/** Nothing that the desk asks for is larger; an endless answer is cut off here. */
const ANSWER_MAX_BYTES = 8_000_000;
const TIMEOUT_MS = 10_000;

/**
 * @param fetch the platform's, or a test's.
 * @param base address of the service, e.g. http://127.0.0.1:4701.
 * Errors: CENTRE_UNREACHABLE (no answer in time, or a gateway's), CENTRE_NONSENSE (not what the schema says), or the code
 * that the centre's problem document names (WRONG_PASSWORD, TOO_MANY_TRIES with `retryAfterSeconds`, …).
 */
export function createCentralClient(fetch: typeof globalThis.fetch, base: string): CentralClient {
  return {
    ask: async (request) => {
      const { status, headers, text } = await exchange(fetch, base, request);
      if (status < 200 || status > 299) throw refusal(status, headers, text);
      const parsed = request.answer.safeParse(parseJson(text));
      if (!parsed.success) throw nonsense(`${pathOnly(request.path)} answered something else than agreed`);
      return parsed.data;
    },
  };
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

async function exchange(
  fetch: typeof globalThis.fetch,
  base: string,
  request: CentralRequest<z.ZodType>,
): Promise<Answer> {
  const signal = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
  try {
    const response = await fetch(base.replace(/\/+$/, '') + request.path, {
      method: request.method ?? 'GET',
      redirect: 'error',
      signal,
      headers: {
        accept: 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    return { status: response.status, headers: response.headers, text: await readLimited(response) };
  } catch (error) {
    if (error instanceof DangolError) throw error;
    const detail = signal.aborted ? 'no answer in time' : 'no connection';
    throw new DangolError('CENTRE_UNREACHABLE', 'check-network', {
      detail: `${pathOnly(request.path)}: ${detail}`,
      cause: error,
    });
  }
}

async function readLimited(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_MAX_BYTES) throw nonsense('an answer without end');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function refusal(status: number, headers: Headers, text: string): DangolError {
  const problem = Problem.safeParse(parseJson(text));
  const code = ErrorCode.safeParse(problem.data?.code);
  const retryAfter = Number(headers.get('retry-after'));
  const data: Record<string, number> = { status };
  if (retryAfter > 0) data.retryAfterSeconds = retryAfter;
  // Only the centre's own words end a session: a proxy or a hotel's portal says 401 and 403 too.
  if (problem.success && code.success && problem.data.type === `urn:dangol:problem:${code.data}`) {
    const next = problem.data.next ?? nextStepOf(code.data);
    return new DangolError(code.data, next, { detail: problem.data.title.slice(0, 200), data });
  }
  if (status === 404 && problem.success) return new DangolError('NOT_FOUND', 'none', { data });
  if (status === 401 || status === 403 || status === 407) {
    const detail = `status ${status}, and not from the centre`;
    return new DangolError('CENTRE_UNREACHABLE', 'check-network', { detail, data });
  }
  if (status === 429) return new DangolError('TOO_MANY_TRIES', 'wait', { data });
  if (status >= 500) return new DangolError('CENTRE_UNREACHABLE', 'wait', { detail: `status ${status}`, data });
  return nonsense(`status ${status}`);
}

function nextStepOf(code: ErrorCode) {
  if (code === 'WRONG_PASSWORD') return 'check-input';
  if (code === 'TOO_MANY_TRIES') return 'wait';
  if (code === 'SIGNED_OUT') return 'sign-in';
  return 'call-administrator';
}

function nonsense(detail: string): DangolError {
  return new DangolError('CENTRE_NONSENSE', 'call-administrator', { detail });
}

function pathOnly(path: string): string {
  return path.split('?')[0] ?? '';
}
