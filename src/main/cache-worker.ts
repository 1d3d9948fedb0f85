import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { createApplier } from '../sync/apply.ts';
import { fillPage, type PageToFill } from '../sync/fill-page.ts';
import type { WritableDb } from '../sync/sql-db.ts';
import { type PageBody, SyncFailure } from '../sync/transport.ts';
import type { FetchedBody, FromCacheWorker, ToCacheWorker } from './cache-worker-messages.ts';
import { connect, type HostDb } from './db/connection.ts';
import { giveWay } from './give-way.ts';

// The thread that stores the pages of a first load, on a connection of its own to cache.db (page-filler.ts is its other end).
// Readers are never in its way nor it in theirs (WAL); whoever else writes waits for a turn.

/** Pages of the write-ahead log before they are moved: each move writes a page of the file once, however often it changed. */
const CHECKPOINT_EVERY_PAGES = 16_000;
/** What commits touch again and again stays here; with the default of 16 MB most of it was read and deciphered anew. */
const CACHE_KB = 32_000;

const Start = z.object({ file: z.string(), key: z.string(), cipher: z.enum(['chacha20', 'aegis']) });

function tell(message: FromCacheWorker): void {
  parentPort?.postMessage(message);
}

function failure(error: unknown): FromCacheWorker {
  const detail = error instanceof Error ? error.message : 'unknown';
  if (error instanceof SyncFailure) return { type: 'failed', reason: error.reason, code: null, detail };
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  return { type: 'failed', reason: null, code, detail };
}

function open(): HostDb {
  const db = connect(Start.parse(workerData));
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_EVERY_PAGES}`);
  db.pragma(`cache_size = ${-CACHE_KB}`);
  return db;
}

giveWay();
const db = open();
const applier = createApplier(db);
/** Within the transaction of several pages that this thread opens and ends by itself. */
const inside: WritableDb = { ...db, transaction: (work) => ({ immediate: work }) };
/** Pages stored since the last commit. */
let pages: number | null = null;
let bodies: MessagePort | null = null;

/** The bytes of a page; what was fetched before it and is asked for by nobody any more is let go. */
function bytesOf(body: PageBody): ArrayBuffer {
  if (body instanceof ArrayBuffer) return body;
  for (;;) {
    const next = bodies && (receiveMessageOnPort(bodies) as { message: FetchedBody } | undefined);
    if (!next) throw new SyncFailure({ kind: 'unreachable' }, 'a page was lost between two threads');
    if (next.message.n === body.far) return next.message.bytes;
  }
}

function fill(page: PageToFill<PageBody>): FromCacheWorker {
  const here = { ...page, body: bytesOf(page.body) };
  if (pages === null) db.exec('BEGIN IMMEDIATE');
  pages ??= 0;
  const filled = fillPage(inside, applier, here, (head) => tell({ type: 'head', head }));
  pages += 1;
  return { type: 'filled', page: filled };
}

function commit(): FromCacheWorker {
  if (pages !== null) db.exec('COMMIT');
  pages = null;
  return { type: 'committed' };
}

/** What a SyncFailure says is known before a row of its page is written: the pages before it stay. */
function rollBack(error: unknown): void {
  if (pages === null || (pages > 0 && error instanceof SyncFailure)) return;
  pages = null;
  try {
    db.exec('ROLLBACK');
  } catch {
    // A full disk: SQLite did it already.
  }
}

parentPort?.on('message', (message: ToCacheWorker) => {
  if (message.type === 'bodies') {
    bodies?.close();
    bodies = message.port;
    return;
  }
  if (message.type === 'end') {
    bodies?.close();
    db.close();
    parentPort?.close();
    return;
  }
  try {
    tell(message.type === 'fill' ? fill(message.page) : commit());
  } catch (error) {
    rollBack(error);
    tell(failure(error));
  }
});
