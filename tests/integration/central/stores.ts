import pg from 'pg';
import { afterAll, describe } from 'vitest';
import type { CentralOptions } from '../../../src/central/server.ts';
import { newId } from '../../../src/shared/ids.ts';
import { type RunningPostgres, startPostgres } from '../../fakes/postgres.ts';
import { startTestCentre, type TestCentre } from './kit.ts';

export interface TestStore {
  name: 'PGlite' | 'PostgreSQL';
  start(options?: Partial<CentralOptions>): Promise<TestCentre>;
  /** PostgreSQL only: an empty database on the private cluster. */
  newDatabase?: () => Promise<string>;
  postgres?: RunningPostgres;
}

const server = await startPostgres();

async function newDatabase(postgres: RunningPostgres): Promise<string> {
  const name = `t${newId().replaceAll('-', '')}`;
  const client = new pg.Client(postgres.url);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return postgres.url.replace(/\/postgres$/, `/${name}`);
}

function keepTrack(): { add<T extends { close(): Promise<void> }>(thing: T): T; closeAll(): Promise<void> } {
  const open: { close(): Promise<void> }[] = [];
  return {
    add: (thing) => {
      open.push(thing);
      return thing;
    },
    closeAll: async () => {
      for (const thing of open.reverse()) await thing.close().catch(() => {});
    },
  };
}

/** The suite on the practice store and on PostgreSQL; without a PostgreSQL server its half is skipped and named so. */
export function onBothStores(name: string, body: (store: TestStore) => void): void {
  describe(`${name} on PGlite`, () => {
    const opened = keepTrack();
    afterAll(() => opened.closeAll());
    body({ name: 'PGlite', start: async (options) => opened.add(await startTestCentre(options)) });
  });
  onPostgres(name, body);
}

export function onPostgres(name: string, body: (store: Required<TestStore>) => void): void {
  const skip = 'skip' in server ? server.skip : null;
  describe.skipIf(skip !== null)(`${name} on PostgreSQL${skip === null ? '' : ` (${skip})`}`, () => {
    const opened = keepTrack();
    afterAll(() => opened.closeAll());
    const postgres = server as RunningPostgres;
    body({
      name: 'PostgreSQL',
      postgres,
      newDatabase: () => newDatabase(postgres),
      start: async (options = {}) => {
        const databaseUrl = options.databaseUrl ?? (await newDatabase(postgres));
        return opened.add(await startTestCentre({ ...options, databaseUrl }));
      },
    });
  });
}

afterAll(async () => {
  if (!('skip' in server)) await server.stop();
});
