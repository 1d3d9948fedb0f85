import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { createApp } from './app.ts';
import type { Store } from './db/store.ts';
import type { CentralTables } from './db/tables.ts';
import { openDeskWipes } from './desk-wipes.ts';
import { createPokeHub } from './live/poke-hub.ts';
import { createLog } from './log.ts';
import { createMessages } from './messages/messages.ts';
import { createPbx } from './pbx/pbx.ts';
import { createSecrets } from './secrets.ts';

/** A store that holds nothing and answers nothing: the document is about the routes. */
function noStore(): Store {
  const db = new Kysely<CentralTables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  const nothing = async () => {};
  return { kind: 'pglite', db, identity: async () => '', listen: async () => nothing, close: nothing };
}

/** The OpenAPI document as docs/openapi.json holds it, from the routes themselves. */
export async function openApiText(): Promise<string> {
  const store = noStore();
  const secrets = createSecrets(Buffer.alloc(32));
  const app = await createApp({
    store,
    clock: Date.now,
    log: createLog(undefined),
    wipes: await openDeskWipes(store.db, Date.now),
    messages: createMessages({
      db: store.db,
      clock: Date.now,
      secrets,
      practice: false,
      changed: () => {},
      warn: () => {},
    }),
    secrets,
    pbx: createPbx({ db: store.db, clock: Date.now, warn: () => {} }),
    hub: createPokeHub({ tellOthers: async () => {}, isHeldBack: async () => false, warn: () => {} }),
    secret: '',
    adminToken: '',
    practice: false,
    horizonLagSeconds: () => 0,
  });
  try {
    await app.ready();
    return `${JSON.stringify(app.swagger(), null, 2)}\n`;
  } finally {
    await app.close();
  }
}
