import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import type { Interaction } from '../../shared/interaction.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/store.ts';
import type { Secrets } from '../secrets.ts';
import type { Outgoing } from './outgoing.ts';
import type { Delivery } from './smtp.ts';
import { readSource, secretsOf } from './sources.ts';

const TIMEOUT_MS = 20_000;
/** The service of a practice centre: an answer to it counts as sent, and nothing leaves the house. No such host exists (RFC 2606). */
export const PRACTICE_HOST = 'practice.invalid';

/**
 * HMAC-SHA256 over the moment and the body, as both sides of a hook sign; `id`: and over the header dangol-message-id where that is
 * sent, between them in a line of its own (no header has line feeds, so neither can be taken for a part of the other).
 * `at`: s since 1970, as it stands in the header.
 */
export function signature(
  secret: string,
  at: number | string,
  body: string | Uint8Array,
  id?: string | undefined,
): string {
  const hmac = createHmac('sha256', secret).update(id === undefined ? `${at}.` : `${at}\n`);
  // The bytes of a header as they came.
  if (id !== undefined) hmac.update(Buffer.from(`${id}\n`, 'latin1'));
  return `v1=${hmac.update(body).digest('hex')}`;
}

/**
 * Gives an answer to the service that brought the question. It carries its own id, always the same: a service that gets it twice
 * knows it again, so it is tried until there is a word.
 */
export async function replyToService(
  { db, secrets, clock, practice }: { db: Db; secrets: Secrets; clock: Clock; practice: boolean },
  one: Outgoing,
  answered: Interaction | null,
): Promise<Delivery | 'practice'> {
  const source = await readSource(db, one.source);
  if (!source?.active || !source.replyUrl) return { done: false, reason: 'no_answers', final: true };
  if (practice && new URL(source.replyUrl).hostname === PRACTICE_HOST) return 'practice';
  // For the day of a new secret both sign: a service that has not changed it yet would refuse the answer for good.
  const keys = secretsOf({ db, secrets, clock }, source);
  if (keys.length === 0) return { done: false, reason: 'not_let_in', final: false };
  const asked = await readAsked(db, one.source, answered);
  const body = JSON.stringify({
    id: one.id,
    to: one.address,
    inReplyTo: asked?.key ?? null,
    conversation: asked?.conversation ?? null,
    subject: one.subject,
    text: one.text,
  });
  const at = Math.floor(clock() / 1000);
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': one.id,
    'dangol-timestamp': String(at),
    'dangol-signature': keys.map((secret) => signature(secret, at, body)).join(','),
  };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(source.replyUrl, { method: 'POST', headers, body, signal, redirect: 'error' });
    await response.body?.cancel();
    return verdict(response.status);
  } catch {
    return { done: false, reason: null, final: false };
  }
}

/** What is answered, as the service names it. */
async function readAsked(
  db: Db,
  source: string,
  answered: Interaction | null,
): Promise<{ key: string; conversation: string | null } | undefined> {
  const { rows } = await sql<{ key: string; conversation: string | null }>`
    SELECT key, conversation FROM taken_message
    WHERE source = ${source} AND interaction_id = ${answered?.id ?? null}`.execute(db);
  return rows[0];
}

function verdict(status: number): Delivery {
  if (status >= 200 && status < 300) return { done: true };
  if (status === 401 || status === 403) return { done: false, reason: 'not_let_in', final: false };
  const again = status >= 500 || status === 408 || status === 425 || status === 429;
  return { done: false, reason: again ? null : 'refused', final: !again };
}
