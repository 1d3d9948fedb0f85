/** Who is around a customer. By the other one, because an erasure takes both sides. */
export const relationship0201 = {
  name: '0201-relationship',
  statements: [
    `CREATE TABLE "record_relationship" PARTITION OF record FOR VALUES IN ('relationship')`,
    `CREATE INDEX relationship_other ON record_relationship ((data->>'otherId')) WHERE NOT deleted`,
  ],
} as const;
