/** In which epoch of the centre an operation was acknowledged: sent again in the same one, it is kept for a week from then, not from now. */
export const outbox0030AcknowledgedIn = {
  number: 30,
  sql: 'ALTER TABLE operation ADD COLUMN acknowledged_in TEXT;',
} as const;
