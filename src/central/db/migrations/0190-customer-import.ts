/**
 * Customers of a file that is being imported, until all of it is there and becomes customers in one transaction. Nobody but the
 * import reads them; they are deleted with it, after a day at the latest.
 */
export const customerImport0190 = {
  name: '0190-customer-import',
  statements: [
    `CREATE TABLE customer_import (
      id uuid PRIMARY KEY,
      started_by text NOT NULL,
      touched_at timestamptz NOT NULL,
      done_at timestamptz,
      changed integer NOT NULL DEFAULT 0,
      unchanged integer NOT NULL DEFAULT 0,
      contact_points integer NOT NULL DEFAULT 0
    )`,
    // "row" is the line of the file. A number stands in a file once: its second row is told apart by this key.
    `CREATE TABLE customer_import_row (
      import_id uuid NOT NULL REFERENCES customer_import (id) ON DELETE CASCADE,
      customer_number text COLLATE "C" NOT NULL,
      row integer NOT NULL,
      data jsonb NOT NULL,
      PRIMARY KEY (import_id, customer_number)
    )`,
    `CREATE INDEX customer_import_row_number ON customer_import_row (customer_number)`,
  ],
};
