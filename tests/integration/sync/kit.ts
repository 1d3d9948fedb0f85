import { openLiveSocket } from '../../../src/main/live-socket.ts';
import { systemClock } from '../../../src/main/system-clock.ts';
import type { SignInResponse } from '../../../src/shared/central-api.ts';
import type { OperationPayload } from '../../../src/shared/sync-wire.ts';
import { createSyncEngine, type SyncEngine, type SyncEvent } from '../../../src/sync/engine.ts';
import { createHttpTransport } from '../../../src/sync/http-transport.ts';
import { appendOperation } from '../../../src/sync/outbox.ts';
import { type DeskDbs, openDeskDbs } from '../../fakes/desk-db.ts';
import { sha256 } from '../../fakes/oracle-audit.ts';
import type { TestCentre } from '../central/kit.ts';

/** A desk without a host: the real engine on real databases and the real wire. */
export interface EngineDesk {
  dbs: DeskDbs;
  engine: SyncEngine;
  agentId: string;
  events: SyncEvent[];
  act(...payloads: OperationPayload[]): string[];
  /** Resolves as soon as it is true; looked at after each event of the engine (rows of no customer make none). */
  until(isTrue: () => boolean): Promise<void>;
  notes(): string[];
  statuses(): string[];
  stop(): Promise<void>;
}

/** Signs an agent in at the centre and starts a desk whose every byte goes through `url`. `auditEveryMs`: else it is never audited. */
export async function startEngineDesk(
  centre: TestCentre,
  login: string,
  url = centre.url,
  auditEveryMs: number | null = null,
): Promise<EngineDesk> {
  const dbs = openDeskDbs();
  const { session, deviceId } = await centre.desk(login);
  dbs.outbox.prepare('INSERT INTO device (only, device_id, next_seq) VALUES (1, ?, 1)').run(deviceId);
  const events: SyncEvent[] = [];
  let looks: (() => void)[] = [];
  const engine = createSyncEngine({
    ...dbs,
    clock: systemClock(),
    random: Math.random,
    transport: transportOf(session, url),
    audit: auditEveryMs === null ? undefined : { sha256, everyMs: auditEveryMs, hurry: true },
    onEvent: (event) => {
      events.push(event);
      for (const look of looks) look();
    },
  });
  engine.start();
  return {
    dbs,
    engine,
    agentId: session.agent.id,
    events,
    act: (...payloads) => {
      const claimedAt = new Date().toISOString();
      const { id: authorId, name: authorName } = session.agent;
      const write = () =>
        payloads.map((payload) => appendOperation(dbs.outbox, { authorId, authorName, claimedAt, payload }).opId);
      const opIds = dbs.outbox.transaction(write).immediate();
      engine.wake();
      return opIds;
    },
    until: (isTrue) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isTrue()) return;
          looks = looks.filter((other) => other !== look);
          resolve();
        };
        looks.push(look);
        look();
      }),
    notes: () => {
      const rows = dbs.cache.prepare('SELECT data FROM note ORDER BY id').pluck().all() as string[];
      return rows.map((data) => (JSON.parse(data) as { text: string }).text);
    },
    statuses: () => dbs.outbox.prepare('SELECT status FROM operation ORDER BY rowid').pluck().all() as string[],
    stop: async () => {
      await engine.stop();
      dbs.cache.close();
      dbs.outbox.close();
    },
  };
}

function transportOf(session: SignInResponse, baseUrl: string) {
  return createHttpTransport({
    baseUrl,
    fetch,
    openSocket: openLiveSocket(),
    deviceToken: () => session.deviceToken,
    accessToken: () => session.accessToken,
    refresh: async () => false,
    clock: systemClock(),
  });
}
