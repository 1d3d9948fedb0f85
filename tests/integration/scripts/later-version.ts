import { join } from 'node:path';
import { sql } from 'kysely';
import { openPglite } from '../../../src/central/db/store.ts';
import { connect } from '../../../src/main/db/connection.ts';
import { chooseDataKey } from '../../../src/main/db/data-key.ts';

/** Marks the desk's outbox as written by a later Dangol; the answer takes the mark away again. */
export async function deskOfALaterVersion(data: string): Promise<() => Promise<void>> {
  const folder = join(data, 'desk');
  const { key } = chooseDataKey({ folder, dataKey: null, mayUseFile: true, hasData: true });
  const mark = (version: number) => {
    const outbox = connect({ file: join(folder, 'outbox.db'), key });
    const before = Number(outbox.pragma('user_version'));
    outbox.exec(`PRAGMA user_version = ${version}`);
    outbox.close();
    return before;
  };
  const before = mark(99_990);
  return async () => void mark(before);
}

/** The same for the practice centre: a step of its schema that this version does not know. */
export async function centreOfALaterVersion(data: string): Promise<() => Promise<void>> {
  const change = async (run: (name: string) => ReturnType<typeof sql>) => {
    const store = await openPglite(join(data, 'central'));
    await run('9999-later').execute(store.db);
    await store.close();
  };
  await change((name) => sql`INSERT INTO kysely_migration (name, timestamp) VALUES (${name}, now()::text)`);
  return () => change((name) => sql`DELETE FROM kysely_migration WHERE name = ${name}`);
}
