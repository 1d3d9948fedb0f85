import { z } from 'zod';
import { CustomerPage } from '../../shared/central-api.ts';
import { Id } from '../../shared/ids.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { byId, byPhone, byText, withContactPoints } from '../customer-lookup.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';
import { scopeOf } from '../scope.ts';
import { readSetting } from '../settings.ts';

const LookupQuery = z.object({
  phone: z.string().min(3).max(64).optional(),
  q: z.string().trim().min(1).max(100).optional(),
  after: Id.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
const Single = CustomerPage.shape.customers.element;

export function customerRoutes(app: CentralApp, context: CentralContext): void {
  const { db } = context.store;
  app.get(
    '/v1/customers',
    { schema: { tags: ['customers'], querystring: LookupQuery, response: { 200: CustomerPage, ...PROBLEMS } } },
    async ({ query, principal }) => {
      const { phone, q, after = null, limit } = query;
      const scope = scopeOf(principal);
      if ((phone === undefined) === (q === undefined)) {
        throw new CentralProblem('BAD_INPUT', { detail: 'give either phone or q' });
      }
      const { country } = (await readSetting(db, 'business')).policy;
      const page = { after, limit };
      const found =
        phone === undefined ? await byText(db, scope, q ?? '', page) : await byPhone(db, scope, phone, country, page);
      const next = found.length === limit ? (found.at(-1)?.id ?? null) : null;
      return { customers: await withContactPoints(db, found), next };
    },
  );
  app.get(
    '/v1/customers/:id',
    { schema: { tags: ['customers'], params: z.object({ id: Id }), response: { 200: Single, ...PROBLEMS } } },
    async ({ params, principal }) => {
      const [found] = await withContactPoints(db, await byId(db, scopeOf(principal), params.id));
      if (!found) throw new CentralProblem('NOT_FOUND');
      return found;
    },
  );
}
