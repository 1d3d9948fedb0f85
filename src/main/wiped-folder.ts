import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DangolError } from '../shared/errors.ts';
import { writeDurably } from './write-durably.ts';

/** Says that this folder was wiped by order; while it lies there, no host opens the folder. */
export const WIPED = 'wiped.json';
/** The data, what was set aside of it, and the key to it. What names the centre stays. */
const DATA = /^(cache\.db|outbox\.db|data-key|key-check|cache-check)/;

/** Before anything is removed: from here on a crash goes on with the wiping, at the next start. */
export function markWiped(folder: string, now: number): void {
  mkdirSync(folder, { recursive: true });
  writeDurably(join(folder, WIPED), `${JSON.stringify({ at: new Date(now).toISOString() })}\n`);
}

/** Removes the data of a marked folder, the key to it first. Repeating it removes what is left. */
export function removeData(folder: string): void {
  const names = readdirSync(folder).filter((name) => DATA.test(name));
  const keysFirst = names.sort((a, b) => Number(b.startsWith('data-key')) - Number(a.startsWith('data-key')));
  for (const name of keysFirst) rmSync(join(folder, name), { force: true });
}

function isMarked(folder: string, now: number): boolean {
  try {
    markWiped(folder, now);
    return true;
  } catch {
    return false;
  }
}

/**
 * Wipes the folder of a host that is still open: marks it, lets the host end, removes. On a full disk the mark waits for the
 * room that cache.db takes, which is nobody's work. Where it throws, call it again.
 */
export async function wipeFolder(folder: string, now: number, endHost: () => Promise<void>): Promise<void> {
  const marked = isMarked(folder, now);
  // What the host cannot end in order is removed all the same.
  await endHost().catch(() => undefined);
  if (!marked) {
    for (const name of readdirSync(folder))
      if (name.startsWith('cache.db')) rmSync(join(folder, name), { force: true });
    markWiped(folder, now);
  }
  removeData(folder);
}

/** @throws DESK_WIPED where the folder was wiped; what a crash left of its data goes now. */
export function refuseWiped(folder: string): void {
  if (!existsSync(join(folder, WIPED))) return;
  removeData(folder);
  const detail = `this desk was wiped by order; remove ${WIPED} from ${folder} to set it up anew`;
  throw new DangolError('DESK_WIPED', 'call-administrator', { detail });
}
