import { z } from 'zod';
import { Id } from '../../shared/ids.ts';
import { OpenedCapsule, TransferCapsule } from '../../shared/transfer-capsule.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { recordLookup } from '../lookup-log.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';
import { keepCapsule, readCapsule } from '../transfer-capsules.ts';

/** What travels beside a transferred call. Reading one is a look at its customer, and written down. */
export function transferRoutes(app: CentralApp, context: CentralContext): void {
  const { db } = context.store;
  app.post(
    '/v1/transfers',
    { schema: { tags: ['transfers'], body: TransferCapsule, response: { 200: z.object({}), ...PROBLEMS } } },
    async ({ body, principal }) => {
      if (principal.kind !== 'agent') throw new CentralProblem('FORBIDDEN');
      await keepCapsule(db, context.clock, principal.agentId, body);
      return {};
    },
  );
  app.get(
    '/v1/transfers/:id',
    { schema: { tags: ['transfers'], params: z.object({ id: Id }), response: { 200: OpenedCapsule, ...PROBLEMS } } },
    async ({ params, principal }) => {
      const capsule = await readCapsule(db, context.clock, params.id);
      if (!capsule) throw new CentralProblem('NOT_FOUND');
      await recordLookup(context, principal, 'transfer', capsule.customerId === null ? [] : [capsule.customerId]);
      return capsule;
    },
  );
}
