/** Rows that went over to another customer: a desk that does not hold that one has to hear that they left. */
export const movedRow0170 = {
  name: '0170-moved-row',
  statements: [`ALTER TABLE record ADD COLUMN moved boolean NOT NULL DEFAULT false`],
};
