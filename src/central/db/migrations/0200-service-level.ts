/** What the business promises of its cases, by their priority: a noun of its own in the change feed. */
export const serviceLevel0200 = {
  name: '0200-service-level',
  statements: [`CREATE TABLE "record_service_level" PARTITION OF record FOR VALUES IN ('service_level')`],
} as const;
