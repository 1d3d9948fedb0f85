/** Why somebody had the centre show, hand out or erase all of a customer. */
export const lookupReason0202 = {
  name: '0202-lookup-reason',
  statements: ['ALTER TABLE lookup_log ADD COLUMN reason text'],
} as const;
