import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Id } from '../../shared/ids.ts';

/** A place in the feed: everything up to and with the change `seq` of transaction `xid`. Decimal numbers as text. */
export interface Position {
  xid: string;
  seq: string;
}

/** What a desk keeps as its cursor: the place, and which epoch and which run of a server process gave it out. */
export interface Cursor extends Position {
  /** Epoch.tag. */
  epochTag: string;
  runId: string;
  /** Whose desk it is, where desks do not hold everything. */
  agentId?: Id | undefined;
}

const FORM = /^1\.([0-9a-f]{16})\.([0-9a-f-]{36})\.(\d{1,20})\.(\d{1,19})(?:\.([0-9a-f-]{36}))?$/;

function seal(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64url').slice(0, 22);
}

/** Sealed, because a cursor behind the end of the feed makes a new epoch for everybody: nobody may invent one. */
export function writeCursor(cursor: Cursor, secret: string): string {
  const { epochTag, runId, xid, seq, agentId } = cursor;
  const body = ['1', epochTag, runId, xid, seq, ...(agentId === undefined ? [] : [agentId])].join('.');
  return `${body}.${seal(body, secret)}`;
}

/** null where this is no cursor of ours. */
export function readCursor(text: string, secret: string): Cursor | null {
  const cut = text.lastIndexOf('.');
  const body = text.slice(0, cut);
  const match = FORM.exec(body);
  const given = Buffer.from(text.slice(cut + 1));
  const right = Buffer.from(seal(body, secret));
  if (!match || given.length !== right.length || !timingSafeEqual(given, right)) return null;
  const [, epochTag = '', runId = '', xid = '', seq = '', agentId] = match;
  return { epochTag, runId, xid, seq, agentId };
}
