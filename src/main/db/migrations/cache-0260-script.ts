/** Published scripts, and runs that are over, newest first by customer and by call. */
export const cache0260Script = {
  number: 260,
  sql: `
    CREATE TABLE script (id TEXT PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE script_run (
      id TEXT PRIMARY KEY, version INTEGER NOT NULL, customer_id TEXT, interaction_id TEXT, at TEXT NOT NULL, data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX script_run_customer ON script_run (customer_id, at DESC);
  `,
} as const;
