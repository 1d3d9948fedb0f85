import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreStatus } from '../../shared/host-types.ts';
import { askForCheck, isCacheCheckDue, noteCacheChecked } from './cache-check.ts';
import { connect, type HostDb } from './connection.ts';
import { chooseDataKey, isKeyOfFolder, keyMissing, noteKeyOfFolder } from './data-key.ts';
import { asStoreError, isCorrupt, isNotADatabase } from './db-errors.ts';
import { lockFolder } from './lock.ts';
import { CACHE_MIGRATIONS, type Migration, migrate, OUTBOX_MIGRATIONS, refuseNewer } from './migrate.ts';
import { salvageInto, setAside } from './salvage.ts';
import { noteSalvage, withSalvage } from './salvage-note.ts';

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
    hasData: existsSync(join(folder, 'outbox.db')),
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
  const db = connect({ file, key, maxPages, onDamage });
  try {
    refuseNewer(db, migrations, name);
    // cipher_integrity_check does nothing in this library; quick_check reads, and so authenticates, every page.
    const due = name === 'outbox.db' || isCacheCheckDue(options.folder, options.now());
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
  const file = join(options.folder, 'outbox.db');
  const open = () => openChecked({ options, key, name: 'outbox.db', migrations: OUTBOX_MIGRATIONS });
  try {
    return open();
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    if (isNotADatabase(error) && !keyFits(options.folder, key)) throw keyMissing('the key does not open the data');
  }
  const aside = setAside(file, options.now());
  options.log('outbox.broken', { aside });
  const db = open();
  const salvage = db.transaction(() => {
    const result = salvageInto(db, aside, key);
    noteSalvage(db, result, options.now());
    return result;
  });
  const { saved, lostOperations } = salvage.immediate();
  options.log('outbox.salvaged', { saved, lostOperations: lostOperations ?? 'unknown' });
  return db;
}

/** Whether an unreadable outbox is broken (the key is right) or locked to another key. */
function keyFits(folder: string, key: string): boolean {
  const noted = isKeyOfFolder(folder, key);
  if (noted !== null) return noted;
  const cacheFile = join(folder, 'cache.db');
  if (!existsSync(cacheFile)) return false;
  try {
    connect({ file: cacheFile, key }).close();
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
  options.log('cache.broken', { aside: setAside(file, options.now()) });
  return { db: open(), rebuilt: true };
}
