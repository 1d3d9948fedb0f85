/** Whether a customer only left what this desk holds: what it did for them is then kept, for a centre that is restored. */
export const cache0170LeftScope = {
  number: 170,
  sql: 'ALTER TABLE deleted_row ADD COLUMN has_left INTEGER NOT NULL DEFAULT 0 CHECK (has_left IN (0, 1));',
} as const;
