import { sql } from 'kysely';
import { z } from 'zod';
import { AdminList } from '../../shared/central-admin-api.ts';
import { Id } from '../../shared/ids.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { PROBLEMS } from '../problem.ts';

const AccessQuery = z.object({
  deviceId: Id.optional(),
  customerId: Id.optional(),
  /** Entries of a desk after this number. */
  afterSeq: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(500),
});

/** Who looked at what: one desk's chain, or everything on one customer. `fault` says where a chain is broken. */
export function accessLogRoute(app: CentralApp, context: CentralContext): void {
  app.get(
    '/v1/admin/access-log',
    { schema: { tags: ['administration'], querystring: AccessQuery, response: { 200: AdminList, ...PROBLEMS } } },
    async ({ query }) => {
      const { deviceId = null, customerId = null, afterSeq, limit } = query;
      const { rows } = await sql<z.infer<typeof AdminList>['items'][number]>`
        SELECT id::text, device_id::text AS "deviceId", seq::int, at::text, agent_id::text AS "agentId", action,
          customer_id::text AS "customerId", context, hash, fault, received_at::text AS "receivedAt"
        FROM access_log
        WHERE (${deviceId}::uuid IS NULL OR device_id = ${deviceId}::uuid)
          AND (${customerId}::uuid IS NULL OR customer_id = ${customerId}::uuid) AND seq > ${afterSeq}
        ORDER BY device_id, seq, fault NULLS FIRST, id LIMIT ${limit}`.execute(context.store.db);
      return { items: rows };
    },
  );
}
