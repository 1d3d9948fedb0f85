import { useStore } from 'zustand';
import type { AgentState } from '../../../shared/agent.ts';
import { useDesk } from '../../desk-context.tsx';
import type { CallState } from '../../stores/call-store.ts';
import type { LineState } from '../../stores/phone-store.ts';

export interface ShownAgentState {
  state: AgentState;
  /** Epoch ms of its beginning. */
  since: number;
  /** A break that begins when the call is over. */
  breakWaits: boolean;
}

/** What the agent is doing, told from the calls and the line alone: nothing here can disagree with them. */
export function agentStateOf({ calls }: CallState, line: LineState): ShownAgentState {
  const live = calls.filter((call) => call.stage === 'live');
  const engaged = live.find((call) => call.live && call.live.phase !== 'ringing');
  const breakWaits = line.wish.state === 'break' && live.length > 0;
  if (engaged) return { state: { state: 'on_call' }, since: engaged.answeredAt ?? engaged.startedAt, breakWaits };
  const ringing = live.at(0);
  if (ringing) return { state: { state: 'ringing' }, since: ringing.startedAt, breakWaits };
  const wrapUp = calls.at(-1);
  if (wrapUp) return { state: { state: 'wrap_up' }, since: wrapUp.endedAt ?? wrapUp.startedAt, breakWaits };
  if (line.wish.state === 'break') {
    return { state: { state: 'break', reason: line.wish.reason }, since: line.since, breakWaits: false };
  }
  if (line.registration.state !== 'registered') {
    const since = line.registration.state === 'stopped' ? line.since : line.registration.since;
    return { state: { state: 'offline' }, since, breakWaits: false };
  }
  return { state: { state: 'available' }, since: Math.max(line.registration.since, line.since), breakWaits: false };
}

export function useAgentState(): ShownAgentState {
  const desk = useDesk();
  const calls = useStore(desk.calls.store);
  const line = useStore(desk.line.store);
  return agentStateOf(calls, line);
}
