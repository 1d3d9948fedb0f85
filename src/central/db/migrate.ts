import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { DangolError } from '../../shared/errors.ts';
import { first0010 } from './migrations/0010-first.ts';
import { lookupLog0020 } from './migrations/0020-lookup-log.ts';
import { transferCapsule0030 } from './migrations/0030-transfer-capsule.ts';
import { agentState0040 } from './migrations/0040-agent-state.ts';
import { heldWork0050 } from './migrations/0050-held-work.ts';
import { deskWipe0060 } from './migrations/0060-desk-wipe.ts';
import { deskScope0070 } from './migrations/0070-desk-scope.ts';
import { caseNumber0100 } from './migrations/0100-case-number.ts';
import { oldReplies0110 } from './migrations/0110-old-replies.ts';
import { textBlock0140 } from './migrations/0140-text-block.ts';
import { customerMerge0150 } from './migrations/0150-customer-merge.ts';
import { knowledge0160 } from './migrations/0160-knowledge.ts';
import { movedRow0170 } from './migrations/0170-moved-row.ts';
import { messages0180 } from './migrations/0180-messages.ts';
import { customerImport0190 } from './migrations/0190-customer-import.ts';
import { serviceLevel0200 } from './migrations/0200-service-level.ts';
import { relationship0201 } from './migrations/0201-relationship.ts';
import { lookupReason0202 } from './migrations/0202-lookup-reason.ts';
import { wasOf0210 } from './migrations/0210-was-of.ts';
import { order0215 } from './migrations/0215-order.ts';
import { messageSource0230 } from './migrations/0230-message-source.ts';
import { script0260 } from './migrations/0260-script.ts';
import type { CentralTables } from './tables.ts';

/** In the order they run. A released one is never edited. */
export const MIGRATIONS = [
  first0010,
  lookupLog0020,
  transferCapsule0030,
  agentState0040,
  heldWork0050,
  deskWipe0060,
  deskScope0070,
  caseNumber0100,
  oldReplies0110,
  textBlock0140,
  customerMerge0150,
  knowledge0160,
  movedRow0170,
  messages0180,
  customerImport0190,
  serviceLevel0200,
  relationship0201,
  lookupReason0202,
  wasOf0210,
  order0215,
  messageSource0230,
  script0260,
];

function asMigration(statements: readonly string[]): Migration {
  return {
    up: async (db) => {
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  };
}

/** Brings the schema up to date. NEWER_DATABASE when a later Dangol has written it; nothing is touched then. */
export async function migrate(db: Kysely<CentralTables>): Promise<void> {
  const provider = {
    getMigrations: async () => Object.fromEntries(MIGRATIONS.map((m) => [m.name, asMigration(m.statements)])),
  };
  const migrator = new Migrator({ db, provider });
  await refuseNewer(db);
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

async function refuseNewer(db: Kysely<CentralTables>): Promise<void> {
  const there = await sql<{ there: boolean }>`SELECT to_regclass('kysely_migration') IS NOT NULL AS there`.execute(db);
  if (!there.rows[0]?.there) return;
  const known: string[] = MIGRATIONS.map((m) => m.name);
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db);
  const unknown = rows.find(({ name }) => !known.includes(name));
  if (!unknown) return;
  throw new DangolError('NEWER_DATABASE', 'update-dangol', {
    detail: `the database has migration ${unknown.name}, which this version of the centre does not know`,
  });
}
