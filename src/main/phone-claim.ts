import type { HostEvent } from '../shared/host-types.ts';

export interface PhoneClaim {
  claim: (windowId: string, takeOver: boolean) => { granted: boolean };
  release: (windowId: string) => void;
  /** Another agent, or nobody: the phone of the last one is free. */
  clear: () => void;
}

/** One live phone per login: a second window takes over openly or is refused; never two that ring. */
export function createPhoneClaim(emit: (event: HostEvent) => void): PhoneClaim {
  let holder: string | null = null;
  return {
    claim: (windowId, takeOver) => {
      if (holder !== null && holder !== windowId) {
        if (!takeOver) return { granted: false };
        emit({ type: 'phone_taken_over', windowId: holder });
      }
      holder = windowId;
      return { granted: true };
    },
    release: (windowId) => {
      if (holder === windowId) holder = null;
    },
    clear: () => {
      holder = null;
    },
  };
}
