import { z } from 'zod';
import { Id } from '../../shared/ids.ts';
import { AuditPage, AuditRows } from '../../shared/sync-audit.ts';
import {
  BootstrapStart,
  PULL_MAX_ROWS,
  PullResponse,
  PushRequest,
  PushResponse,
  SNAPSHOT_MAX_ROWS,
  SnapshotPage,
  SyncTable,
} from '../../shared/sync-wire.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { recordSnapshot } from '../lookup-log.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';
import { deskScopeOf } from '../scope.ts';
import { readSetting } from '../settings.ts';
import { createAuditPace, readAudit, readAuditRows } from '../sync/audit.ts';
import { readChanges, readSnapshot, startBootstrap } from '../sync/feed.ts';
import { push } from '../sync/push.ts';
import { sendJsonText } from './send-json-text.ts';

const ChangesQuery = z.object({
  cursor: z.string().max(300),
  acknowledged: Id.optional(),
  seen: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(PULL_MAX_ROWS).default(PULL_MAX_ROWS),
});
const SnapshotQuery = z.object({
  table: SyncTable,
  after: Id.optional(),
  seen: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(SNAPSHOT_MAX_ROWS).default(SNAPSHOT_MAX_ROWS),
});

const AuditQuery = z.object({
  cursor: z.string().max(300),
  table: SyncTable,
  after: Id.optional(),
  acknowledged: Id.optional(),
});

/** Replies are JSON text that the database made; the schemas are for the document. */
export function syncRoutes(app: CentralApp, context: CentralContext): void {
  const { store, clock, secret, hub, wipes } = context;
  const feed = { store, clock, secret };
  const country = async () => (await readSetting(store.db, 'business')).policy.country;
  const isNarrow = async () => ((await readSetting(store.db, 'business')).deskHolds ?? 'all') !== 'all';
  app.post(
    '/v1/sync/push',
    { schema: { tags: ['sync'], body: PushRequest, response: { 200: PushResponse, ...PROBLEMS } } },
    async ({ body, principal }, reply) => {
      if (principal.kind !== 'desk') throw new CentralProblem('FORBIDDEN');
      if (wipes.refusesWork(principal.rootId))
        throw new CentralProblem('FORBIDDEN', { detail: 'this desk is to be wiped' });
      try {
        return await sendJsonText(reply, await push({ ...feed, country, isNarrow }, principal.rootId, body));
      } finally {
        // Also after a failure: what came before it in the request is applied.
        hub.changed();
        context.messages.wake();
      }
    },
  );
  app.get(
    '/v1/sync/start',
    { schema: { tags: ['sync'], response: { 200: BootstrapStart, ...PROBLEMS } } },
    async ({ principal }, reply) =>
      sendJsonText(reply, await startBootstrap(feed, await deskScopeOf(store.db, principal))),
  );
  app.get(
    '/v1/sync/snapshot',
    { schema: { tags: ['sync'], querystring: SnapshotQuery, response: { 200: SnapshotPage, ...PROBLEMS } } },
    async ({ principal, query: { table, after = null, limit, seen } }, reply) => {
      await recordSnapshot(context, principal, table);
      return sendJsonText(
        reply,
        await readSnapshot(feed, await deskScopeOf(store.db, principal), { table, after, limit, seen }),
      );
    },
  );
  app.get(
    '/v1/sync/changes',
    { schema: { tags: ['sync'], querystring: ChangesQuery, response: { 200: PullResponse, ...PROBLEMS } } },
    async ({ principal, query }, reply) =>
      sendJsonText(reply, await readChanges(feed, await deskScopeOf(store.db, principal), query)),
  );
  auditRoutes(app, context);
}

function auditRoutes(app: CentralApp, context: CentralContext): void {
  const { store, clock, secret } = context;
  const feed = { store, clock, secret };
  const pace = createAuditPace(clock);
  app.get(
    '/v1/sync/audit',
    { schema: { tags: ['sync'], querystring: AuditQuery, response: { 200: AuditPage, ...PROBLEMS } } },
    async ({ principal, query: { after = null, ...query } }) => {
      const scope = await deskScopeOf(store.db, principal);
      const desk = principal.kind === 'agent' ? principal.deviceId : '';
      return pace.run(desk, () => readAudit(feed, scope, { ...query, after }));
    },
  );
  app.get(
    '/v1/sync/audit/rows',
    {
      schema: {
        tags: ['sync'],
        querystring: AuditQuery.extend({ upTo: Id.optional() }),
        response: { 200: AuditRows, ...PROBLEMS },
      },
    },
    async ({ principal, query: { after = null, upTo = null, ...query } }, reply) => {
      await recordSnapshot(context, principal, query.table);
      const scope = await deskScopeOf(store.db, principal);
      return sendJsonText(reply, await readAuditRows(feed, scope, { ...query, after, upTo }));
    },
  );
}
