import type { z } from 'zod';
import {
  BootstrapStart,
  LiveMessage,
  PullResponse,
  type PushRequest,
  PushResponse,
  SnapshotPage,
} from '../shared/sync-wire.ts';
import type { Clock } from './clock.ts';
import { failureOfStatus } from './http-failure.ts';
import {
  type FailureReason,
  type LiveConnection,
  type LiveHandlers,
  SyncFailure,
  type SyncTransport,
} from './transport.ts';

/** One open or opening WebSocket. */
export interface LiveSocket {
  send(text: string): void;
  close(): void;
}
export interface LiveSocketHandlers {
  onOpen: () => void;
  onText: (text: string) => void;
  /** Once, for whatever reason, unless close() was called. */
  onClose: (detail: string) => void;
}

export interface HttpTransportOptions {
  /** e.g. https://crm.example.com, with or without a slash at its end. */
  baseUrl: string;
  fetch: typeof fetch;
  /** Opens a WebSocket and returns at once; errors come as onClose. */
  openSocket: (url: string, handlers: LiveSocketHandlers) => LiveSocket;
  /** Works for pushes, whoever is signed in. null: this desk never signed in. */
  deviceToken: () => string | null;
  accessToken: () => string | null;
  /** Gets a new access token; false: the agent has to sign in again. Throws what fetch throws. */
  refresh: () => Promise<boolean>;
  clock: Clock;
  /** What the live connection tells of the PBX; null: it ended. The engine has no part in it. */
  onPbx?: ((message: LiveMessage | null) => void) | undefined;
}

const PUSH_TIMEOUT_MS = 20_000;
const PULL_TIMEOUT_MS = 20_000;
const SNAPSHOT_TIMEOUT_MS = 60_000;

export interface HttpTransport extends SyncTransport {
  /** Ends the live connection, so that the next one is made as whoever is signed in now. */
  dropLive(): void;
}

/** The wire over HTTP and WebSocket, as the central API has it (docs/openapi.json). */
export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  let drop = () => {};
  const base = options.baseUrl.replace(/\/+$/, '');
  const get = <T>(path: string, schema: z.ZodType<T>, timeoutMs: number, signal: AbortSignal): Promise<T> =>
    withRefresh(options, () => {
      const headers = bearer(options.accessToken());
      return exchange(options, { url: base + path, init: { headers }, schema, timeoutMs, signal });
    });
  return {
    push: async (request: PushRequest, signal) => {
      const headers = { ...bearer(options.deviceToken()), 'content-type': 'application/json' };
      return exchange(options, {
        url: `${base}/v1/sync/push`,
        init: { method: 'POST', headers, body: JSON.stringify(request) },
        schema: PushResponse,
        timeoutMs: PUSH_TIMEOUT_MS,
        signal,
      });
    },
    pull: async ({ cursor, limit, acknowledged, seen }, signal) => {
      const query = new URLSearchParams({ cursor, limit: String(limit) });
      if (acknowledged !== undefined) query.set('acknowledged', acknowledged);
      if (seen !== undefined) query.set('seen', seen);
      try {
        return await get(`/v1/sync/changes?${query}`, PullResponse, PULL_TIMEOUT_MS, signal);
      } catch (error) {
        // A cursor that this centre never gave out: it is another centre, or lost what it sealed cursors with.
        if (error instanceof BadRequest) throw new SyncFailure({ kind: 'epoch_changed' }, error.message, error);
        throw error;
      }
    },
    start: (signal) => get('/v1/sync/start', BootstrapStart, SNAPSHOT_TIMEOUT_MS, signal),
    snapshot: ({ table, after, limit, seen }, signal) => {
      const query = new URLSearchParams({ table, limit: String(limit), ...(after === null ? {} : { after }) });
      if (seen !== undefined) query.set('seen', seen);
      return get(`/v1/sync/snapshot?${query}`, SnapshotPage, SNAPSHOT_TIMEOUT_MS, signal);
    },
    live: (handlers) => {
      const live = openLive(options, `${base.replace(/^http/, 'ws')}/v1/sync/live`, handlers);
      drop = live.drop;
      return live;
    },
    dropLive: () => drop(),
  };
}

class BadRequest extends SyncFailure {}

function bearer(token: string | null): Record<string, string> {
  if (token === null) throw new SyncFailure({ kind: 'signed_out' }, 'no token');
  return { authorization: `Bearer ${token}`, accept: 'application/json' };
}

/** An access token lives ten minutes: a refusal is answered once by a fresh one. */
async function withRefresh<T>(options: HttpTransportOptions, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof SyncFailure) || error.reason.kind !== 'signed_out') throw error;
    if (options.accessToken() === null || !(await refreshed(options))) throw error;
    return request();
  }
}

async function refreshed(options: HttpTransportOptions): Promise<boolean> {
  try {
    return await options.refresh();
  } catch (error) {
    throw error instanceof SyncFailure ? error : new SyncFailure({ kind: 'unreachable' }, 'refresh failed', error);
  }
}

interface Exchange<T> {
  url: string;
  init: RequestInit;
  schema: z.ZodType<T>;
  timeoutMs: number;
  signal: AbortSignal;
}

/** One request and its checked answer. The time limit covers the body too: a centre may stop in the middle of it. */
async function exchange<T>(
  options: HttpTransportOptions,
  { url, init, schema, timeoutMs, signal }: Exchange<T>,
): Promise<T> {
  const path = new URL(url).pathname;
  const abort = new AbortController();
  const onAbort = () => abort.abort();
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const cancelTimer = options.clock.schedule(timeoutMs, onAbort);
  try {
    const { status, retryAfter, text } = await send(
      options,
      url,
      { ...init, redirect: 'error', signal: abort.signal },
      path,
    );
    if (status === 400 || status === 422) throw new BadRequest({ kind: 'nonsense' }, `${path}: ${status}`);
    if (status < 200 || status > 299) throw failureOfStatus(status, retryAfter, text, path, options.clock.now());
    return parse(schema, text, path);
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', onAbort);
  }
}

async function send(
  options: HttpTransportOptions,
  url: string,
  init: RequestInit,
  path: string,
): Promise<{ status: number; retryAfter: string | null; text: string }> {
  try {
    const response = await options.fetch(url, init);
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() };
  } catch (error) {
    throw new SyncFailure({ kind: 'unreachable' }, `${path}: no answer`, error);
  }
}

function parse<T>(schema: z.ZodType<T>, text: string, path: string): T {
  const nonsense = (detail: string): SyncFailure => new SyncFailure({ kind: 'nonsense' }, `${path}: ${detail}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw nonsense('the answer is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  // The place only: values may be personal data.
  throw nonsense(`the answer does not fit at ${issue?.path.join('.') ?? '?'} (${issue?.code ?? '?'})`);
}

/** The first frame is a hello; tokens never stand in an address, where logs would keep them. */
function openLive(
  options: HttpTransportOptions,
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
