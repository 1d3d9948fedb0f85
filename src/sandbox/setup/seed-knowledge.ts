import { SignInResponse } from '../../shared/central-api.ts';
import { KnowledgeDesk, KnowledgeSaved } from '../../shared/knowledge-authoring.ts';
import { sampleId } from '../customers/random.ts';
import { type CentreClient, expect } from './centre-client.ts';
import { KNOWLEDGE } from './knowledge.ts';
import type { SandboxState } from './state.ts';

/** Whose articles they are. */
const AUTHOR = 'super1';

/**
 * Has the supervisor of the practice business write its articles: those that the centre does not have. What somebody changed or
 * withdrew in practice stays as they left it.
 */
export async function seedKnowledge(centre: CentreClient, state: SandboxState, seed: number): Promise<void> {
  const path = '/v1/sign-in-demo';
  const { accessToken } = expect(
    SignInResponse,
    await centre.post(path, { login: AUTHOR, deviceId: state.deviceId }),
    path,
  );
  const { articles } = expect(KnowledgeDesk, await centre.get('/v1/knowledge', accessToken), '/v1/knowledge');
  const known = new Map(articles.map((article) => [article.id, article]));
  for (const [index, content] of KNOWLEDGE.entries()) {
    const articleId = sampleId(seed, 'knowledge', index);
    const versionId = sampleId(seed, 'knowledge_version', index);
    const head = known.get(articleId);
    if (head && (head.published !== null || head.withdrawn)) continue;
    const body = { articleId, versionId, basedOn: null, content };
    const saved = expect(
      KnowledgeSaved,
      await centre.put('/v1/knowledge/versions', body, accessToken),
      '/v1/knowledge/versions',
    );
    const { number } = saved;
    await centre.post(`/v1/knowledge/${articleId}/publish`, { number, seen: saved.head.latest.number }, accessToken);
  }
}
