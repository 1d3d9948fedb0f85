import { v7 } from 'uuid';
import { z } from 'zod';

/** Every row, operation, call and note is named by a UUIDv7 (RFC 9562 section 5.7), made where it is first known. */
export const Id = z.uuid();
export type Id = z.infer<typeof Id>;

/** A new UUIDv7. Time-ordered, so that local indexes stay compact. */
export function newId(): Id {
  return v7();
}
