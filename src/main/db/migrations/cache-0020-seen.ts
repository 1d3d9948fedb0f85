/** How far the centre had come at the last page of a bootstrap: whether it is an older copy of itself since. */
export const cache0020Seen = {
  number: 20,
  sql: 'ALTER TABLE sync_state ADD COLUMN bootstrap_seen TEXT;',
} as const;
