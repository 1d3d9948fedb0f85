import { z } from 'zod';
import { CustomerLookup, CustomerPage } from '../../shared/central-api.ts';
import { Id } from '../../shared/ids.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { byId, byPhone, byText, withContactPoints } from '../customer-lookup.ts';
import { recordLookup } from '../lookup-log.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';
import { lookupScopeOf } from '../scope.ts';
import { readSetting } from '../settings.ts';

const Single = CustomerPage.shape.customers.element;

export function customerRoutes(app: CentralApp, context: CentralContext): void {
  const { db } = context.store;
  app.post(
    '/v1/customers/lookup',
    { schema: { tags: ['customers'], body: CustomerLookup, response: { 200: CustomerPage, ...PROBLEMS } } },
    async ({ body, principal }) => {
      const { phone, q, after, limit } = body;
      const scope = lookupScopeOf(principal);
      if ((phone === undefined) === (q === undefined)) {
        throw new CentralProblem('BAD_INPUT', { detail: 'give either phone or q' });
      }
      const { country } = (await readSetting(db, 'business')).policy;
      const page = { after, limit };
      const found =
        phone === undefined ? await byText(db, scope, q ?? '', page) : await byPhone(db, scope, phone, country, page);
      const ids = found.map(({ id }) => id);
      await recordLookup(context, principal, phone === undefined ? 'text' : 'phone', ids);
      const next = found.length === limit ? (found.at(-1)?.id ?? null) : null;
      return { customers: await withContactPoints(db, found), next };
    },
  );
  app.get(
    '/v1/customers/:id',
    { schema: { tags: ['customers'], params: z.object({ id: Id }), response: { 200: Single, ...PROBLEMS } } },
    async ({ params, principal }) => {
      const [found] = await withContactPoints(db, await byId(db, lookupScopeOf(principal), params.id));
      if (!found) throw new CentralProblem('NOT_FOUND');
      await recordLookup(context, principal, 'id', [found.customer.id]);
      return found;
    },
  );
}
