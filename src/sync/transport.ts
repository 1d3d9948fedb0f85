import type { Id } from '../shared/ids.ts';
import type { AuditPage, AuditRows } from '../shared/sync-audit.ts';
import type {
  BootstrapStart,
  PullResponse,
  PushRequest,
  PushResponse,
  SnapshotPage,
  SyncTable,
} from '../shared/sync-wire.ts';

/** Why the centre gave no usable answer. Every failure of a transport is one of these. */
export type FailureReason =
  /** No answer at all: no network, timeout, a gateway without a centre behind it. */
  | { kind: 'unreachable' }
  /** An answer that does not fit its schema, or one that only a broken or a wrong server gives. */
  | { kind: 'nonsense' }
  /** No valid token for this request. */
  | { kind: 'signed_out' }
  /** The centre was restored: cursor and acknowledgements of the old epoch do not count. */
  | { kind: 'epoch_changed' }
  /** The centre speaks another version of the protocol: one of both has to be updated first. */
  | { kind: 'other_release' }
  /** A clone of this desk used this sequence: take a new deviceId. */
  | { kind: 'device_forked' }
  /** Come back later: not before `retryAfterMs`, where the centre said when. */
  | { kind: 'rate_limited'; retryAfterMs: number | null };

/** What a transport throws. `detail` is for people who repair: a status, a path; never personal data. */
export class SyncFailure extends Error {
  readonly reason: FailureReason;
  constructor(reason: FailureReason, detail: string, cause?: unknown) {
    super(detail, { cause });
    this.name = 'SyncFailure';
    this.reason = reason;
  }
}

export interface LiveHandlers {
  /** The centre knows us. Whatever it poked before this moment was not heard. */
  onWelcome: (epoch: string) => void;
  onPoke: () => void;
  /** Any sign of life, also the two above. */
  onAlive: () => void;
  /** Once, and nothing after it. Not called for a close of our own. */
  onClosed: (failure: SyncFailure) => void;
}
export interface LiveConnection {
  close(): void;
}

/** How far the centre had come when it gave out the last snapshot page: where it is behind that now, it was restored. */
interface Seen {
  seen?: string | undefined;
}
/** Where a pull goes on. `acknowledged`: what the centre acknowledged last in this epoch, so that a restored one is noticed. */
export interface PullQuery extends Seen {
  cursor: string;
  limit: number;
  acknowledged?: Id | undefined;
}
export interface SnapshotQuery extends Seen {
  table: SyncTable;
  after: Id | null;
  limit: number;
}

/** Where an audit goes on, at the place of the feed that the desk stands at. */
export interface AuditQuery {
  cursor: string;
  table: SyncTable;
  after: Id | null;
  /** As in a pull: an audit of a centre that was restored would take what it lost for a bug. */
  acknowledged?: Id | undefined;
}

/** The body of an answer. `far`: another thread holds it under this number, and the host's never touches its bytes. */
export type PageBody = ArrayBuffer | { far: number };

/**
 * The wire to the centre. Every answer was checked against its schema; every failure is a SyncFailure.
 * A call whose signal is aborted rejects at once and its late answer is dropped.
 */
export interface SyncTransport {
  /** With the device token: works whoever is signed in, or nobody. */
  push(request: PushRequest, signal: AbortSignal): Promise<PushResponse>;
  pull(query: PullQuery, signal: AbortSignal): Promise<PullResponse>;
  start(signal: AbortSignal): Promise<BootstrapStart>;
  snapshot(query: SnapshotQuery, signal: AbortSignal): Promise<SnapshotPage>;
  /** The same, not read yet: for a thread that reads and stores it. */
  snapshotBody?(query: SnapshotQuery, signal: AbortSignal): Promise<PageBody>;
  audit(query: AuditQuery, signal: AbortSignal): Promise<AuditPage>;
  auditRows(query: AuditQuery & { upTo: Id | null }, signal: AbortSignal): Promise<AuditRows>;
  live(handlers: LiveHandlers): LiveConnection;
}
