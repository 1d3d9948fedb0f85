import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import type { MessagePortMain, ParentPort } from 'electron';
import { DangolError } from '../../shared/errors.ts';
import type { HostStart } from '../../shared/key-hand-over.ts';
import { answerUnknownActs } from '../router.ts';
import { type FromHost, type HostFailure, ToHost } from './host-messages.ts';

/** What a host entry gives: the contract's procedures, and its orderly end. */
export interface ServedHost {
  router: AnyRouter;
  close: () => Promise<void>;
}

/** Exit code of a host that could not open; the reason went to the shell before. */
const HOST_FAILED_EXIT = 3;

/**
 * The host's side of the hand-over, in the utility process: the first message is HostStart, each 'port' message brings a
 * page's MessagePort, 'stop' ends in order. Ports that come while the host opens wait for it.
 */
export function serveHostProcess(parent: ParentPort, open: (start: HostStart) => Promise<ServedHost>): void {
  const tell = (message: FromHost) => parent.postMessage(message);
  let host: Promise<ServedHost> | null = null;

  function begin(start: HostStart): void {
    host = open(start);
    host.then(
      () => tell({ type: 'ready' }),
      (error: unknown) => {
        tell(failureOf(error));
        // The message leaves with the next turn of the loop; an exit right here would lose it.
        setTimeout(() => process.exit(HOST_FAILED_EXIT), 50);
      },
    );
  }

  parent.on('message', ({ data, ports }) => {
    const message = ToHost.safeParse(data);
    if (!message.success) return;
    if (message.data.type === 'start' && !host) begin(message.data);
    if (message.data.type === 'port' && ports[0] && host) serve(host, ports[0]);
    if (message.data.type === 'stop') {
      Promise.resolve(host)
        .then((opened) => opened?.close())
        .finally(() => process.exit(0));
    }
  });
}

function serve(host: Promise<ServedHost>, port: MessagePortMain): void {
  host.then(
    ({ router }) => {
      new RPCHandler(router, { rootInterceptors: [answerUnknownActs] }).upgrade(port);
      // Until start() the port keeps what came in: a page may call before the host is open.
      port.start();
    },
    () => port.close(),
  );
}

function failureOf(error: unknown): HostFailure {
  if (error instanceof DangolError) {
    return { type: 'failed', code: error.code, next: error.next, detail: error.message };
  }
  return {
    type: 'failed',
    code: 'INTERNAL',
    next: 'retry',
    detail: error instanceof Error ? error.message : 'unknown',
  };
}
