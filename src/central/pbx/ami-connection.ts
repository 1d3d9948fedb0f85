import { connect, type Socket } from 'node:net';
import { type AmiMessage, amiText, createAmiReader } from './ami-messages.ts';

export type AmiFailure = 'unreachable' | 'refused' | 'nonsense' | 'silent' | 'closed' | 'error';

/** Why an action has no good answer. `message` is the PBX's own short text or ours; never a secret. */
export class AmiError extends Error {
  readonly kind: AmiFailure;
  constructor(kind: AmiFailure, message: string) {
    super(message);
    this.name = 'AmiError';
    this.kind = kind;
  }
}

export interface AmiAnswer {
  response: AmiMessage;
  /** What came between the start and the end of a list. */
  list: readonly AmiMessage[];
}

export interface AmiConnection {
  /** Rejects with AmiError: 'error' where the PBX said no, 'silent' after `withinMs`, 'closed' where the line went. */
  action: (fields: Readonly<Record<string, string>>, withinMs?: number) => Promise<AmiAnswer>;
  close: () => void;
}

export interface AmiConnectOptions {
  host: string;
  port: number;
  username: string;
  secret: string;
  /** Everything that belongs to no action, and every other sign of life as `null`. */
  onEvent: (event: AmiMessage | null) => void;
  /** Once, after a successful start; not for a close of our own. */
  onClosed: (failure: AmiError) => void;
}

const CONNECT_MS = 5000;
export const ANSWER_MS = 3000;
/** Actions that wait at once; beyond, the PBX is not answering and more would only pile up. */
const MOST_WAITING = 500;

interface Waiting {
  list: AmiMessage[];
  response: AmiMessage | null;
  settle: (result: AmiAnswer | AmiError) => void;
}

/** Connects and logs in. Rejects with AmiError: unreachable, refused (name or secret), nonsense, silent. */
export function connectAmi(options: AmiConnectOptions): Promise<AmiConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: options.host, port: options.port, keepAlive: true });
    let open = false;
    let over = false;
    const waiting = createWaiting(socket);
    const end = (failure: AmiError) => {
      if (over) return;
      over = true;
      clearTimeout(late);
      socket.destroy();
      waiting.endAll(failure);
      if (open) options.onClosed(failure);
      else reject(failure);
    };
    const late = setTimeout(() => end(new AmiError('unreachable', 'no manager interface in time')), CONNECT_MS);
    const reader = createAmiReader((message) => {
      if (!waiting.take(message) && message.Event !== undefined) options.onEvent(message);
      else options.onEvent(null);
    });
    socket.setEncoding('utf8').setNoDelay(true);
    socket.on('data', (piece) => {
      if (!over && !reader.take(String(piece))) end(new AmiError('nonsense', 'this is no manager interface'));
    });
    socket.on('error', (error) => {
      const code = 'code' in error && typeof error.code === 'string' ? error.code : 'socket';
      end(new AmiError(open ? 'closed' : 'unreachable', code));
    });
    socket.on('close', () => end(new AmiError(open ? 'closed' : 'unreachable', 'the PBX closed the line')));
    const connection: AmiConnection = { action: waiting.action, close: () => endQuietly() };
    const endQuietly = () => {
      open = false;
      end(new AmiError('closed', 'closed here'));
    };
    socket.once('connect', () => {
      const { username, secret } = options;
      // Events before the login is answered would be lost in between; the masks are the account's (manager.conf).
      waiting.action({ Action: 'Login', Username: username, Secret: secret, Events: 'on' }).then(
        () => {
          clearTimeout(late);
          open = true;
          resolve(connection);
        },
        (error: unknown) => {
          end(isRefusal(error) ? new AmiError('refused', 'name or secret') : asAmiError(error));
        },
      );
    });
  });
}

/** Asterisk says no to a login for other reasons, too: "Asterisk is shutting down", or while it starts. Those pass. */
function isRefusal(error: unknown): boolean {
  return error instanceof AmiError && error.kind === 'error' && /authentication|permission|denied/i.test(error.message);
}

function asAmiError(error: unknown): AmiError {
  return error instanceof AmiError ? error : new AmiError('nonsense', 'not an answer');
}

/** The actions that were sent and not yet answered, by ActionID. */
function createWaiting(socket: Socket) {
  const waiting = new Map<string, Waiting>();
  let last = 0;
  let ended: AmiError | null = null;
  const action: AmiConnection['action'] = (fields, withinMs = ANSWER_MS) => {
    if (ended) return Promise.reject(ended);
    if (waiting.size >= MOST_WAITING) return Promise.reject(new AmiError('silent', 'too many actions wait'));
    last += 1;
    const id = `dangol-${last}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(new AmiError('silent', `no answer to ${fields.Action}`)), withinMs);
      const settle = (result: AmiAnswer | AmiError) => {
        clearTimeout(timer);
        waiting.delete(id);
        if (result instanceof AmiError) reject(result);
        else resolve(result);
      };
      waiting.set(id, { list: [], response: null, settle });
      socket.write(amiText({ ...fields, ActionID: id }));
    });
  };
  return {
    action,
    /** True where the message belongs to an action, an answer that came too late included. */
    take: (message: AmiMessage): boolean => {
      const id = message.ActionID;
      if (id === undefined || !id.startsWith('dangol-')) return false;
      const waits = waiting.get(id);
      if (waits) takeAnswer(waits, message);
      return true;
    },
    endAll: (failure: AmiError) => {
      ended = failure;
      for (const { settle } of [...waiting.values()]) settle(failure);
    },
  };
}

function takeAnswer(waits: Waiting, message: AmiMessage): void {
  if (message.Response !== undefined) {
    if (message.Response === 'Error') waits.settle(new AmiError('error', message.Message ?? 'refused'));
    else if (message.EventList?.toLowerCase() === 'start') waits.response = message;
    else waits.settle({ response: message, list: [] });
    return;
  }
  if (message.EventList?.toLowerCase() === 'complete') {
    waits.settle({ response: waits.response ?? message, list: waits.list });
    return;
  }
  waits.list.push(message);
}
