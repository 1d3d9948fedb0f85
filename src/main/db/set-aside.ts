import { existsSync, renameSync } from 'node:fs';

/** A database is three files: what SQLite keeps beside it holds commits, too. Renamed before it, or SQLite would delete them. */
const ENDS = ['-wal', '-shm', ''] as const;

/** Where a broken file goes. */
export function asideName(file: string, now: number): string {
  return `${file}.broken-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
}

/** Moves a database and what SQLite keeps beside it out of the way. Nothing is deleted; a repeat moves what is left. */
export function setAside(file: string, aside: string): void {
  for (const end of ENDS) if (existsSync(file + end)) renameSync(file + end, aside + end);
}

/** Undoes a `setAside` that was cut. What is there under its own name stays. */
export function bringBack(file: string, aside: string): void {
  for (const end of ENDS) if (existsSync(aside + end) && !existsSync(file + end)) renameSync(aside + end, file + end);
}
