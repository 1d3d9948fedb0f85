import { Health } from '../../shared/central-admin-api.ts';
import { DeskConfig, type SipAccount } from '../../shared/central-api.ts';
import type { Id } from '../../shared/ids.ts';
import { PROTOCOL_VERSION } from '../../shared/sync-wire.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { readDirectory } from '../directory.ts';
import { HORIZON_WARN_SECONDS } from '../live/horizon.ts';
import { PROBLEMS } from '../problem.ts';
import { readSetting, StoredSip } from '../settings.ts';

const VERSION = '0.1.0';

export function deskRoutes(app: CentralApp, context: CentralContext): void {
  app.get('/health', { schema: { tags: ['operation'], response: { 200: Health, ...PROBLEMS } } }, async () => {
    // Throws, and so answers 500, where the database does not.
    await readSetting(context.store.db, 'practice');
    const lag = context.horizonLagSeconds();
    return {
      status: lag >= HORIZON_WARN_SECONDS ? ('degraded' as const) : ('ok' as const),
      version: VERSION,
      protocol: PROTOCOL_VERSION,
      store: context.store.kind,
      practice: context.practice,
      horizonLagSeconds: Math.round(lag * 10) / 10,
      desks: context.hub.count(),
    };
  });
  app.get(
    '/v1/desk-config',
    { schema: { tags: ['desk'], response: { 200: DeskConfig, ...PROBLEMS } } },
    async ({ principal }) => deskConfig(context, principal.kind === 'agent' ? principal.agentId : null),
  );
}

async function deskConfig(context: CentralContext, agentId: Id | null): Promise<DeskConfig> {
  const { db } = context.store;
  const business = await readSetting(db, 'business');
  return {
    businessName: business.name,
    currency: business.currency,
    sip: await sipOf(context, agentId),
    policy: { ...business.policy, doNotCallLoadedAt: await readSetting(db, 'doNotCallLoadedAt') },
    wrapUpSeconds: business.wrapUpSeconds,
    deskHolds: business.deskHolds ?? 'all',
    currentCustomer: await readSetting(db, 'currentCustomer'),
    directory: await readDirectory(db, agentId),
    practice: context.practice ? await readSetting(db, 'practice') : null,
    practiceStore: context.store.kind === 'pglite',
  };
}

/** The agent's line: the business's PBX and the agent's own account on it; null until both are set. */
async function sipOf(context: CentralContext, agentId: Id | null): Promise<SipAccount | null> {
  const { db } = context.store;
  const pbx = await readSetting(db, 'pbx');
  if (pbx === null || agentId === null) return null;
  const account = await db.selectFrom('account').select('sip').where('agent_id', '=', agentId).executeTakeFirst();
  if (!account?.sip) return null;
  return { ...pbx, ...StoredSip.parse(account.sip) };
}
