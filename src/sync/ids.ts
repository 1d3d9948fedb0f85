import { v7 } from 'uuid';
import type { Id } from '../shared/ids.ts';
import type { Clock } from './clock.ts';

/** A UUIDv7 from the injected clock and random: the simulator makes the same ids from the same seed. */
export function makeId(clock: Clock, random: () => number): Id {
  return v7({ msecs: clock.now(), random: Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256)) });
}
