/** Sentences that agents write often; read as a whole, like the wrap-up codes. */
export const cache0140TextBlock = {
  number: 140,
  sql: `
    CREATE TABLE text_block (id TEXT PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
} as const;
