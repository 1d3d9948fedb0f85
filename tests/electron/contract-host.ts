import { implement } from '@orpc/server';
import { serveHostProcess } from '../../src/main/electron/host-process.ts';
import { CONTRACT_VERSION, contract } from '../../src/shared/contract.ts';
import type { HostEvent, SyncStatus } from '../../src/shared/host-types.ts';
import type { HostStart } from '../../src/shared/key-hand-over.ts';

/*
 * A host with the contract and no database, for an Electron in which better-sqlite3 does not load. It runs behind the shipped
 * main, preload and hand-over. What it was given at the start is told through `host.info`, so that tests can see it.
 */

function syncStatus(pending: number): SyncStatus {
  return {
    phase: 'idle',
    progress: null,
    pending,
    attention: 0,
    lastContactAt: null,
    problem: null,
    nextTryAt: null,
    practiceStore: true,
  };
}

function contractRouter(start: HostStart) {
  const on = implement(contract);
  const startedAt = new Date().toISOString();
  const saved = new Set<string>();
  return {
    host: {
      info: on.host.info.handler(() => ({
        version: `${start.version} ${start.centralUrl}`,
        contractVersion: CONTRACT_VERSION,
        store: {
          cache: 'memory' as const,
          outbox: 'memory' as const,
          keyStore: start.dataKey === null ? ('none' as const) : ('os' as const),
          lostOperations: 0,
        },
        settings: {
          language: null,
          colorScheme: 'auto' as const,
          ringVolume: 1,
          microphone: null,
          speaker: null,
          ringDevice: null,
          noiseSuppression: true,
          echoCancellation: true,
          autoGain: true,
          autoAnswer: 'asked',
          dialKey: null,
          arrangements: {},
        },
        screenShared: false,
        startedAt,
      })),
      // Counts up for ever: a stream that only its reader or the host's end stops.
      events: on.host.events.handler(async function* ({ signal }): AsyncGenerator<HostEvent> {
        for (let pending = 0; !signal?.aborted; pending += 1) {
          yield { type: 'sync', status: syncStatus(pending) };
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }),
    },
    session: {
      state: on.session.state.handler(() => ({
        status: 'signed_out' as const,
        centralUrl: start.centralUrl,
        practice: start.practice,
      })),
      signIn: on.session.signIn.handler(({ errors }) => {
        throw errors.WRONG_PASSWORD({ data: { next: 'sign-in' } });
      }),
      demoLogins: on.session.demoLogins.handler(() => ({
        logins: start.demoLogin ? [{ login: start.demoLogin, name: start.demoLogin, role: 'agent' }] : [],
      })),
    },
    note: {
      save: on.note.save.handler(({ input }) => {
        saved.add(input.noteId);
        return { mark: 'here' as const };
      }),
    },
    // Never answers: what a page waits for when its host dies.
    sync: { tryNow: on.sync.tryNow.handler(() => new Promise<Record<never, never>>(() => undefined)) },
  };
}

serveHostProcess(process.parentPort, async (start) => ({
  router: contractRouter(start),
  close: () => Promise.resolve(),
}));
