/**
 * What each agent last asked of their queues, or a supervisor made of it. A row is only a wish: whether somebody is paused, the
 * PBX says. Kept so that a centre or a PBX that starts again knows a break from a supervisor's pause.
 */
export const agentState0040 = {
  name: '0040-agent-state',
  statements: [
    `CREATE TABLE agent_state (
      agent_id uuid PRIMARY KEY,
      break_reason text,
      wrap_up_until timestamptz,
      since timestamptz NOT NULL,
      changed_by text NOT NULL CHECK (changed_by IN ('agent', 'pbx'))
    )`,
    `CREATE INDEX agent_state_wrap_up ON agent_state (wrap_up_until) WHERE wrap_up_until IS NOT NULL`,
  ],
} as const;
