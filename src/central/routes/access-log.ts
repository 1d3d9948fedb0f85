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

const LookupQuery = z.object({
  agentId: Id.optional(),
  customerId: Id.optional(),
  /** Entries before this id, for the next page. */
  before: Id.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** Whom the centre itself showed to somebody, the latest first: lookups, and tables that were taken as a whole. */
export function lookupLogRoute(app: CentralApp, context: CentralContext): void {
  app.get(
    '/v1/admin/lookups',
    { schema: { tags: ['administration'], querystring: LookupQuery, response: { 200: AdminList, ...PROBLEMS } } },
    async ({ query }) => {
      const { agentId = null, customerId = null, before = null, limit } = query;
      const { rows } = await sql<z.infer<typeof AdminList>['items'][number]>`
        SELECT id::text, at::text, agent_id::text AS "agentId", device_id::text AS "deviceId", how,
          customer_id::text AS "customerId", reason
        FROM lookup_log
        WHERE (${agentId}::uuid IS NULL OR agent_id = ${agentId}::uuid)
          AND (${customerId}::uuid IS NULL OR customer_id = ${customerId}::uuid)
          AND (${before}::uuid IS NULL OR (at, id) < (SELECT at, id FROM lookup_log WHERE id = ${before}::uuid))
        ORDER BY lookup_log.at DESC, lookup_log.id DESC LIMIT ${limit}`.execute(context.store.db);
      return { items: rows };
    },
  );
}

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
