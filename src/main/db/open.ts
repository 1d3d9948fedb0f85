import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreStatus } from '../../shared/host-types.ts';
import { askForCheck, cacheCheckDue, noteCacheChecked } from './cache-check.ts';
import { cipherOf, markNewCache } from './cache-cipher.ts';
import { type Cipher, connect, type HostDb } from './connection.ts';
import { chooseDataKey, isKeyOfFolder, keyMissing, noteKeyOfFolder } from './data-key.ts';
import { asStoreError, isCorrupt, isNotADatabase } from './db-errors.ts';
import { lockFolder } from './lock.ts';
import { CACHE_MIGRATIONS, type Migration, migrate, OUTBOX_MIGRATIONS, refuseNewer } from './migrate.ts';
import { finishSalvage, hasOutbox, salvageOutbox } from './salvage-file.ts';
import { withSalvage } from './salvage-note.ts';
import { asideName, setAside } from './set-aside.ts';

export interface StoreOptions {
  folder: string;
  /** 32 bytes in hex from the shell's key store; null when it has none. */
  dataKey: string | null;
  /** Whether a 0600 key file may stand in for a key store. */
  mayUseKeyFile: boolean;
  now: () => number;
  log: (event: string, data?: Record<string, string | number | boolean>) => void;
  /** Tests of a full disk. */
  maxPages?: number | undefined;
  /** A broken page was met while working: close and open again, which sets the file aside. Called at most once a file. */
  onDamage?: (() => void) | undefined;
}

/** The local store of one desk. */
export interface DeskStore {
  cache: HostDb;
  outbox: HostDb;
  status: StoreStatus;
  /** cache.db is large and was not read through today: call it when that was done, while the desk works. null: nothing to do. */
  cacheChecked: (() => void) | null;
  /** How another thread opens cache.db; null where it is in memory. */
  cacheFile: { file: string; key: string; cipher: Cipher } | null;
  close: () => void;
}

/**
 * Opens cache.db and outbox.db, checks and migrates them.
 * Errors: HOST_BUSY, KEY_MISSING, NEWER_DATABASE, DISK_FULL, DISK_ERROR. None of them changed or deleted the outbox.
 */
export function openStore(options: StoreOptions): DeskStore {
  try {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    const unlock = lockFolder(options.folder);
    try {
      return openLocked(options, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  } catch (error) {
    throw asStoreError(error);
  }
}

function openLocked(options: StoreOptions, unlock: () => void): DeskStore {
  const { folder } = options;
  const key = chooseDataKey({
    folder,
    dataKey: options.dataKey,
    mayUseFile: options.mayUseKeyFile,
    hasData: hasOutbox(folder),
  });
  if (key.store === 'none') return openInMemory(unlock);
  const outbox = openOutbox(options, key.key);
  try {
    const cache = openCache(options, key.key);
    noteKeyOfFolder(folder, key.key);
    const status: StoreStatus = {
      cache: cache.rebuilt ? 'rebuilt' : 'encrypted',
      outbox: 'encrypted',
      keyStore: key.store,
      lostOperations: 0,
    };
    return {
      cache: cache.db,
      outbox,
      status: withSalvage(status, outbox, options.now()),
      cacheChecked:
        cacheCheckDue(folder, options.now()) === 'none' ? null : () => noteCacheChecked(folder, options.now()),
      cacheFile: { file: join(folder, 'cache.db'), key: key.key, cipher: cipherOf(folder, 'cache.db') },
      close: () => closeAll([cache.db, outbox], unlock),
    };
  } catch (error) {
    outbox.close();
    throw error;
  }
}

function openInMemory(unlock: () => void): DeskStore {
  const cache = connect({ file: null, key: null });
  const outbox = connect({ file: null, key: null });
  migrate(cache, CACHE_MIGRATIONS, 'cache.db');
  migrate(outbox, OUTBOX_MIGRATIONS, 'outbox.db');
  return {
    cache,
    outbox,
    status: { cache: 'memory', outbox: 'memory', keyStore: 'none', lostOperations: 0 },
    cacheChecked: null,
    cacheFile: null,
    close: () => closeAll([cache, outbox], unlock),
  };
}

function closeAll(databases: HostDb[], unlock: () => void): void {
  for (const db of databases) db.close();
  unlock();
}

interface FileToOpen {
  options: StoreOptions;
  key: string;
  name: 'outbox.db' | 'cache.db';
  migrations: readonly Migration[];
}

/** A connection whose file was checked and is not newer than this build, or what SQLite threw. */
function openChecked({ options, key, name, migrations }: FileToOpen): HostDb {
  const file = join(options.folder, name);
  const { maxPages } = options;
  const onDamage = () => {
    options.log('store.damage', { name });
    askForCheck(options.folder);
    options.onDamage?.();
  };
  if (name === 'cache.db') markNewCache(options.folder);
  const cipher = cipherOf(options.folder, name);
  const db = connect({ file, key, cipher, maxPages, onDamage });
  try {
    refuseNewer(db, migrations, name);
    // cipher_integrity_check does nothing in this library; quick_check reads, and so authenticates, every page.
    const due = name === 'outbox.db' || cacheCheckDue(options.folder, options.now()) === 'now';
    if (due && db.pragma('quick_check(1)') !== 'ok') throw corrupt();
    if (due && name === 'cache.db') noteCacheChecked(options.folder, options.now());
    migrate(db, migrations, name);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function corrupt(): Error {
  return Object.assign(new Error('quick_check found damage'), { code: 'SQLITE_CORRUPT' });
}

function openOutbox(options: StoreOptions, key: string): HostDb {
  const { folder, log, now, maxPages } = options;
  const open = () => openChecked({ options, key, name: 'outbox.db', migrations: OUTBOX_MIGRATIONS });
  finishSalvage(folder);
  try {
    return open();
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    if (isNotADatabase(error) && !keyFits(folder, key)) throw keyMissing('the key does not open the data');
  }
  log('outbox.broken');
  const { saved, lostOperations } = salvageOutbox({ folder, key, now: now(), maxPages });
  log('outbox.salvaged', { saved, lostOperations: lostOperations ?? 'unknown' });
  finishSalvage(folder);
  return open();
}

/** Whether an unreadable outbox is broken (the key is right) or locked to another key. */
function keyFits(folder: string, key: string): boolean {
  const noted = isKeyOfFolder(folder, key);
  if (noted !== null) return noted;
  const cacheFile = join(folder, 'cache.db');
  if (!existsSync(cacheFile)) return false;
  try {
    connect({ file: cacheFile, key, cipher: cipherOf(folder, 'cache.db') }).close();
    return true;
  } catch {
    return false;
  }
}

function openCache(options: StoreOptions, key: string): { db: HostDb; rebuilt: boolean } {
  const file = join(options.folder, 'cache.db');
  const open = () => openChecked({ options, key, name: 'cache.db', migrations: CACHE_MIGRATIONS });
  try {
    return { db: open(), rebuilt: false };
  } catch (error) {
    if (!isCorrupt(error)) throw error;
  }
  const aside = asideName(file, options.now());
  setAside(file, aside);
  options.log('cache.broken', { aside });
  return { db: open(), rebuilt: true };
}
