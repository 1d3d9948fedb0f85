import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../write-durably.ts';
import { connect, type HostDb } from './connection.ts';
import { migrate, OUTBOX_MIGRATIONS } from './migrate.ts';
import { type Salvage, salvageInto } from './salvage.ts';
import { noteSalvage } from './salvage-note.ts';
import { asideName, bringBack, setAside } from './set-aside.ts';

// The salvage of a broken outbox.db may be cut at any moment (a full disk, the end of the process, the power):
// 1. what can be read is copied into outbox.db.salvaging; cut here, the broken file is untouched and it begins anew;
// 2. the copy is complete and on the disk: it is named outbox.db.salvaged-<time>;
// 3. the broken file becomes outbox.db.broken-<time>, the copy outbox.db; cut here, the next start goes on (finishSalvage).

const OUTBOX = 'outbox.db';
const SALVAGING = 'outbox.db.salvaging';
const SALVAGED = 'outbox.db.salvaged-';
const BROKEN = /^outbox\.db\.broken-[^.]*?(?=$|-wal$|-shm$)/;

export interface SalvageRequest {
  folder: string;
  key: string;
  now: number;
  maxPages: number | undefined;
}

/** Whether an agent's work lies here in any of the forms that a cut may leave. */
export function hasOutbox(folder: string): boolean {
  return readdirSync(folder).some((name) => name === OUTBOX || name.startsWith(SALVAGED) || BROKEN.test(name));
}

/** Copies what can be read of the broken outbox.db, which stays as it is; call `finishSalvage` next. */
export function salvageOutbox({ folder, key, now, maxPages }: SalvageRequest): Salvage {
  const file = join(folder, OUTBOX);
  const copy = join(folder, SALVAGING);
  removeCopy(copy);
  try {
    const salvage = copyInto(connect({ file: copy, key, maxPages }), file, key, now);
    renameSync(copy, join(folder, asideName(OUTBOX, now).replace(/^.*broken-/, SALVAGED)));
    syncFolder(folder);
    return salvage;
  } catch (error) {
    // On a full disk it is in the way of the room that has to be made.
    removeCopy(copy);
    throw error;
  }
}

function copyInto(copy: HostDb, file: string, key: string, now: number): Salvage {
  try {
    migrate(copy, OUTBOX_MIGRATIONS, OUTBOX);
    const work = copy.transaction(() => {
      const salvage = salvageInto(copy, file, key);
      noteSalvage(copy, salvage, now);
      return salvage;
    });
    const salvage = work.immediate();
    // One file that holds everything: a rename moves one file.
    const mode = copy.pragma('journal_mode = DELETE');
    if (mode !== 'delete') throw new Error(`journal_mode = ${mode}`);
    return salvage;
  } finally {
    copy.close();
  }
}

function removeCopy(copy: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(copy + end, { force: true });
}

/** Puts a complete copy in the place of the broken file, or a file back that an earlier build moved away and then died. */
export function finishSalvage(folder: string): void {
  const names = readdirSync(folder).sort();
  const file = join(folder, OUTBOX);
  const salvaged = names.find((name) => name.startsWith(SALVAGED));
  if (salvaged !== undefined) {
    setAside(file, join(folder, salvaged.replace('salvaged-', 'broken-')));
    syncFolder(folder);
    renameSync(join(folder, salvaged), file);
    syncFolder(folder);
    return;
  }
  const [aside] = names.flatMap((name) => BROKEN.exec(name)?.[0] ?? []).slice(-1);
  if (aside !== undefined && !existsSync(file)) bringBack(file, join(folder, aside));
}
