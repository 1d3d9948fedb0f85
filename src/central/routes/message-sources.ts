import { z } from 'zod';
import { AdminList } from '../../shared/central-admin-api.ts';
import {
  AdminMessageSource,
  AdminMessageSourceResponse,
  AdminNewSecret,
  AdminNewSecretResponse,
  AdminTrySource,
  InboundResponse,
  SourceName,
} from '../../shared/message-source.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { listSources, putSource, renewSecret } from '../messages/sources.ts';
import { trySource } from '../messages/try-source.ts';
import { PROBLEMS } from '../problem.ts';

const tags = ['administration'];
const params = z.object({ name: SourceName });

/** Forms and services that bring what people write there. A secret is told when it is made and never again. */
export function messageSourceRoutes(app: CentralApp, context: CentralContext): void {
  const { clock, secrets, hub } = context;
  const parts = { db: context.store.db, clock, secrets };
  app.get('/v1/admin/message-sources', { schema: { tags, response: { 200: AdminList, ...PROBLEMS } } }, async () =>
    AdminList.parse({ items: await listSources(parts) }),
  );
  app.put(
    '/v1/admin/message-sources',
    { schema: { tags, body: AdminMessageSource, response: { 200: AdminMessageSourceResponse, ...PROBLEMS } } },
    async ({ body }) => {
      const done = await putSource(parts, body);
      hub.changed();
      return done;
    },
  );
  app.post(
    '/v1/admin/message-sources/:name/secret',
    { schema: { tags, params, body: AdminNewSecret, response: { 200: AdminNewSecretResponse, ...PROBLEMS } } },
    ({ params: { name }, body }) => renewSecret(parts, name, body),
  );
  app.post(
    '/v1/admin/message-sources/:name/try',
    { schema: { tags, params, body: AdminTrySource, response: { 200: InboundResponse, ...PROBLEMS } } },
    async ({ params: { name }, body }) => {
      const done = await trySource(parts, name, body);
      hub.changed();
      return done;
    },
  );
}
