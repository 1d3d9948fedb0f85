/** What the pruning of old replies looks for, and nothing else: an operation whose reply is still whole. */
export const oldReplies0110 = {
  name: '0110-old-replies',
  statements: [
    `CREATE INDEX operation_whole_reply ON operation (received_at)
      WHERE status = 'applied' AND reply NOT LIKE '%"rows":[]}'`,
  ],
} as const;
