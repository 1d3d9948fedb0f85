import { createApp } from './app.ts';
import { openPglite } from './db/store.ts';
import { createPokeHub } from './live/poke-hub.ts';
import { createLog } from './log.ts';

/** The OpenAPI document as docs/openapi.json holds it, from the routes themselves; no data is read. */
export async function openApiText(): Promise<string> {
  const store = await openPglite(undefined);
  const nothing = async () => {};
  const app = await createApp({
    store,
    clock: Date.now,
    log: createLog(undefined),
    hub: createPokeHub({ tellOthers: nothing, isHeldBack: async () => false, warn: () => {} }),
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
    await store.close();
  }
}
