/**
 * cache.db, first schema: confirmed rows of the centre. Can be thrown away and fetched again.
 * Every synced table has its row as JSON in `data` beside the columns that a read filters or sorts by: a new field of a
 * noun then needs no migration, a new way to look something up does.
 */
const plain = (table: string) => `
  CREATE TABLE "${table}" (id TEXT PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID;`;

const ofCustomer = (table: string, extra = '') => `
  CREATE TABLE "${table}" (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, customer_id TEXT${extra}, data TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;`;

export const cache0010First = {
  number: 10,
  sql: `
    ${['team', 'agent', 'queue', 'disposition', 'break_reason', 'custom_field', 'product'].map(plain).join('\n')}
    -- With a rowid: it is the rowid of the customer's line in customer_search. An upsert keeps it, so write customers by
    -- INSERT .. ON CONFLICT (id) DO UPDATE and never by REPLACE.
    CREATE TABLE customer (
      id TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL,
      customer_number TEXT NOT NULL,
      name TEXT NOT NULL,
      data TEXT NOT NULL
    ) STRICT;
    CREATE INDEX customer_number ON customer (customer_number);
    -- C-104233 is also found by 104233.
    CREATE INDEX customer_number_digits ON customer (ltrim(customer_number, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ-_ '));
    ${ofCustomer('contact_point', ', kind TEXT NOT NULL, e164 TEXT, last8 TEXT')}
    CREATE INDEX contact_point_last8 ON contact_point (last8) WHERE last8 IS NOT NULL;
    -- Search by last digits: four or more.
    CREATE INDEX contact_point_last4 ON contact_point (substr(last8, -4)) WHERE last8 IS NOT NULL;
    CREATE INDEX contact_point_customer ON contact_point (customer_id);
    ${ofCustomer('phone_pick', ', e164 TEXT NOT NULL')}
    CREATE INDEX phone_pick_e164 ON phone_pick (e164);
    CREATE INDEX phone_pick_customer ON phone_pick (customer_id);
    ${['consent', 'holding'].map((t) => ofCustomer(t)).join('\n')}
    CREATE INDEX consent_customer ON consent (customer_id);
    CREATE INDEX holding_customer ON holding (customer_id);
    CREATE TABLE do_not_call (
      id TEXT PRIMARY KEY, version INTEGER NOT NULL, e164 TEXT NOT NULL, data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX do_not_call_e164 ON do_not_call (e164);
    ${ofCustomer('case', ', status TEXT NOT NULL')}
    CREATE INDEX case_customer ON "case" (customer_id, status);
    ${ofCustomer('promise', ', status TEXT NOT NULL, due_at TEXT NOT NULL')}
    CREATE INDEX promise_customer ON promise (customer_id, status, due_at);
    ${ofCustomer('interaction', ', started_at TEXT NOT NULL')}
    CREATE INDEX interaction_customer ON interaction (customer_id, started_at DESC);
    ${ofCustomer('note', ', interaction_id TEXT, at TEXT NOT NULL')}
    CREATE INDEX note_interaction ON note (interaction_id) WHERE interaction_id IS NOT NULL;
    CREATE INDEX note_customer ON note (customer_id, at DESC);

    -- Search: names as two-gram and initial-consonant tokens, made by searchText() of shared/search-text.ts.
    -- rowid = customer.rowid: written and deleted by it (a customer_id column here could only be found by a scan).
    CREATE VIRTUAL TABLE customer_search USING fts5 (grams, initials, tokenize = "unicode61 remove_diacritics 2");
    INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1);

    -- What the centre deleted: a reply or a page that is older than the deletion must not bring the row back.
    CREATE TABLE deleted_row (
      table_name TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (table_name, id)
    ) STRICT, WITHOUT ROWID;

    -- Where this cache stands in the centre's order. Stored in the transaction that stores the rows it covers.
    CREATE TABLE sync_state (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      epoch TEXT,
      cursor TEXT,
      -- while a bootstrap runs: the cursor to continue from when it is done, and how far it came
      bootstrap_cursor TEXT,
      bootstrap_table TEXT,
      bootstrap_after TEXT,
      bootstrap_done INTEGER NOT NULL DEFAULT 0,
      bootstrap_total INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    INSERT INTO sync_state (only) VALUES (1);
  `,
} as const;
