/**
 * Whose a row was before it went over to another customer: only desks that may hold it there have to hear that it left. What moved
 * before this was of somebody whom nobody noted: of everybody.
 */
export const wasOf0210 = {
  name: '0210-was-of',
  statements: [
    'ALTER TABLE record ADD COLUMN was_of uuid[]',
    `UPDATE record SET was_of = ARRAY['00000000-0000-0000-0000-000000000000'::uuid] WHERE moved`,
    'ALTER TABLE record DROP COLUMN moved',
  ],
};
