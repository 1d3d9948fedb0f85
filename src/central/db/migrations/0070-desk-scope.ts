/**
 * Which customers a desk holds where the business does not let it hold all: `holder` is an agent or a team. A row with `until`
 * falls away by itself. Whoever left a scope stands in scope_departure, at the place of the feed where it happened: that is how
 * the desks that held them hear of it.
 */
export const deskScope0070 = {
  name: '0070-desk-scope',
  statements: [
    `CREATE TABLE customer_assignment (
      holder uuid NOT NULL,
      customer_id uuid NOT NULL,
      reason text NOT NULL CHECK (reason IN ('assigned', 'list', 'recent')),
      list text NOT NULL DEFAULT '',
      until timestamptz,
      PRIMARY KEY (holder, customer_id, reason, list)
    )`,
    `CREATE INDEX customer_assignment_customer ON customer_assignment (customer_id)`,
    `CREATE INDEX customer_assignment_until ON customer_assignment (until) WHERE until IS NOT NULL`,
    `CREATE TABLE scope_departure (
      holder uuid NOT NULL,
      customer_id uuid NOT NULL,
      version integer NOT NULL,
      xid xid8 NOT NULL,
      seq bigint NOT NULL,
      PRIMARY KEY (holder, xid, seq)
    )`,
  ],
} as const;
