import { z } from 'zod';
import { EraseResponse } from '../../shared/central-admin-api.ts';
import { Disclosure, DisclosureRequest, ErasureRequest } from '../../shared/disclosure.ts';
import { Id } from '../../shared/ids.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { instant } from '../clock.ts';
import { discloseCustomer, liveCustomer } from '../disclosure.ts';
import { eraseCustomer } from '../erase.ts';
import { recordLookup } from '../lookup-log.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';

const tags = ['customers'];
const OfCustomer = z.object({ id: Id });

/** What is held about a person, and its end. Each is written down with its reason before it is answered. */
export function privacyRoutes(app: CentralApp, context: CentralContext): void {
  const { db } = context.store;
  app.post(
    '/v1/customers/:id/disclosure',
    { schema: { tags, params: OfCustomer, body: DisclosureRequest, response: { 200: Disclosure, ...PROBLEMS } } },
    async ({ params, body, principal }) => {
      const { id } = await liveCustomer(db, params.id);
      await recordLookup(context, principal, body.use === 'export' ? 'export' : 'disclosure', [id], body.reason);
      return discloseCustomer(db, id, instant(context.clock));
    },
  );
  app.post(
    '/v1/customers/:id/erase',
    { schema: { tags, params: OfCustomer, body: ErasureRequest, response: { 200: EraseResponse, ...PROBLEMS } } },
    async ({ params, body, principal }) => {
      const { id, customerNumber } = await liveCustomer(db, params.id);
      if (customerNumber !== body.customerNumber.trim()) throw new CentralProblem('CHANGED_MEANWHILE');
      await recordLookup(context, principal, 'erase', [id], body.reason);
      const by = principal.kind === 'agent' ? principal.agentId : principal.kind;
      const erasedRows = await eraseCustomer(db, context.clock, id, by);
      context.hub.changed();
      return { erasedRows };
    },
  );
}
