/**
 * Whom this desk called for marketing, and when. The access log says the same and is cleared a week after the centre has it; some laws
 * look further back.
 */
export const outbox0055MarketingCall = {
  number: 55,
  sql: `
    DROP INDEX access_log_marketing;
    CREATE TABLE marketing_call (at INTEGER NOT NULL, customer_id TEXT, number_hash TEXT NOT NULL) STRICT;
    CREATE INDEX marketing_call_customer ON marketing_call (customer_id, at);
    CREATE INDEX marketing_call_number ON marketing_call (number_hash, at) WHERE customer_id IS NULL;
    CREATE INDEX marketing_call_at ON marketing_call (at);`,
} as const;
