import type { z } from 'zod';
import { DangolError, Problem } from '../../shared/errors.ts';

export interface CentreClient {
  /** `token`: somebody else than the administrator. */
  put: (path: string, body: unknown, token?: string) => Promise<unknown>;
  post: (path: string, body: unknown, token?: string) => Promise<unknown>;
  /** null when the centre answers 404. */
  get: (path: string, token?: string) => Promise<unknown>;
}

export interface CentreClientOptions {
  url: string;
  adminToken: string;
  fetch?: typeof fetch;
  signal?: AbortSignal;
}

const TRIES = 5;
const TIMEOUT_MS = 30_000;

/**
 * The centre's API as an administrator's tool uses it. Everything that the setup sends can be sent twice, so a request
 * that got no answer is repeated. Throws DangolError: CENTRE_UNREACHABLE, CENTRE_NONSENSE, or the centre's own code.
 */
export function createCentreClient(options: CentreClientOptions): CentreClient {
  const doFetch = options.fetch ?? fetch;
  const once = async (method: string, path: string, body: unknown, token: string): Promise<Response> => {
    const response = await doFetch(new URL(path, options.url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(options.signal ? [options.signal] : [])]),
    });
    if (response.status === 429 || response.status === 503)
      throw new Retry(Number(response.headers.get('retry-after') ?? 1));
    return response;
  };
  const send = async (method: string, path: string, body: unknown, token = options.adminToken): Promise<unknown> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await read(await once(method, path, body, token), method, path);
      } catch (error) {
        if (error instanceof DangolError) throw error;
        if (attempt === TRIES || options.signal?.aborted) {
          throw new DangolError('CENTRE_UNREACHABLE', 'check-network', { detail: `${method} ${path}`, cause: error });
        }
        const seconds = error instanceof Retry ? error.seconds : attempt * 0.3;
        await new Promise((resolve) => setTimeout(resolve, Math.min(seconds, 10) * 1000));
      }
    }
  };
  return {
    put: (path, body, token) => send('PUT', path, body, token),
    post: (path, body, token) => send('POST', path, body, token),
    get: (path, token) => send('GET', path, undefined, token),
  };
}

class Retry extends Error {
  readonly seconds: number;
  constructor(seconds: number) {
    super('retry');
    this.seconds = Number.isFinite(seconds) ? seconds : 1;
  }
}

async function read(response: Response, method: string, path: string): Promise<unknown> {
  const text = await response.text();
  if (response.ok) return text === '' ? null : parseJson(text, path);
  if (method === 'GET' && response.status === 404) return null;
  const problem = Problem.safeParse(parseJson(text, path));
  if (!problem.success) {
    throw new DangolError('CENTRE_NONSENSE', 'call-administrator', { detail: `${method} ${path}: ${response.status}` });
  }
  const { code, next = 'call-administrator', detail } = problem.data;
  throw new DangolError(code === 'SIGNED_OUT' || code === 'FORBIDDEN' ? 'FORBIDDEN' : 'BAD_INPUT', next, {
    detail: `${method} ${path}: ${response.status} ${code} ${detail ?? ''}`.trim(),
  });
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DangolError('CENTRE_NONSENSE', 'call-administrator', { detail: `${path}: no JSON`, cause });
  }
}

/** Reads an answer, or says which address answered nonsense. */
export function expect<S extends z.ZodType>(schema: S, answer: unknown, path: string): z.infer<S> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new DangolError('CENTRE_NONSENSE', 'call-administrator', {
    detail: `${path}: ${parsed.error.message.slice(0, 500)}`,
  });
}
