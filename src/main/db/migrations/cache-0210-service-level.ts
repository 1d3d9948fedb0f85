const due = `min(coalesce(json_extract(data, '$.dueAt'), '9'), coalesce(json_extract(data, '$.clock.nextBy'), '9'))`;

/** What the business promises of its cases; the ledger is ordered by whatever of a case is due first, its own time or its clock's. */
export const cache0210ServiceLevel = {
  number: 210,
  sql: `
    CREATE TABLE service_level (id TEXT PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
    DROP INDEX case_of_owner;
    DROP INDEX case_open;
    CREATE INDEX case_of_owner ON "case" (json_extract(data, '$.ownerId'), ${due}) WHERE status IN ('open', 'waiting');
    CREATE INDEX case_open ON "case" (${due}) WHERE status IN ('open', 'waiting');
  `,
} as const;
