import { z } from 'zod';
import { Id } from './ids.ts';

export const Role = z.enum(['agent', 'telemarketer', 'supervisor', 'administrator']);
export type Role = z.infer<typeof Role>;

export const Agent = z.object({
  id: Id,
  login: z.string().min(1).max(100),
  name: z.string().min(1).max(100),
  role: Role,
  teamId: Id.nullable(),
});
export type Agent = z.infer<typeof Agent>;

export const Team = z.object({ id: Id, name: z.string().min(1).max(100) });
export type Team = z.infer<typeof Team>;

/** What an agent is doing. The break carries its reason's code. */
export const AgentState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('offline') }),
  z.object({ state: z.literal('available') }),
  z.object({ state: z.literal('ringing') }),
  z.object({ state: z.literal('on_call') }),
  z.object({ state: z.literal('wrap_up') }),
  z.object({ state: z.literal('break'), reason: z.string().max(40) }),
]);
export type AgentState = z.infer<typeof AgentState>;
