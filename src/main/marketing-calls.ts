import type { ReadableDb } from '../sync/sql-db.ts';

/** Written as the index access_log_marketing is. */
export const MARKETING_CALLS = `
  SELECT json_extract(entry, '$.at') AS at FROM access_log
  WHERE CASE WHEN json_valid(entry) THEN json_extract(entry, '$.customerId') END = ?
    AND CASE WHEN json_valid(entry) THEN json_extract(entry, '$.action', '$.context') END = '["dial","marketing"]'`;

/** When this customer was called for marketing from this desk, epoch ms: as far back as its access log is kept here. */
export function readMarketingCalls(outbox: ReadableDb, customerId: string): number[] {
  const rows = outbox.prepare(MARKETING_CALLS).all(customerId) as { at: string }[];
  return rows.map(({ at }) => Date.parse(at));
}
