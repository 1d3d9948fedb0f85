/** What travels beside a transferred call (transfer-capsules.ts); rows older than a day are removed. */
export const transferCapsule0030 = {
  name: '0030-transfer-capsule',
  statements: [
    `CREATE TABLE transfer_capsule (
      id uuid PRIMARY KEY,
      at timestamptz NOT NULL,
      agent_id uuid NOT NULL,
      customer_id uuid,
      call_id uuid NOT NULL,
      note text NOT NULL
    )`,
    `CREATE INDEX transfer_capsule_at ON transfer_capsule (at)`,
    `CREATE INDEX transfer_capsule_customer ON transfer_capsule (customer_id) WHERE customer_id IS NOT NULL`,
  ],
} as const;
