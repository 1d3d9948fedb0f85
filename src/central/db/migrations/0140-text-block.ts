/** Sentences that agents write often: a noun of its own in the change feed. */
export const textBlock0140 = {
  name: '0140-text-block',
  statements: [`CREATE TABLE "record_text_block" PARTITION OF record FOR VALUES IN ('text_block')`],
} as const;
