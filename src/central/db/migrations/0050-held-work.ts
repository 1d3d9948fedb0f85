/** What desks hold that this centre refused, as each desk last told it; and what agents let go, which stays as evidence. */
const WORK = `op_id uuid PRIMARY KEY,
      device_id uuid NOT NULL,
      author_id uuid NOT NULL,
      kind text NOT NULL,
      code text NOT NULL,
      claimed_at timestamptz NOT NULL,
      customer_id uuid,
      reported_at timestamptz NOT NULL`;

export const heldWork0050 = {
  name: '0050-held-work',
  statements: [
    `CREATE TABLE held_work (
      ${WORK},
      reason text NOT NULL CHECK (reason IN ('rejected', 'quarantined'))
    )`,
    `CREATE INDEX held_work_device ON held_work (device_id)`,
    `CREATE TABLE discarded_work (
      ${WORK},
      decided_at timestamptz NOT NULL,
      decision text NOT NULL
    )`,
    `CREATE INDEX discarded_work_at ON discarded_work (decided_at)`,
  ],
} as const;
