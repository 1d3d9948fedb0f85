/**
 * Customers are found by the business's own fields, too: a third column of customer_search holds what stands in them, cut by
 * ownLine() of shared/own-search.ts. One table, so that a name and a field are looked for together. `own_index` says by which
 * fields the lines were cut, and how far: a new choice of fields cuts all of them again, in slices (sync/own-index.ts).
 */
export const cache0240OwnSearch = {
  number: 240,
  sql: `
    ALTER TABLE customer_search RENAME TO customer_search_before;
    CREATE VIRTUAL TABLE customer_search USING fts5 (grams, initials, own, tokenize = "unicode61 remove_diacritics 2");
    INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1);
    INSERT INTO customer_search (rowid, grams, initials, own) SELECT rowid, grams, initials, '' FROM customer_search_before;
    DROP TABLE customer_search_before;
    CREATE TABLE own_index (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      -- [[key, type], …] of customers' fields, as JSON
      fields TEXT NOT NULL DEFAULT '[]',
      -- the rowid of customer up to which the lines are cut by these fields; null: all of them are
      upto INTEGER
    ) STRICT;
    INSERT INTO own_index (only) VALUES (1);
  `,
} as const;
