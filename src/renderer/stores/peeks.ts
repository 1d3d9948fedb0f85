import type { Customer360 } from '../../shared/customer-360.ts';
import type { Panes } from './customer-panes.ts';

export const PEEK_MS = 30_000;

/** Who is seen whole, until when, and what is put back then: it must not need the host, which may be gone. */
export function createPeeks(panes: Panes, now: () => number) {
  const open = new Map<string, { timer: ReturnType<typeof setTimeout>; masked: Customer360 }>();
  const forget = (key: string) => {
    clearTimeout(open.get(key)?.timer);
    open.delete(key);
  };
  const end = (key: string) => {
    const peek = open.get(key);
    forget(key);
    if (!peek) return;
    const { masked } = peek;
    panes.change(key, masked.customer.id, panes.time(), (shown) => ({ ...shown, view: masked, unmaskedUntil: null }));
  };
  return {
    begin: (key: string, customerId: string, since: number, view: Customer360, onEnd: () => void) => {
      panes.change(key, customerId, since, (shown) => {
        const masked = shown.view.unmasked ? (open.get(key)?.masked ?? shown.view) : shown.view;
        forget(key);
        open.set(key, { timer: setTimeout(onEnd, PEEK_MS), masked });
        return { ...shown, view, unmaskedUntil: now() + PEEK_MS };
      });
    },
    end,
    endAll: () => {
      for (const key of [...open.keys()]) end(key);
    },
    forget,
    clear: () => {
      for (const key of [...open.keys()]) forget(key);
    },
  };
}
