/**
 * What a merge of two customers did, so that it can be taken back: which rows it moved, what they said where more than their owner
 * changed, and the kept customer before and after.
 */
export const customerMerge0150 = {
  name: '0150-customer-merge',
  statements: [
    `CREATE TABLE customer_merge (
      id uuid PRIMARY KEY,
      kept uuid NOT NULL,
      gone uuid NOT NULL,
      by_agent uuid NOT NULL,
      at timestamptz NOT NULL,
      kept_before jsonb NOT NULL,
      kept_after jsonb NOT NULL,
      undone_at timestamptz,
      undone_by uuid
    )`,
    `CREATE INDEX customer_merge_kept ON customer_merge (kept)`,
    `CREATE INDEX customer_merge_gone ON customer_merge (gone)`,
    // before and after: null where only the owner changed.
    `CREATE TABLE customer_merge_row (
      merge_id uuid NOT NULL REFERENCES customer_merge (id) ON DELETE CASCADE,
      tbl text COLLATE "C" NOT NULL,
      id uuid NOT NULL,
      before jsonb,
      after jsonb,
      PRIMARY KEY (merge_id, tbl, id)
    )`,
    `CREATE INDEX customer_merged_into ON record_customer ((data->'mergedInto'->>'customerId'))
      WHERE data->'mergedInto' IS NOT NULL`,
    // What somebody's merge said about the one who went, for their erasure.
    `CREATE INDEX operation_gone ON operation ((payload->>'goneId')) WHERE kind = 'customer.merge'`,
  ],
} as const;
