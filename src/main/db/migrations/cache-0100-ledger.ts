/** The ledger: what an agent owes, and what anybody owes, by when. Only what is open is in these indexes; a case without a due time comes last. */
export const cache0100Ledger = {
  number: 100,
  sql: `
    CREATE INDEX promise_of_owner ON promise (
      coalesce(json_extract(data, '$.owner.id'), json_extract(data, '$.byAgentId')), due_at
    ) WHERE status = 'open';
    CREATE INDEX promise_open ON promise (due_at) WHERE status = 'open';
    CREATE INDEX case_of_owner ON "case" (
      json_extract(data, '$.ownerId'), coalesce(json_extract(data, '$.dueAt'), '9')
    ) WHERE status IN ('open', 'waiting');
    CREATE INDEX case_open ON "case" (coalesce(json_extract(data, '$.dueAt'), '9')) WHERE status IN ('open', 'waiting');
  `,
} as const;
