import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import type { Interaction } from '../../shared/interaction.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/store.ts';
import type { Secrets } from '../secrets.ts';
import type { Outgoing } from './outgoing.ts';
import type { Delivery } from './smtp.ts';

const TIMEOUT_MS = 20_000;
/** The service of a practice centre: an answer to it counts as sent, and nothing leaves the house. No such host exists (RFC 2606). */
export const PRACTICE_HOST = 'practice.invalid';

/** HMAC-SHA256 over the moment and the body, as both sides of a hook sign. `at`: s since 1970, as it stands in the header. */
export function signature(secret: string, at: number | string, body: string | Uint8Array): string {
  return `v1=${createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex')}`;
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
  const { rows } = await sql<{ secret: string; url: string | null; key: string | null; conversation: string | null }>`
    SELECT s.secret, s.reply_url AS url, t.key, t.conversation FROM message_source s
    LEFT JOIN taken_message t ON t.source = s.name AND t.interaction_id = ${answered?.id ?? null}
    WHERE s.name = ${one.source} AND s.active`.execute(db);
  const source = rows[0];
  if (!source?.url) return { done: false, reason: 'no_answers', final: true };
  if (practice && new URL(source.url).hostname === PRACTICE_HOST) return 'practice';
  const secret = secrets.open(source.secret);
  if (secret === null) return { done: false, reason: 'not_let_in', final: false };
  const body = JSON.stringify({
    id: one.id,
    to: one.address,
    inReplyTo: source.key,
    conversation: source.conversation,
    subject: one.subject,
    text: one.text,
  });
  const at = Math.floor(clock() / 1000);
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': one.id,
    'dangol-timestamp': String(at),
    'dangol-signature': signature(secret, at, body),
  };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(source.url, { method: 'POST', headers, body, signal, redirect: 'error' });
    await response.body?.cancel();
    return verdict(response.status);
  } catch {
    return { done: false, reason: null, final: false };
  }
}

function verdict(status: number): Delivery {
  if (status >= 200 && status < 300) return { done: true };
  if (status === 401 || status === 403) return { done: false, reason: 'not_let_in', final: false };
  const again = status >= 500 || status === 408 || status === 425 || status === 429;
  return { done: false, reason: again ? null : 'refused', final: !again };
}
