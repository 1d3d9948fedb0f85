import type { z } from 'zod';
import { readKept, writeKept } from '../sync/outbox.ts';
import type { ReadableDb, WritableDb } from '../sync/sql-db.ts';

/** A small thing in outbox.db's `keep`, checked on the way out. null: absent, or written by a build that meant another shape. */
export function readKeep<S extends z.ZodType>(outbox: ReadableDb, name: string, schema: S): z.infer<S> | null {
  const text = readKept(outbox, name);
  if (text === null) return null;
  const parsed = schema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** @param value null removes it. */
export function writeKeep(outbox: WritableDb, name: string, value: unknown): void {
  writeKept(outbox, name, value === null ? null : JSON.stringify(value));
}

/** The JSON value of a text, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
