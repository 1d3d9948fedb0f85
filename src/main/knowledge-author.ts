import { z } from 'zod';
import { DangolError } from '../shared/errors.ts';
import {
  KnowledgeDesk,
  type KnowledgePublish,
  type KnowledgeSave,
  KnowledgeSaved,
  KnowledgeVersion,
  KnowledgeVersionList,
} from '../shared/knowledge-authoring.ts';
import type { CentralClient } from './central-client.ts';
import type { HostContext } from './host-context.ts';

export interface AuthorDeps {
  central: CentralClient;
  accessToken: () => Promise<string | null>;
}

const TIMEOUT_MS = 8000;

/**
 * Writing articles, at the centre: it alone knows every version. @throws FORBIDDEN for agents, SIGNED_OUT, LOCKED,
 * CENTRE_UNREACHABLE, CHANGED_MEANWHILE, NOT_FOUND.
 */
export function createKnowledgeAuthor({ seat }: Pick<HostContext, 'seat'>, { central, accessToken }: AuthorDeps) {
  const ask = async <S extends z.ZodType>(
    answer: S,
    path: string,
    sent?: { method: 'PUT' | 'POST'; body: object },
  ): Promise<z.infer<S>> => {
    const { role } = seat.reader();
    if (role !== 'supervisor' && role !== 'administrator') throw new DangolError('FORBIDDEN', 'none');
    const token = await accessToken();
    if (token === null) throw new DangolError('SIGNED_OUT', 'sign-in');
    return central.ask({ path: `/v1/knowledge${path}`, token, answer, timeoutMs: TIMEOUT_MS, ...sent });
  };
  return {
    list: () => ask(KnowledgeDesk, ''),
    versions: (articleId: string) => ask(KnowledgeVersionList, `/${articleId}/versions`),
    version: (articleId: string, number: number) => ask(KnowledgeVersion, `/${articleId}/versions/${number}`),
    save: (body: KnowledgeSave) => ask(KnowledgeSaved, '/versions', { method: 'PUT', body }),
    publish: (articleId: string, body: KnowledgePublish) =>
      ask(KnowledgeSaved, `/${articleId}/publish`, { method: 'POST', body }),
    withdraw: (articleId: string) => ask(z.object({}), `/${articleId}/withdraw`, { method: 'POST', body: {} }),
  };
}
