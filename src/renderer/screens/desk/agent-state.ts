import { useStore } from 'zustand';
import type { AgentState } from '../../../shared/agent.ts';
import { useDesk } from '../../desk-context.tsx';
import type { CallState } from '../../stores/call-store.ts';
import type { PbxState } from '../../stores/pbx-store.ts';
import type { LineState } from '../../stores/phone-store.ts';

export interface ShownAgentState {
  state: AgentState;
  /** Epoch ms of its beginning. */
  since: number;
  /** A break that begins when the call is over. */
  breakWaits: boolean;
  /** When the PBX offers calls again by itself; null: only the agent ends it. */
  wrapUpUntil: number | null;
}

/** What the agent is doing, told from the calls, the line, and the PBX where it speaks: nothing here can disagree with them. */
export function agentStateOf({ calls }: CallState, line: LineState, pbx?: PbxState): ShownAgentState {
  const live = calls.filter((call) => call.stage === 'live');
  const engaged = live.find((call) => call.live && call.live.phase !== 'ringing');
  const breakWaits = line.wish.state === 'break' && live.length > 0;
  const shown = { breakWaits, wrapUpUntil: null };
  if (engaged) return { state: { state: 'on_call' }, since: engaged.answeredAt ?? engaged.startedAt, ...shown };
  const ringing = live.at(0);
  if (ringing) return { state: { state: 'ringing' }, since: ringing.startedAt, ...shown };
  const wrapUp = calls.at(-1);
  const wrapUpUntil = queuesWait(pbx);
  if (wrapUp && wrapUpUntil !== 'over') {
    const since = wrapUp.endedAt ?? wrapUp.startedAt;
    return { state: { state: 'wrap_up' }, since, breakWaits, wrapUpUntil };
  }
  if (line.wish.state === 'break') {
    return { ...shown, state: { state: 'break', reason: line.wish.reason }, since: line.since, breakWaits: false };
  }
  if (line.registration.state !== 'registered') {
    const since = line.registration.state === 'stopped' ? line.since : line.registration.since;
    return { ...shown, state: { state: 'offline' }, since, breakWaits: false };
  }
  const since = Math.max(line.registration.since, line.since);
  return { ...shown, state: { state: 'available' }, since, breakWaits: false };
}

/** Until when the queues wait for the work after a call. 'over': they do not, whatever is still on screen. */
function queuesWait(pbx: PbxState | undefined): number | null | 'over' {
  const agent = pbx?.agent;
  if (agent?.link !== 'up' || agent.seats.length === 0 || pbx?.asking?.state === 'wrap_up') return null;
  if (agent.state.state === 'wrap_up') return Date.parse(agent.state.until);
  // A business whose wrap-up time is none never asks for it: then the queues do not wait either, and the desk says so.
  return agent.state.state === 'available' ? 'over' : null;
}

export function useAgentState(): ShownAgentState {
  const desk = useDesk();
  const calls = useStore(desk.calls.store);
  const line = useStore(desk.line.store);
  const pbx = useStore(desk.pbx.store);
  return agentStateOf(calls, line, pbx);
}
