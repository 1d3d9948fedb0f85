/** What the centre itself showed to whom (lookup-log.ts). Desks keep chains of their own: access_log. */
export const lookupLog0020 = {
  name: '0020-lookup-log',
  statements: [
    `CREATE TABLE lookup_log (
      id uuid PRIMARY KEY,
      at timestamptz NOT NULL,
      agent_id uuid NOT NULL,
      device_id uuid NOT NULL,
      how text NOT NULL,
      customer_id uuid
    )`,
    `CREATE INDEX lookup_log_at ON lookup_log (at, id)`,
    `CREATE INDEX lookup_log_agent ON lookup_log (agent_id, at)`,
    `CREATE INDEX lookup_log_customer ON lookup_log (customer_id, at) WHERE customer_id IS NOT NULL`,
  ],
} as const;
