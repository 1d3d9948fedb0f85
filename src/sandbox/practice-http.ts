import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { NextStep } from '../shared/errors.ts';
import { PracticeCallRequest, type PracticeCallResponse, type ScenarioList } from '../shared/practice.ts';
import type { Pbx } from './pbx.ts';
import { type Scenario, summaryOf } from './scenario.ts';

export interface PracticeHttpOptions {
  pbx: Pbx;
  scenarios: readonly Scenario[];
  token: string;
}

const MAX_BODY = 10_000;

/**
 * The practice call centre's own API, for the host of a desk and for tests. Under /practice:
 * GET scenarios · POST calls · GET calls · GET calls/:id · DELETE calls/:id. Bearer token; loopback only.
 */
export function createPracticeHttp(options: PracticeHttpOptions) {
  const { pbx, scenarios } = options;
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
      response.end(JSON.stringify(body));
    };
    const fail = (status: number, code: string, next: NextStep, detail: string) => {
      response.writeHead(status, { 'content-type': 'application/problem+json; charset=utf-8' });
      response.end(JSON.stringify({ type: `urn:dangol:problem:${code}`, title: code, status, code, next, detail }));
    };
    if (!isLoopback(request)) return fail(403, 'FORBIDDEN', 'none', 'Practice calls are started on this machine only.');
    if (!bearerIs(request, options.token))
      return fail(401, 'FORBIDDEN', 'sign-in', 'The practice token is missing or wrong.');
    const [, root, collection, id, ...rest] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
    const route = root === 'practice' && rest.length === 0 ? `${request.method} ${collection}${id ? '/:id' : ''}` : '';
    switch (route) {
      case 'GET scenarios': {
        const list: z.infer<typeof ScenarioList> = { scenarios: scenarios.map(summaryOf) };
        return reply(200, list);
      }
      case 'GET calls':
        return reply(200, { calls: pbx.calls(), registered: pbx.registered() });
      case 'POST calls': {
        const asked = PracticeCallRequest.safeParse(await readJson(request));
        if (!asked.success) return fail(400, 'BAD_INPUT', 'check-input', 'scenarioId and sipUsername are needed.');
        const started = pbx.start(asked.data.scenarioId, asked.data.sipUsername);
        if (started.ok) {
          const body: z.infer<typeof PracticeCallResponse> = { practiceCallId: started.practiceCallId };
          return reply(201, body);
        }
        if (started.why === 'unknown')
          return fail(404, 'NOT_FOUND', 'check-input', 'There is no such incoming scenario.');
        const detail = started.why === 'busy' ? 'The line has a call.' : 'The line is not registered.';
        return fail(409, 'PRACTICE_UNAVAILABLE', 'wait', detail);
      }
      case 'GET calls/:id': {
        const view = pbx.view(id ?? '');
        return view ? reply(200, view) : fail(404, 'NOT_FOUND', 'none', 'There is no such practice call.');
      }
      case 'DELETE calls/:id':
        if (!pbx.end(id ?? '')) return fail(404, 'NOT_FOUND', 'none', 'There is no such practice call.');
        return reply(200, pbx.view(id ?? ''));
      default:
        return fail(404, 'NOT_FOUND', 'none', 'There is no such address.');
    }
  };
}

function isLoopback(request: IncomingMessage): boolean {
  return /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '');
}

function bearerIs(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_BODY) return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
