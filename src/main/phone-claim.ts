import type { HostEvent } from '../shared/host-types.ts';

export interface PhoneClaim {
  claim: (windowId: string, takeOver: boolean) => { granted: boolean };
  release: (windowId: string) => void;
  /**
   * A sign of life of a window, until `signal`: a window that is closed or crashes says no goodbye, and its phone must not stay
   * taken. A window that comes back before its old sign ends keeps the phone.
   */
  follow: (windowId: string, signal: AbortSignal) => void;
  /** Whether a window's sign of life goes on. */
  isAlive: (windowId: string) => boolean;
  /** Another agent, or nobody: the phone of the last one is free. */
  clear: () => void;
}

/**
 * One live phone per login: a second window takes over openly or is refused; never two that ring.
 * @param gone a window's last sign of life ended.
 */
export function createPhoneClaim(emit: (event: HostEvent) => void, gone: (windowId: string) => void): PhoneClaim {
  let holder: string | null = null;
  const signs = new Map<string, number>();
  const release = (windowId: string) => {
    if (holder === windowId) holder = null;
  };
  return {
    claim: (windowId, takeOver) => {
      if (holder !== null && holder !== windowId) {
        if (!takeOver) return { granted: false };
        emit({ type: 'phone_taken_over', windowId: holder });
      }
      holder = windowId;
      return { granted: true };
    },
    release,
    follow: (windowId, signal) => {
      signs.set(windowId, (signs.get(windowId) ?? 0) + 1);
      const lost = () => {
        const left = (signs.get(windowId) ?? 1) - 1;
        if (left > 0) {
          signs.set(windowId, left);
          return;
        }
        signs.delete(windowId);
        release(windowId);
        gone(windowId);
      };
      if (signal.aborted) lost();
      else signal.addEventListener('abort', lost, { once: true });
    },
    isAlive: (windowId) => signs.has(windowId),
    clear: () => {
      holder = null;
    },
  };
}
