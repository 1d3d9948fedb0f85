/** Mails and messages that nobody answered yet, by when somebody is to. Only these are in the index. */
export const cache0220WaitingMessage = {
  number: 220,
  sql: `
    ALTER TABLE interaction ADD COLUMN waiting TEXT;
    CREATE INDEX interaction_waiting ON interaction (waiting) WHERE waiting IS NOT NULL;
  `,
} as const;
