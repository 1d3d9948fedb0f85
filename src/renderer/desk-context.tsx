import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Desk } from './desk.ts';
import type { DeskCall } from './stores/call-store.ts';

const DeskContext = createContext<Desk | null>(null);

export function DeskProvider({ desk, children }: { desk: Desk; children: ReactNode }) {
  return <DeskContext value={desk}>{children}</DeskContext>;
}

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('No desk above this component');
  return desk;
}

/** The time, again every `everyMs`. */
export function useNow(everyMs: number): number {
  const desk = useDesk();
  const [now, setNow] = useState(desk.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(desk.now()), everyMs);
    return () => clearInterval(timer);
  }, [desk, everyMs]);
  return now;
}

/** False while the desk is locked: a call goes on, but who the customer is is not shown. */
export function useSeesCustomers(): boolean {
  const desk = useDesk();
  return useStore(desk.session.store, ({ session }) => session?.status === 'signed_in');
}

/** The call that the screen is about, if it is about one. */
export function useShownCall(): DeskCall | null {
  const desk = useDesk();
  return useStore(desk.calls.store, ({ calls, focus }) => {
    if (focus.kind !== 'call') return null;
    return calls.find((call) => call.callId === focus.callId) ?? null;
  });
}
