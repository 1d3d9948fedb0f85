import { z } from 'zod';
import { Id } from './ids.ts';
import { SyncRow, SyncTable } from './sync-wire.ts';

/**
 * From time to time desk and centre compare what they hold, each from its own rows: SPEC.md, S36. Not part of the wire's hash: a
 * centre without these two endpoints, or a desk that never asks, is in step all the same.
 */

/** Rows that the centre looks at for one answer, and rows of one hash. */
export const AUDIT_MAX_ROWS = 2048;
export const AUDIT_PART_ROWS = 128;
/** More changes than this behind the desk's cursor: it has to pull first. */
export const AUDIT_MAX_LATER = 1000;

/** A row that changed after the desk's cursor: neither side counts it. */
const RowName = z.object({ table: SyncTable, id: Id });

/**
 * GET /v1/sync/audit?cursor=…&table=…&after=… : living rows of the desk's scope as they stood at the cursor, by id, from there on
 * through as many tables as AUDIT_MAX_ROWS reach.
 */
export const AuditPage = z.object({
  epoch: z.string(),
  /** One stretch of ids each, in order: from behind the one before (or `after`, or the beginning of the table). */
  parts: z.array(
    z.object({
      table: SyncTable,
      /** The last id of the stretch; null: to the end of the table. */
      upTo: Id.nullable(),
      count: z.int().min(0),
      /** XOR over the rows of the first 64 bits of SHA-256 of auditText(), as 16 hexadecimal digits. */
      hash: z.string().regex(/^[0-9a-f]{16}$/),
    }),
  ),
  later: z.array(RowName).max(AUDIT_MAX_LATER),
  /** Where the next page begins; null: that was the last table. Absent parts with the same place: the desk has to pull first. */
  next: z.object({ table: SyncTable, after: Id.nullable() }).nullable(),
  /** How long the desk is to wait before the next page, so that all desks together cost the centre little. */
  restMs: z.int().min(0),
});
export type AuditPage = z.infer<typeof AuditPage>;

/** GET /v1/sync/audit/rows?cursor=…&table=…&after=…&upTo=… : the rows of one stretch as they stood at the cursor, deletions too. */
export const AuditRows = z.object({
  epoch: z.string(),
  rows: z.array(SyncRow),
  later: z.array(RowName).max(AUDIT_MAX_LATER),
});
export type AuditRows = z.infer<typeof AuditRows>;

/** What is hashed of a row. `data` as PostgreSQL writes jsonb: see jsonbText(). */
export function auditText(id: string, version: number, data: string): string {
  return `${id} ${version} ${data}`;
}

/**
 * A value as PostgreSQL's `jsonb::text` has it: keys by length in bytes, then by bytes; ", " and ": "; numbers without an
 * exponent. (PostgreSQL manual, section 8.14; JSON strings are escaped alike on both sides.)
 */
export function jsonbText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
    const named = fields.map(([key, inner]) => ({ key, bytes: new TextEncoder().encode(key), inner }));
    named.sort((a, b) => compareKeys(a.bytes, b.bytes));
    return `{${named.map(({ key, inner }) => `${JSON.stringify(key)}: ${jsonbText(inner)}`).join(', ')}}`;
  }
  return typeof value === 'number' ? plainNumber(value) : JSON.stringify(value);
}

function compareKeys(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return a.length - b.length;
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** 1e-7 as 0.0000001: the same digits, the point where it belongs. */
function plainNumber(value: number): string {
  const text = JSON.stringify(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = '', first = '', rest = '', exponent = '0'] = match;
  const [digits, at] = [first + rest, 1 + Number(exponent)];
  if (at <= 0) return `${sign}0.${'0'.repeat(-at)}${digits}`;
  return `${sign}${digits.padEnd(at, '0')}`;
}

/** Adds one row to a hash (0n for none). @param sha256 hexadecimal SHA-256 of a text. */
export function addToHash(hash: bigint, text: string, sha256: (text: string) => string): bigint {
  return hash ^ BigInt(`0x${sha256(text).slice(0, 16)}`);
}
export function hashText(hash: bigint): string {
  return hash.toString(16).padStart(16, '0');
}
