import { z } from 'zod';
import { Id } from '../../shared/ids.ts';
import {
  KnowledgeDesk,
  KnowledgePublish,
  KnowledgeSave,
  KnowledgeSaved,
  KnowledgeVersion,
  KnowledgeVersionList,
} from '../../shared/knowledge-authoring.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { instant } from '../clock.ts';
import {
  listKnowledge,
  listVersions,
  publishVersion,
  readVersion,
  saveVersion,
  withdrawArticle,
} from '../knowledge.ts';
import type { Principal } from '../principal.ts';
import { PROBLEMS } from '../problem.ts';

const tags = ['knowledge'];
const OfArticle = z.object({ id: Id });

/** Writing articles. Reading them is the desks' own: what is published comes with the sync. */
export function knowledgeRoutes(app: CentralApp, { store: { db }, clock, hub }: CentralContext): void {
  const by = ({ principal }: { principal: Principal }) => ({ db, principal, now: instant(clock) });
  app.get('/v1/knowledge', { schema: { tags, response: { 200: KnowledgeDesk, ...PROBLEMS } } }, () =>
    listKnowledge(db),
  );
  app.get(
    '/v1/knowledge/:id/versions',
    { schema: { tags, params: OfArticle, response: { 200: KnowledgeVersionList, ...PROBLEMS } } },
    ({ params }) => listVersions(db, params.id),
  );
  app.get(
    '/v1/knowledge/:id/versions/:number',
    {
      schema: {
        tags,
        params: OfArticle.extend({ number: z.coerce.number().int().min(1).max(1_000_000) }),
        response: { 200: KnowledgeVersion, ...PROBLEMS },
      },
    },
    ({ params }) => readVersion(db, params.id, params.number),
  );
  app.put(
    '/v1/knowledge/versions',
    { schema: { tags, body: KnowledgeSave, response: { 200: KnowledgeSaved, ...PROBLEMS } } },
    (request) => saveVersion(by(request), request.body),
  );
  app.post(
    '/v1/knowledge/:id/publish',
    { schema: { tags, params: OfArticle, body: KnowledgePublish, response: { 200: KnowledgeSaved, ...PROBLEMS } } },
    async (request) => {
      const done = await publishVersion(by(request), request.params.id, request.body);
      hub.changed();
      return done;
    },
  );
  app.post(
    '/v1/knowledge/:id/withdraw',
    { schema: { tags, params: OfArticle, response: { 200: z.object({}), ...PROBLEMS } } },
    async (request) => {
      await withdrawArticle(by(request), request.params.id);
      hub.changed();
      return {};
    },
  );
}
