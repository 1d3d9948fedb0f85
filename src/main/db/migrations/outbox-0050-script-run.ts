/**
 * Runs of scripts that are going on: where each is, with every answer, and the words that it goes through. A few rows, without an index
 * of their own, and written short: the whole schema is to fit the file's first page, so that one broken page takes no table's name.
 */
export const outbox0050ScriptRun = {
  number: 50,
  sql: `CREATE TABLE script_run (run_id TEXT PRIMARY KEY, author_id TEXT NOT NULL, call_id TEXT, customer_id TEXT,
revision INTEGER NOT NULL, run TEXT NOT NULL, started_at TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT;`,
} as const;
