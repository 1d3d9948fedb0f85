/** What customers bought, newest first by index. */
export const cache0215Order = {
  number: 215,
  sql: `
    CREATE TABLE "order" (
      id TEXT PRIMARY KEY, version INTEGER NOT NULL, customer_id TEXT NOT NULL, placed_at TEXT NOT NULL, data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX order_customer ON "order" (customer_id, placed_at);
  `,
} as const;
