import type { Clock } from '../sync/clock.ts';
import type { Log } from './host-context.ts';

/** Opens a WebSocket with the subprotocol `sip` (RFC 7118): the platform's, or a test's. */
export type SipSocketMaker = (url: string) => WebSocket;

export interface FarewellParts {
  clock: Clock;
  log: Log;
  openSocket?: SipSocketMaker | undefined;
}

/** The host's one word to a PBX: it ends calls whose page is gone. It knows no SIP; the messages were written by the phone. */
export interface Farewells {
  /** Whether the PBX is in reach of this process: it may trust other certificates than the page does. */
  reaches: (server: string) => Promise<boolean>;
  /** Says these messages and waits for an answer to each, at most a few seconds. False: not all were answered. */
  say: (server: string, messages: readonly string[]) => Promise<boolean>;
}

const PATIENCE_MS = 2_000;

export function createFarewells({ clock, log, openSocket }: FarewellParts): Farewells {
  const open = openSocket ?? ((url: string) => new WebSocket(url, 'sip'));
  const known = new Map<string, Promise<boolean>>();

  /** Runs `use` on an open socket; false where there is none, or `use` did not say true in time. */
  const withSocket = (server: string, use: (socket: WebSocket, done: () => void) => void): Promise<boolean> =>
    new Promise((resolve) => {
      let socket: WebSocket | null = null;
      const end = (well: boolean) => {
        cancel();
        resolve(well);
        socket?.close();
      };
      const cancel = clock.schedule(PATIENCE_MS, () => end(false));
      try {
        const opened = open(server);
        socket = opened;
        opened.addEventListener('open', () => use(opened, () => end(true)));
        opened.addEventListener('close', () => end(false));
        opened.addEventListener('error', () => end(false));
      } catch {
        end(false);
      }
    });

  return {
    reaches: async (server) => {
      const asked = known.get(server) ?? withSocket(server, (_, done) => done());
      known.set(server, asked);
      const reached = await asked;
      // A PBX that was away is asked again with the next call.
      if (!reached) known.delete(server);
      return reached;
    },
    say: async (server, messages) => {
      const well = await withSocket(server, (socket, done) => {
        let answers = 0;
        socket.addEventListener('message', ({ data }) => {
          // 200, or 481 for a call that is over already: both are the end of it.
          if (!String(data).startsWith('SIP/2.0 ')) return;
          answers += 1;
          if (answers >= messages.length) done();
        });
        for (const message of messages) socket.send(message);
      });
      log('farewell.said', { calls: messages.length, answered: well });
      if (!well) known.delete(server);
      return well;
    },
  };
}
