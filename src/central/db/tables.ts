/** The tables that are read and written through Kysely's builder. `record` and the feed are plain SQL: records.ts, sync/feed.ts. */
export interface CentralTables {
  centre: { epoch_id: string; secret: string };
  /** value: jsonb. */
  setting: { name: string; value: unknown };
  account: {
    agent_id: string;
    login: string;
    password_hash: string | null;
    demo: boolean;
    disabled_at: Date | null;
    /** jsonb. */
    sip: unknown;
  };
  agent_state: {
    agent_id: string;
    break_reason: string | null;
    wrap_up_until: Date | null;
    since: Date;
    changed_by: string;
  };
  customer_assignment: { holder: string; customer_id: string; reason: string; list: string; until: Date | null };
  customer_import: {
    id: string;
    started_by: string;
    touched_at: Date;
    done_at: Date | null;
    changed: number;
    unchanged: number;
    contact_points: number;
  };
  erased_customer: { customer_id: string; erased_at: Date; erased_by: string };
  device: { id: string; root_id: string; last_seq: string; created_at: Date };
  device_author: { root_id: string; agent_id: string };
  device_token: { hash: string; root_id: string; created_at: Date };
  token_family: { id: string; agent_id: string; root_id: string; ended_at: Date | null };
  refresh_token: { hash: string; family_id: string; expires_at: Date; used_at: Date | null };
}
