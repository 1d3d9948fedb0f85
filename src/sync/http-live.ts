import { LiveMessage } from '../shared/sync-wire.ts';
import type { HttpTransportOptions, LiveSocket } from './http-transport.ts';
import { type FailureReason, type LiveConnection, type LiveHandlers, SyncFailure } from './transport.ts';

/** The first frame is a hello; tokens never stand in an address, where logs would keep them. */
export function openLive(
  options: Pick<HttpTransportOptions, 'accessToken' | 'openSocket' | 'onPbx'>,
  url: string,
  handlers: LiveHandlers,
): LiveConnection & { drop: () => void } {
  let closed = false;
  const token = options.accessToken();
  const close = (reason: FailureReason, detail: string) => {
    if (closed) return;
    closed = true;
    socket?.close();
    options.onPbx?.(null);
    handlers.onClosed(new SyncFailure(reason, detail));
  };
  const drop = () => close({ kind: 'unreachable' }, 'live: made anew');
  let socket: LiveSocket | null = null;
  if (token === null) {
    close({ kind: 'signed_out' }, 'no token');
    return { close: () => undefined, drop };
  }
  socket = options.openSocket(url, {
    onOpen: () => {
      if (!closed) socket?.send(JSON.stringify({ type: 'hello', accessToken: token, hears: ['pbx'] }));
    },
    onText: (text) => {
      if (closed) return;
      const message = readMessage(text);
      if (!message) {
        close({ kind: 'nonsense' }, 'live: a message that fits no schema');
        return;
      }
      handlers.onAlive();
      if (message.type === 'welcome') handlers.onWelcome(message.epoch);
      if (message.type === 'poke') handlers.onPoke();
      if (message.type === 'pbx' || message.type === 'recording') options.onPbx?.(message);
    },
    // Perhaps the token was too old: the pulls get a fresh one, the next try has it.
    onClose: (detail) => close({ kind: 'unreachable' }, `live: ${detail}`),
  });
  return {
    drop,
    close: () => {
      if (!closed) options.onPbx?.(null);
      closed = true;
      socket?.close();
    },
  };
}

function readMessage(text: string): LiveMessage | null {
  try {
    const parsed = LiveMessage.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
