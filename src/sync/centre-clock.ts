import type { Clock } from './clock.ts';
import { readKept, readLastContact, writeKept } from './outbox.ts';
import type { ReadableDb, WritableDb } from './sql-db.ts';

/** By how many ms the centre's clock was ahead of this desk's when it last answered. */
const CENTRE_AHEAD = 'sync.centre_ahead';
/** A way there and back takes less; a difference below it is none. */
const TOLERANCE_MS = 30_000;
/** A clock may be put right by a little at any time. */
const BACK_MS = 300_000;

/** Takes note of what the centre's clock shows. One commit where the difference changed, else none. */
export function noteCentreClock(outbox: WritableDb, clock: Clock): (serverTime: string) => void {
  let noted: number | null = null;
  return (serverTime) => {
    noted ??= Number(readKept(outbox, CENTRE_AHEAD) ?? 0);
    const measured = Date.parse(serverTime) - clock.now();
    const ahead = Math.abs(measured) < TOLERANCE_MS ? 0 : measured;
    if (Math.abs(ahead - noted) < TOLERANCE_MS) return;
    outbox.transaction(() => writeKept(outbox, CENTRE_AHEAD, ahead === 0 ? null : String(ahead))).immediate();
    noted = ahead;
  };
}

/**
 * How far this desk's clock is off. `wentBack`: it shows a time before the last answer of the centre, so that since then somebody
 * or something has put it back, and what was noted of it says nothing any more.
 */
export function readCentreClock(outbox: ReadableDb, clock: Clock): { centreAhead: number; wentBack: boolean } {
  const heardAt = readLastContact(outbox);
  return {
    centreAhead: Number(readKept(outbox, CENTRE_AHEAD) ?? 0),
    wentBack: heardAt !== null && clock.now() < Date.parse(heardAt) - BACK_MS,
  };
}
