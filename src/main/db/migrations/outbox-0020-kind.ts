/** Each pop asks for a few kinds of waiting acts (merges, splits, picks): that must cost as little on a desk where much waits. */
export const outbox0020Kind = {
  number: 20,
  sql: 'CREATE INDEX operation_kind ON operation (kind, status);',
} as const;
