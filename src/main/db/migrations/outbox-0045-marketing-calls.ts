/**
 * The legal gate counts how often a customer was called for marketing, before each such call. An entry that is broken on disk must
 * stay an entry that can be stored and looked at, so that nothing is read out of it here.
 */
export const outbox0045MarketingCalls = {
  number: 45,
  sql: `
    CREATE INDEX access_log_marketing ON access_log (CASE WHEN json_valid(entry) THEN json_extract(entry, '$.customerId') END)
    WHERE CASE WHEN json_valid(entry) THEN json_extract(entry, '$.action', '$.context') END = '["dial","marketing"]';`,
} as const;
