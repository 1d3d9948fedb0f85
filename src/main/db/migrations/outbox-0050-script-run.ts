/** Runs of scripts that are going on: where each is, with every answer, and the words that it goes through. */
export const outbox0050ScriptRun = {
  number: 50,
  sql: `
    CREATE TABLE script_run (
      run_id TEXT PRIMARY KEY,
      author_id TEXT NOT NULL,
      call_id TEXT,
      customer_id TEXT,
      revision INTEGER NOT NULL,
      run TEXT NOT NULL,
      started_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX script_run_author ON script_run (author_id, updated_at);
  `,
} as const;
