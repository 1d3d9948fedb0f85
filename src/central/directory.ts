import type { Colleague } from '../shared/central-api.ts';
import type { Id } from '../shared/ids.ts';
import type { Db } from './db/store.ts';
import { listRecords } from './records.ts';
import { StoredSip } from './settings.ts';

/** As many as a desk's directory may hold. */
const MOST = 2000;

/** Everybody who has a line and may sign in, but the one who asks: whom a call can be handed to, by name. */
export async function readDirectory(db: Db, except: Id | null): Promise<Colleague[]> {
  const accounts = await db.selectFrom('account').select(['agent_id', 'disabled_at', 'sip']).execute();
  const teams = new Map((await listRecords(db, 'team')).map((team) => [team.id, team.name]));
  const agents = new Map((await listRecords(db, 'agent')).map((agent) => [agent.id, agent]));
  const colleagues = accounts.flatMap(({ agent_id, disabled_at, sip }) => {
    const line = StoredSip.safeParse(sip).data;
    const agent = agents.get(agent_id);
    if (!line || !agent || disabled_at !== null || agent_id === except) return [];
    const team = agent.teamId === null ? null : (teams.get(agent.teamId) ?? null);
    return [{ name: agent.name, extension: line.username, team }];
  });
  return colleagues.toSorted((a, b) => a.name.localeCompare(b.name, 'ko')).slice(0, MOST);
}
