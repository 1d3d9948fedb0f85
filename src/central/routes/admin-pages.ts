import { z } from 'zod';
import {
  ADMIN_PAGE_MAX_ROWS,
  AdminCustomers,
  AdminDoNotCall,
  AdminLoad,
  AdminPageResponse,
  EraseResponse,
} from '../../shared/central-admin-api.ts';
import { Id } from '../../shared/ids.ts';
import { putCustomers } from '../admin/customers.ts';
import { customersOfCsv } from '../admin/customers-csv.ts';
import { loadDoNotCall } from '../admin/do-not-call.ts';
import { loadPage } from '../admin/load.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { eraseCustomer } from '../erase.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';
import { listRecords } from '../records.ts';
import { readSetting } from '../settings.ts';

const PAGE = { 200: AdminPageResponse, ...PROBLEMS };
const tags = ['administration'];

export function adminPageRoutes(app: CentralApp, context: CentralContext): void {
  const { clock, hub } = context;
  const { db } = context.store;
  const country = async () => (await readSetting(db, 'business')).policy.country;
  app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_, text, done) => done(null, text));
  app.post('/v1/admin/load', { schema: { tags, body: AdminLoad, response: PAGE } }, async ({ body }) => {
    const done = await loadPage(db, body);
    if (done.changed > 0) hub.changed();
    return done;
  });
  app.post(
    '/v1/admin/customers',
    {
      schema: {
        tags,
        consumes: ['application/json', 'text/csv'],
        body: z.union([AdminCustomers, z.string()]),
        response: PAGE,
      },
    },
    async ({ body }) => {
      const page = typeof body === 'string' ? await csvPage(context, body) : body.customers;
      const done = await putCustomers({ db, clock, country: await country() }, page);
      if (done.changed > 0) hub.changed();
      return done;
    },
  );
  app.post('/v1/admin/do-not-call', { schema: { tags, body: AdminDoNotCall, response: PAGE } }, async ({ body }) => {
    const done = await loadDoNotCall(db, await country(), body);
    hub.changed();
    return done;
  });
  app.delete(
    '/v1/admin/customers/:id',
    { schema: { tags, params: z.object({ id: Id }), response: { 200: EraseResponse, ...PROBLEMS } } },
    async ({ params, principal }) => {
      const by = principal.kind === 'agent' ? principal.agentId : principal.kind;
      const erasedRows = await eraseCustomer(db, clock, params.id, by);
      hub.changed();
      return { erasedRows };
    },
  );
}

async function csvPage(context: CentralContext, text: string): Promise<unknown[]> {
  try {
    const page = customersOfCsv(text, await listRecords(context.store.db, 'custom_field'));
    if (page.length >= 1 && page.length <= ADMIN_PAGE_MAX_ROWS) return page;
  } catch (error) {
    if (error instanceof SyntaxError) throw new CentralProblem('BAD_INPUT', { detail: `csv: ${error.message}` });
    throw error;
  }
  throw new CentralProblem('BAD_INPUT', {
    detail: `csv: a head line and 1 to ${ADMIN_PAGE_MAX_ROWS} lines are expected`,
  });
}
