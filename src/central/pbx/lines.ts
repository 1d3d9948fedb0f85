import type { Kysely } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import type { CentralTables } from '../db/tables.ts';
import { StoredSip } from '../settings.ts';

/** Whose line is which device of the PBX. */
export interface Lines {
  read: () => Promise<void>;
  /** null: this agent has no line. Asks the database where it does not know the agent. */
  deviceOf: (agentId: Id) => Promise<string | null>;
  agentsAt: (device: string) => readonly Id[];
}

/** Agents register by PJSIP: docs/asterisk.md says so. */
const deviceOfUser = (username: string) => `PJSIP/${username}`;

export function createLines(db: Kysely<CentralTables>): Lines {
  let devices = new Map<Id, string>();
  const read = async () => {
    const accounts = await db
      .selectFrom('account')
      .select(['agent_id', 'sip'])
      .where('disabled_at', 'is', null)
      .execute();
    devices = new Map(
      accounts.flatMap(({ agent_id, sip }) => {
        const line = StoredSip.safeParse(sip).data;
        return line ? [[agent_id, deviceOfUser(line.username)] as const] : [];
      }),
    );
  };
  return {
    read,
    deviceOf: async (agentId) => {
      if (!devices.has(agentId)) await read();
      return devices.get(agentId) ?? null;
    },
    agentsAt: (device) => [...devices].flatMap(([agentId, its]) => (its === device ? [agentId] : [])),
  };
}
