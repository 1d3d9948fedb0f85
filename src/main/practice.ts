import type { z } from 'zod';
import { DangolError } from '../shared/errors.ts';
import { PracticeCallResponse, ScenarioList } from '../shared/practice.ts';
import { createCentralClient } from './central-client.ts';
import type { Session } from './session.ts';

export interface Practice {
  /** PRACTICE_UNAVAILABLE where the centre names no practice call centre, or it does not answer. */
  scenarios: () => Promise<z.infer<typeof ScenarioList>>;
  start: (scenarioId: string) => Promise<z.infer<typeof PracticeCallResponse>>;
}

const TIMEOUT_MS = 4000;

/** The practice call centre that the desk's configuration names, over its HTTP. */
export function createPractice(fetch: typeof globalThis.fetch, session: Session): Practice {
  async function ask<S extends z.ZodType>(path: string, answer: S, body?: unknown): Promise<z.infer<S>> {
    session.reader();
    const place = session.config()?.practice;
    if (!place) throw new DangolError('PRACTICE_UNAVAILABLE', 'none');
    const client = createCentralClient(fetch, place.url);
    try {
      const request = { path, token: place.token, answer, timeoutMs: TIMEOUT_MS };
      return await client.ask(body === undefined ? request : { ...request, method: 'POST', body });
    } catch (error) {
      throw unavailable(error);
    }
  }
  return {
    scenarios: () => ask('/scenarios', ScenarioList),
    start: (scenarioId) => {
      const sipUsername = session.config()?.sip?.username;
      if (sipUsername === undefined) return Promise.reject(new DangolError('PRACTICE_UNAVAILABLE', 'none'));
      return ask('/calls', PracticeCallResponse, { scenarioId, sipUsername });
    },
  };
}

/** 404: no such scenario; 409: the line is not registered, or it is busy. The rest is a service that is not there. */
function unavailable(error: unknown): unknown {
  if (!(error instanceof DangolError)) return error;
  const status = error.data?.status;
  if (error.code === 'NOT_FOUND' || status === 404) return new DangolError('NOT_FOUND', 'none');
  const detail = status === 409 ? 'the line is not registered or is busy' : error.message;
  return new DangolError('PRACTICE_UNAVAILABLE', status === 409 ? 'retry' : 'check-network', {
    detail,
    ...(typeof status === 'number' ? { data: { status } } : {}),
  });
}
