import { z } from 'zod';
import { AdminImport, AdminImportPage, AdminImportRows } from '../../shared/central-admin-api.ts';
import { Id } from '../../shared/ids.ts';
import { createImports } from '../admin/imports.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { PROBLEMS } from '../problem.ts';
import { readSetting } from '../settings.ts';

const tags = ['administration'];
const params = z.object({ id: Id });

/** A file of customers: its rows come page by page and become customers all at once, or not at all. */
export function importRoutes(app: CentralApp, { store, clock, log, hub }: CentralContext): void {
  const country = async () => (await readSetting(store.db, 'business')).policy.country;
  const imports = createImports({ db: store.db, clock, log, country, changed: () => hub.changed() });
  app.addHook('onClose', () => imports.close());
  const state = { tags, params, response: { 200: AdminImport, ...PROBLEMS } };

  app.put('/v1/admin/imports/:id', { schema: state }, async ({ params: { id }, principal }) => {
    await imports.begin(id, principal.kind === 'agent' ? principal.agentId : principal.kind);
    return imports.read(id);
  });
  app.get('/v1/admin/imports/:id', { schema: state }, ({ params: { id } }) => imports.read(id));
  app.post('/v1/admin/imports/:id/commit', { schema: state }, async ({ params: { id } }) => {
    await imports.commit(id);
    return imports.read(id);
  });
  app.post(
    '/v1/admin/imports/:id/rows',
    { schema: { tags, params, body: AdminImportRows, response: { 200: AdminImportPage, ...PROBLEMS } } },
    ({ params: { id }, body }) => imports.add(id, body.rows),
  );
  app.delete(
    '/v1/admin/imports/:id',
    { schema: { tags, params, response: { 200: z.object({}), ...PROBLEMS } } },
    async ({ params: { id } }) => {
      await imports.discard(id);
      return {};
    },
  );
}
