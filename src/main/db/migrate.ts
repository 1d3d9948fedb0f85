import { DangolError } from '../../shared/errors.ts';
import type { HostDb } from './connection.ts';
import { cache0010First } from './migrations/cache-0010-first.ts';
import { cache0020Seen } from './migrations/cache-0020-seen.ts';
import { outbox0010First } from './migrations/outbox-0010-first.ts';

/** One step of a schema. Numbers grow by tens; a released step never changes. */
export interface Migration {
  readonly number: number;
  readonly sql: string;
}

export const CACHE_MIGRATIONS: readonly Migration[] = [cache0010First, cache0020Seen];
export const OUTBOX_MIGRATIONS: readonly Migration[] = [outbox0010First];

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
