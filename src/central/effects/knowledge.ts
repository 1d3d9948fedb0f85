import { sql } from 'kysely';
import { readRecord } from '../records.ts';
import type { Effect } from './effect.ts';

/**
 * An article was cited, or it helped. The key of the table counts an agent's press once a call, from whichever desk and however
 * often it comes. The count is taken under the lock of its row; where there is none (withdrawn, or never seen here) the press is
 * kept and counted when the article is published again.
 */
export const countKnowledge: Effect<'knowledge.use'> = async ({ trx, author, now }, act) => {
  const { articleId, occasionId, use, number } = act;
  const { rows } = await sql`
    INSERT INTO knowledge_use (article_id, occasion_id, agent_id, use, number, at)
    VALUES (${articleId}, ${occasionId}, ${author.id}, ${use}, ${number}, ${now})
    ON CONFLICT DO NOTHING RETURNING 1`.execute(trx);
  const count = await readRecord(trx, 'knowledge_count', articleId, 'update');
  if (count === null) return [];
  const data = rows.length === 0 ? count : { ...count, [use]: count[use] + 1 };
  // Also where nothing changed: writeRecords leaves the same row alone.
  return [{ table: 'knowledge_count', id: articleId, data }];
};
