import { DangolError } from '../shared/errors.ts';
import type { SessionState } from '../shared/host-types.ts';
import type { HostContext } from './host-context.ts';
import type { Session } from './session.ts';

/**
 * Ends the session. Work that the centre does not have yet stays on this desk and is pushed later, whoever signs in; the agent
 * is warned of it first.
 * @throws UNSENT_WORK with `operations` and `drafts`, unless `keepUnsent`.
 */
export function signOut(context: HostContext, session: Session, keepUnsent: boolean): SessionState {
  const before = session.state();
  if (before.status === 'signed_out') return before;
  const count = (sql: string) => (context.outbox.prepare(sql).get(before.agent.id) as { n: number }).n;
  const operations = count(
    `SELECT count(*) AS n FROM operation WHERE author_id = ? AND kind <> 'access.record'
     AND status IN ('pending', 'rejected', 'quarantined')`,
  );
  const drafts = count(`SELECT count(*) AS n FROM draft WHERE author_id = ? AND trim(text) <> ''`);
  if (!keepUnsent && operations + drafts > 0) {
    throw new DangolError('UNSENT_WORK', 'review-attention', { data: { operations, drafts } });
  }
  return session.signOut();
}
