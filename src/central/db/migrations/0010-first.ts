/**
 * First schema. Every synced row is one row of `record`, its noun as JSON beside the columns that the centre filters by:
 * a new field of a noun needs no migration, a new way to look something up does. One partition a noun, so that a desk's
 * bootstrap reads each noun's own pages.
 *
 * `xid` and `seq` are the row's place in the change feed: the transaction that last wrote it, and the order within it.
 */
const TABLES = [
  ...['team', 'agent', 'queue', 'disposition', 'break_reason', 'custom_field', 'product', 'customer', 'contact_point'],
  ...['phone_pick', 'consent', 'do_not_call', 'holding', 'case', 'promise', 'interaction', 'note'],
];
const partitions = TABLES.map(
  (table) => `CREATE TABLE "record_${table}" PARTITION OF record FOR VALUES IN ('${table}')`,
);

export const first0010 = {
  name: '0010-first',
  statements: [
    `CREATE TABLE centre (
      only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
      epoch_id uuid NOT NULL,
      secret text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )`,

    // One row a start of a server process. base_* is the end of the feed at that moment: a cursor of an earlier run that
    // points behind it was given out by a database that has since been replaced by an older copy of itself.
    `CREATE TABLE server_run (
      n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id uuid NOT NULL UNIQUE,
      base_xid xid8 NOT NULL,
      base_seq bigint NOT NULL,
      started_at timestamptz NOT NULL DEFAULT now()
    )`,

    `CREATE SEQUENCE record_seq`,
    `CREATE TABLE record (
      tbl text COLLATE "C" NOT NULL,
      id uuid NOT NULL,
      version integer NOT NULL,
      deleted boolean NOT NULL,
      customer_id uuid,
      data jsonb,
      xid xid8 NOT NULL,
      seq bigint NOT NULL,
      PRIMARY KEY (tbl, id),
      CHECK (deleted = (data IS NULL))
    ) PARTITION BY LIST (tbl)`,
    ...partitions,
    `CREATE INDEX record_feed ON record (xid, seq)`,
    `CREATE INDEX record_of_customer ON record (customer_id) WHERE customer_id IS NOT NULL`,
    // Reversed, so that "the last four digits" is a prefix.
    `CREATE INDEX contact_point_last8 ON record_contact_point (reverse(data->>'last8') text_pattern_ops)
      WHERE data->>'last8' IS NOT NULL`,
    `CREATE INDEX customer_by_name ON record_customer (lower(data->>'name') text_pattern_ops)`,
    `CREATE INDEX customer_by_number ON record_customer ((data->>'customerNumber'))`,
    `CREATE INDEX phone_pick_e164 ON record_phone_pick ((data->>'e164'))`,
    `CREATE INDEX note_of_interaction ON record_note ((data->>'interactionId')) WHERE data->>'interactionId' IS NOT NULL`,

    // What a row said before somebody's act replaced it: the loser of a conflict stays visible.
    `CREATE TABLE record_history (
      tbl text NOT NULL,
      id uuid NOT NULL,
      version integer NOT NULL,
      customer_id uuid,
      data jsonb NOT NULL,
      replaced_by uuid NOT NULL,
      replaced_at timestamptz NOT NULL,
      PRIMARY KEY (tbl, id, version)
    )`,
    `CREATE INDEX record_history_customer ON record_history (customer_id) WHERE customer_id IS NOT NULL`,

    `CREATE TABLE erased_customer (
      customer_id uuid PRIMARY KEY,
      erased_at timestamptz NOT NULL,
      erased_by text NOT NULL
    )`,
    `CREATE TABLE setting (name text PRIMARY KEY, value jsonb NOT NULL)`,
    `CREATE SEQUENCE customer_number START 900001`,

    `CREATE TABLE account (
      agent_id uuid PRIMARY KEY,
      login text NOT NULL UNIQUE,
      password_hash text,
      demo boolean NOT NULL,
      disabled_at timestamptz,
      sip jsonb
    )`,
    // A cloned desk takes a new id; root_id is the desk it was cloned from, whose authors and tokens it shares.
    `CREATE TABLE device (
      id uuid PRIMARY KEY,
      root_id uuid NOT NULL,
      last_seq bigint NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL
    )`,
    `CREATE TABLE device_author (root_id uuid NOT NULL, agent_id uuid NOT NULL, PRIMARY KEY (root_id, agent_id))`,
    `CREATE TABLE device_token (hash text PRIMARY KEY, root_id uuid NOT NULL, created_at timestamptz NOT NULL)`,
    `CREATE TABLE token_family (
      id uuid PRIMARY KEY,
      agent_id uuid NOT NULL,
      root_id uuid NOT NULL,
      ended_at timestamptz
    )`,
    `CREATE INDEX token_family_agent ON token_family (agent_id)`,
    `CREATE TABLE refresh_token (
      hash text PRIMARY KEY,
      family_id uuid NOT NULL REFERENCES token_family (id) ON DELETE CASCADE,
      expires_at timestamptz NOT NULL,
      used_at timestamptz
    )`,
    `CREATE INDEX refresh_token_family ON refresh_token (family_id)`,
    `CREATE INDEX refresh_token_expiry ON refresh_token (expires_at)`,

    // Every operation with the reply it got, byte for byte. payload is null where it holds personal data of an erased
    // customer, where it did not fit its schema, and for the access log, which has its own table.
    `CREATE TABLE operation (
      op_id uuid PRIMARY KEY,
      device_id uuid NOT NULL,
      device_seq bigint NOT NULL,
      author_id uuid,
      kind text,
      row_id uuid,
      customer_id uuid,
      base_version integer,
      claimed_at timestamptz,
      received_at timestamptz NOT NULL,
      payload jsonb,
      status text NOT NULL,
      reply text NOT NULL
    )`,
    `CREATE UNIQUE INDEX operation_seq ON operation (device_id, device_seq)`,
    `CREATE INDEX operation_row ON operation (row_id) WHERE row_id IS NOT NULL`,
    `CREATE INDEX operation_customer ON operation (customer_id) WHERE customer_id IS NOT NULL`,

    // fault: null when the entry continues its desk's chain; else why it does not. Nothing is refused, nothing is lost.
    `CREATE TABLE access_log (
      id uuid PRIMARY KEY,
      device_id uuid NOT NULL,
      seq bigint NOT NULL,
      at timestamptz NOT NULL,
      agent_id uuid NOT NULL,
      action text NOT NULL,
      customer_id uuid,
      context text NOT NULL,
      previous_hash text NOT NULL,
      hash text NOT NULL,
      fault text,
      op_id uuid NOT NULL,
      received_at timestamptz NOT NULL
    )`,
    `CREATE INDEX access_log_chain ON access_log (device_id, seq)`,
    `CREATE INDEX access_log_customer ON access_log (customer_id, at) WHERE customer_id IS NOT NULL`,

    `CREATE TABLE do_not_call_seen (id uuid PRIMARY KEY, loaded_at timestamptz NOT NULL)`,
  ],
} as const;
