/**
 * Mails and messages of other services: which were taken (each once, whatever the server says again), where a mailbox was left, what
 * waits to be sent. The words of both are part of their interactions.
 */
export const messages0180 = {
  name: '0180-messages',
  statements: [
    // key: of a mail, a hash of its Message-ID and its body; of another service, its own id. raw: the source as it came, by gzip.
    `CREATE TABLE taken_message (
      source text NOT NULL,
      key text NOT NULL,
      interaction_id uuid NOT NULL UNIQUE,
      message_id text,
      refs text,
      raw bytea,
      taken_at timestamptz NOT NULL,
      PRIMARY KEY (source, key)
    )`,
    `CREATE INDEX taken_message_named ON taken_message (message_id) WHERE message_id IS NOT NULL`,
    `CREATE TABLE mailbox_place (
      mailbox text PRIMARY KEY,
      uid_validity text NOT NULL,
      last_uid bigint NOT NULL
    )`,
    // claimed_until long past: whoever sent it ended in the middle. handed_at: from then on the other side may have it.
    `CREATE TABLE outgoing_message (
      id uuid PRIMARY KEY,
      customer_id uuid NOT NULL,
      source text NOT NULL,
      address text NOT NULL,
      subject text NOT NULL,
      text text NOT NULL,
      answers uuid,
      message_id text NOT NULL,
      state text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'replaced')),
      tries integer NOT NULL DEFAULT 0,
      next_at timestamptz NOT NULL,
      begun_at timestamptz NOT NULL,
      claimed_until timestamptz,
      handed_at timestamptz
    )`,
    `CREATE INDEX outgoing_message_next ON outgoing_message (next_at) WHERE state IN ('queued', 'sending')`,
    `CREATE INDEX outgoing_message_named ON outgoing_message (message_id)`,
    `CREATE INDEX outgoing_message_customer ON outgoing_message (customer_id)`,
    `CREATE TABLE message_source (
      name text PRIMARY KEY,
      channel text NOT NULL CHECK (channel IN ('web', 'message')),
      label text NOT NULL,
      secret text NOT NULL,
      reply_url text,
      active boolean NOT NULL,
      created_at timestamptz NOT NULL
    )`,
    `CREATE INDEX case_by_number ON record_case ((data->>'number'))`,
    `CREATE INDEX contact_point_email ON record_contact_point (lower(data->>'value')) WHERE data->>'kind' = 'email'`,
  ],
} as const;
