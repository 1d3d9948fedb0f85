/** outbox.db, first schema: what an agent did and typed here. Never thrown away. */
export const outbox0010First = {
  number: 10,
  sql: `
    CREATE TABLE device (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      device_id TEXT NOT NULL,
      next_seq INTEGER NOT NULL
    ) STRICT;

    -- One row an operation. status: pending -> acknowledged | rejected | quarantined | discarded.
    -- payload is the operation's JSON exactly as it is sent.
    CREATE TABLE operation (
      op_id TEXT PRIMARY KEY,
      device_id TEXT NOT NULL,
      device_seq INTEGER NOT NULL,
      schema_version INTEGER NOT NULL,
      author_id TEXT NOT NULL,
      author_name TEXT NOT NULL,
      base_version INTEGER,
      claimed_at TEXT NOT NULL,
      kind TEXT NOT NULL,
      payload TEXT NOT NULL,
      -- what the reads of pending rows look for
      row_id TEXT NOT NULL,
      interaction_id TEXT,
      customer_id TEXT,
      status TEXT NOT NULL CHECK (status IN ('pending', 'acknowledged', 'rejected', 'quarantined', 'discarded')),
      reply TEXT,
      reply_code TEXT,
      reply_detail TEXT,
      decided_at TEXT,
      decision_reason TEXT
    ) STRICT;
    CREATE UNIQUE INDEX operation_seq ON operation (device_id, device_seq);
    CREATE INDEX operation_status ON operation (status, device_seq);
    CREATE INDEX operation_customer ON operation (customer_id, status) WHERE customer_id IS NOT NULL;
    CREATE INDEX operation_interaction ON operation (interaction_id, status) WHERE interaction_id IS NOT NULL;
    CREATE INDEX operation_row ON operation (row_id);

    -- Numbers of customers created here and not confirmed yet, so that the next call from them pops.
    CREATE TABLE pending_phone (
      last8 TEXT NOT NULL,
      e164 TEXT,
      customer_id TEXT NOT NULL,
      op_id TEXT NOT NULL REFERENCES operation (op_id) ON DELETE CASCADE,
      PRIMARY KEY (last8, customer_id)
    ) STRICT;

    CREATE TABLE draft (
      note_id TEXT PRIMARY KEY,
      author_id TEXT NOT NULL,
      call_id TEXT,
      customer_id TEXT,
      text TEXT NOT NULL,
      revision INTEGER NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX draft_author ON draft (author_id, updated_at);

    -- The call journal: the last snapshot of each call of an agent.
    CREATE TABLE call (
      call_id TEXT PRIMARY KEY,
      agent_id TEXT NOT NULL,
      phase TEXT NOT NULL,
      snapshot TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX call_agent ON call (agent_id, phase);

    CREATE TABLE access_log (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      entry TEXT NOT NULL,
      hash TEXT NOT NULL,
      op_id TEXT
    ) STRICT;
    CREATE INDEX access_log_unsent ON access_log (seq) WHERE op_id IS NULL;

    -- Small things that must survive: session (sealed tokens, lease), settings, policy, last contact.
    CREATE TABLE keep (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  `,
} as const;
