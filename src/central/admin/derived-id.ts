import { createHash } from 'node:crypto';
import type { Id } from '../../shared/ids.ts';

/** The same id for the same thing, however often it is loaded: UUIDv8 (RFC 9562 section 5.8) of a hash of what names it. */
export function derivedId(...names: string[]): Id {
  const hex = createHash('sha256').update(JSON.stringify(names)).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
