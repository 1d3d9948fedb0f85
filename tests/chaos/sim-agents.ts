/** Two agents take turns at each desk. */
export const AGENTS = ['00000000-0000-7000-8000-00000000a9e1', '00000000-0000-7000-8000-00000000a9e2'] as const;

export const agentAt = (desk: { agent: number }): string => AGENTS[desk.agent % AGENTS.length] ?? AGENTS[0];

export const agentNumber = (agentId: string): number => Math.max(0, (AGENTS as readonly string[]).indexOf(agentId));
