import type { z } from 'zod';
import { AuditPage, AuditRows } from '../shared/sync-audit.ts';
import {
  BootstrapStart,
  type LiveMessage,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  PullResponse,
  type PushRequest,
  PushResponse,
  SnapshotPage,
} from '../shared/sync-wire.ts';
import type { Clock } from './clock.ts';
import { failureOfStatus } from './http-failure.ts';
import { openLive } from './http-live.ts';
import { readAnswer } from './read-answer.ts';
import { type PageBody, type SnapshotQuery, SyncFailure, type SyncTransport } from './transport.ts';

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

/** One answer. A body that is not a page's is always here. */
export interface Answer {
  status: number;
  /** The header of that name. */
  retryAfter: string | null;
  body: PageBody;
}
/** One GET whose body may stay in another thread. Rejects where there is no answer, and once the signal is aborted. */
export type FetchPage = (url: string, headers: Record<string, string>, signal: AbortSignal) => Promise<Answer>;

export interface HttpTransportOptions {
  /** e.g. https://crm.example.com, with or without a slash at its end. */
  baseUrl: string;
  fetch: typeof fetch;
  /** Fetches the pages of a first load in a thread of its own; absent: `fetch` does. */
  fetchPage?: FetchPage | undefined;
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
/** A page of changes is small, and the desk hears by it soonest that the line is back. */
const PULL_TIMEOUT_MS = 10_000;
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
      return exchange(options, { url: base + path, init: { headers }, read: asJson(schema), timeoutMs, signal });
    });
  const getBody = (path: string, signal: AbortSignal): Promise<PageBody> =>
    withRefresh(options, () => {
      const init = { headers: bearer(options.accessToken()) };
      const fetched = { url: base + path, init, timeoutMs: SNAPSHOT_TIMEOUT_MS, signal };
      return exchange(options, { ...fetched, read: (body) => body, fetchPage: options.fetchPage });
    });
  return {
    push: async (request: PushRequest, signal) => {
      const headers = { ...bearer(options.deviceToken()), 'content-type': 'application/json' };
      return exchange(options, {
        url: `${base}/v1/sync/push`,
        init: { method: 'POST', headers, body: JSON.stringify(request) },
        read: asJson(PushResponse),
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
    snapshot: (query, signal) => get(snapshotPath(query), SnapshotPage, SNAPSHOT_TIMEOUT_MS, signal),
    snapshotBody: (query, signal) => getBody(snapshotPath(query), signal),
    audit: (query, signal) => get(`/v1/sync/audit?${auditQuery(query)}`, AuditPage, SNAPSHOT_TIMEOUT_MS, signal),
    auditRows: (query, signal) =>
      get(`/v1/sync/audit/rows?${auditQuery(query)}`, AuditRows, SNAPSHOT_TIMEOUT_MS, signal),
    live: (handlers) => {
      const live = openLive(options, `${base.replace(/^http/, 'ws')}/v1/sync/live`, handlers);
      drop = live.drop;
      return live;
    },
    dropLive: () => drop(),
  };
}

function auditQuery({
  cursor,
  table,
  ...range
}: {
  cursor: string;
  table: string;
  after: string | null;
  upTo?: string | null;
  acknowledged?: string | undefined;
}) {
  const given = Object.entries(range).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return new URLSearchParams({ cursor, table, ...Object.fromEntries(given) });
}

function snapshotPath({ table, after, limit, seen }: SnapshotQuery): string {
  const query = new URLSearchParams({ table, limit: String(limit), ...(after === null ? {} : { after }) });
  if (seen !== undefined) query.set('seen', seen);
  return `/v1/sync/snapshot?${query}`;
}

class BadRequest extends SyncFailure {}

function bearer(token: string | null): Record<string, string> {
  if (token === null) throw new SyncFailure({ kind: 'signed_out' }, 'no token');
  const protocol = String(PROTOCOL_VERSION);
  return { authorization: `Bearer ${token}`, accept: 'application/json', [PROTOCOL_HEADER]: protocol };
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
  init: RequestInit & { headers: Record<string, string> };
  /** Throws `nonsense` for a body that does not fit. */
  read: (body: PageBody, path: string) => T;
  fetchPage?: FetchPage | undefined;
  timeoutMs: number;
  signal: AbortSignal;
}

/** One request and its checked answer. The time limit covers the body too: a centre may stop in the middle of it. */
async function exchange<T>(
  options: HttpTransportOptions,
  { url, init, read, timeoutMs, signal, fetchPage = fetchHere(options, init) }: Exchange<T>,
): Promise<T> {
  const path = new URL(url).pathname;
  const abort = new AbortController();
  const onAbort = () => abort.abort();
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const cancelTimer = options.clock.schedule(timeoutMs, onAbort);
  try {
    const { status, retryAfter, body } = await fetchPage(url, init.headers, abort.signal).catch((error) => {
      throw new SyncFailure({ kind: 'unreachable' }, `${path}: no answer`, error);
    });
    if (status === 400 || status === 422) throw new BadRequest({ kind: 'nonsense' }, `${path}: ${status}`);
    if (status < 200 || status > 299)
      throw failureOfStatus(status, retryAfter, textOf(body), path, options.clock.now());
    return read(body, path);
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', onAbort);
  }
}

/** In this thread, with the method and body of `init`. */
function fetchHere(options: HttpTransportOptions, init: RequestInit): FetchPage {
  return async (url, headers, signal) => {
    const response = await options.fetch(url, { ...init, headers, redirect: 'error', signal });
    const retryAfter = response.headers.get('retry-after');
    return { status: response.status, retryAfter, body: await response.arrayBuffer() };
  };
}

function asJson<T>(schema: z.ZodType<T>): Exchange<T>['read'] {
  return (body, path) => readAnswer(schema, textOf(body), path);
}

function textOf(body: PageBody): string {
  return body instanceof ArrayBuffer ? new TextDecoder().decode(body) : '';
}
