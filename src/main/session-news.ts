import type { HostEvent, SessionState } from '../shared/host-types.ts';
import type { PhoneClaim } from './phone-claim.ts';

interface SessionNews {
  phoneClaim: PhoneClaim;
  emit: (event: HostEvent) => void;
  wake: () => void;
  dropLive: () => void;
  /** After every change, when everybody was told. */
  afterwards: () => void;
}

/** Another agent, or nobody: the phone is free again, the engine may push and pull, every window hears of it. */
export function tellOfSession(parts: SessionNews) {
  let sitting: string | null = null;
  let agentCame: (agentId: string) => void = () => {};
  const sit = (state: SessionState) => {
    const agentId = state.status === 'signed_out' ? null : state.agent.id;
    if (sitting !== null && agentId !== sitting) {
      parts.phoneClaim.clear();
      parts.dropLive();
    }
    if (agentId !== null && agentId !== sitting) agentCame(agentId);
    sitting = agentId;
  };
  return {
    /** Who sits here as the host opens, and what is to be done for whoever comes. */
    begin: (state: SessionState, whenAgentCame: (agentId: string) => void): void => {
      agentCame = whenAgentCame;
      sit(state);
    },
    changed: (state: SessionState): void => {
      sit(state);
      parts.emit({ type: 'session', session: state });
      parts.wake();
      parts.afterwards();
    },
  };
}
