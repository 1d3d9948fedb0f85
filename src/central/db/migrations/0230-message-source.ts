/** Forms and services that bring what people write there: how each is read, how much is taken, and its secret before the last. */
export const messageSource0230 = {
  name: '0230-message-source',
  statements: [
    `ALTER TABLE message_source
      ADD COLUMN fields jsonb NOT NULL DEFAULT '{}',
      ADD COLUMN reply_hours integer NOT NULL DEFAULT 24,
      ADD COLUMN per_minute integer NOT NULL DEFAULT 600,
      ADD COLUMN old_secret text,
      ADD COLUMN old_until timestamptz`,
    // Who wrote it, and in which conversation, as the service names them.
    'ALTER TABLE taken_message ADD COLUMN conversation text, ADD COLUMN sender text',
    `CREATE INDEX taken_message_conversation ON taken_message (source, conversation, taken_at) WHERE conversation IS NOT NULL`,
    `CREATE INDEX taken_message_sender ON taken_message (source, sender, taken_at) WHERE sender IS NOT NULL`,
    'CREATE INDEX outgoing_message_answers ON outgoing_message (answers) WHERE answers IS NOT NULL',
    // Sources that are kept, the oldest first: their keeping ends.
    `CREATE INDEX taken_message_kept ON taken_message (taken_at) WHERE raw IS NOT NULL`,
    // What was written by somebody whom nobody tied to a customer: an erasure finds it by address and number.
    `CREATE INDEX interaction_nobodys_message ON record_interaction (lower(data->'message'->>'address'))
      WHERE customer_id IS NULL AND data->'message' IS NOT NULL`,
    `CREATE INDEX interaction_nobodys_phone
      ON record_interaction (right(regexp_replace(data->'message'->>'phone', '[^0-9]', '', 'g'), 8))
      WHERE customer_id IS NULL AND data->'message' IS NOT NULL`,
  ],
} as const;
