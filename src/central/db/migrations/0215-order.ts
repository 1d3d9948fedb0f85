/** What customers bought: a noun of its own in the change feed. */
export const order0215 = {
  name: '0215-order',
  statements: [`CREATE TABLE "record_order" PARTITION OF record FOR VALUES IN ('order')`],
} as const;
