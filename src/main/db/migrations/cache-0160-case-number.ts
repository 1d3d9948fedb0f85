/** A case is found by its number, whatever state it is in. */
export const cache0160CaseNumber = {
  number: 160,
  sql: `CREATE INDEX case_number ON "case" (json_extract(data, '$.number'));`,
} as const;
