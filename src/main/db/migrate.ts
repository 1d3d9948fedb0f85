import { DangolError } from '../../shared/errors.ts';
import type { HostDb } from './connection.ts';
import { cache0010First } from './migrations/cache-0010-first.ts';
import { cache0020Seen } from './migrations/cache-0020-seen.ts';
import { cache0030EmailSearch } from './migrations/cache-0030-email-search.ts';
import { cache0100Ledger } from './migrations/cache-0100-ledger.ts';
import { cache0140TextBlock } from './migrations/cache-0140-text-block.ts';
import { cache0150Identity } from './migrations/cache-0150-identity.ts';
import { cache0160CaseNumber } from './migrations/cache-0160-case-number.ts';
import { cache0170LeftScope } from './migrations/cache-0170-left-scope.ts';
import { cache0180Knowledge } from './migrations/cache-0180-knowledge.ts';
import { cache0210ServiceLevel } from './migrations/cache-0210-service-level.ts';
import { cache0211Relationship } from './migrations/cache-0211-relationship.ts';
import { cache0215Order } from './migrations/cache-0215-order.ts';
import { cache0220WaitingMessage } from './migrations/cache-0220-waiting-message.ts';
import { cache0240OwnSearch } from './migrations/cache-0240-own-search.ts';
import { cache0250KnowledgeHints } from './migrations/cache-0250-knowledge-hints.ts';
import { cache0260Script } from './migrations/cache-0260-script.ts';
import { outbox0010First } from './migrations/outbox-0010-first.ts';
import { outbox0020Kind } from './migrations/outbox-0020-kind.ts';
import { outbox0030AcknowledgedIn } from './migrations/outbox-0030-acknowledged-in.ts';
import { outbox0045MarketingCalls } from './migrations/outbox-0045-marketing-calls.ts';
import { outbox0050ScriptRun } from './migrations/outbox-0050-script-run.ts';
import { outbox0055MarketingCall } from './migrations/outbox-0055-marketing-call.ts';

/** One step of a schema. Numbers grow; a released step never changes. */
export interface Migration {
  readonly number: number;
  readonly sql: string;
}

export const CACHE_MIGRATIONS: readonly Migration[] = [
  cache0010First,
  cache0020Seen,
  cache0030EmailSearch,
  cache0100Ledger,
  cache0140TextBlock,
  cache0150Identity,
  cache0160CaseNumber,
  cache0170LeftScope,
  cache0180Knowledge,
  cache0210ServiceLevel,
  cache0211Relationship,
  cache0215Order,
  cache0220WaitingMessage,
  cache0240OwnSearch,
  cache0250KnowledgeHints,
  cache0260Script,
];
export const OUTBOX_MIGRATIONS: readonly Migration[] = [
  outbox0010First,
  outbox0020Kind,
  outbox0030AcknowledgedIn,
  outbox0045MarketingCalls,
  outbox0050ScriptRun,
  outbox0055MarketingCall,
];

/** Refuses a file that a newer Dangol wrote: its rows could mean something that this build would break. */
export function refuseNewer(db: HostDb, migrations: readonly Migration[], name: string): void {
  const newest = migrations.at(-1)?.number ?? 0;
  const found = Number(db.pragma('user_version'));
  if (found > newest) {
    throw new DangolError('NEWER_DATABASE', 'update-dangol', {
      detail: `${name} has schema ${found}, this build knows ${newest}`,
      data: { file: name, found, known: newest },
    });
  }
}

/** Brings a database to the newest schema, each step in its own transaction together with its number. */
export function migrate(db: HostDb, migrations: readonly Migration[], name: string): void {
  refuseNewer(db, migrations, name);
  for (const step of migrations) {
    if (step.number <= Number(db.pragma('user_version'))) continue;
    db.transaction(() => {
      db.exec(step.sql);
      db.exec(`PRAGMA user_version = ${step.number}`);
    }).immediate();
  }
}
