/** Desks that are to wipe themselves, or did. A row stays as evidence; a desk that is found again gets a new name anyway. */
export const deskWipe0060 = {
  name: '0060-desk-wipe',
  statements: [
    `CREATE TABLE desk_wipe (
      root_id uuid PRIMARY KEY,
      ordered_at timestamptz NOT NULL,
      ordered_by text NOT NULL,
      reason text NOT NULL,
      hand_in boolean NOT NULL,
      heard_at timestamptz,
      done_at timestamptz,
      lost integer
    )`,
  ],
} as const;
