/** Who is around a customer: household, referrer, company, guardian. */
export const cache0211Relationship = {
  number: 211,
  sql: `
    CREATE TABLE relationship (id TEXT PRIMARY KEY, version INTEGER NOT NULL, customer_id TEXT, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX relationship_customer ON relationship (customer_id);
  `,
} as const;
