import type { Desk } from './desk.ts';
import { callKey } from './work-keys.ts';

/** A story that came with a call names its customer: they are shown, unless the agent chose somebody; both are named. */
export async function showHanded({ customers, capsules }: Desk, callId: string, customerId: string): Promise<void> {
  const about = await customers.handed(callKey(callId), customerId);
  if (about) capsules.tellAbout(callId, about);
}

/** Whom the key shows instead of whoever is on the screen of this call; null: there is nobody to choose between. */
export function otherCustomer({ capsules, customers }: Desk, callId: string) {
  const about = capsules.store.getState().received[callId]?.about;
  const pane = customers.store.getState().panes[callKey(callId)];
  if (!about || pane?.state === 'loading') return null;
  const shown = pane?.state === 'open' ? pane.view.customer.id : null;
  return about.handed !== null && about.handed.id !== shown ? about.handed : about.other;
}

/**
 * Shows who was found while the agent was writing; else from the customer of the story to the one whom number or agent named, and
 * back: note and call go along.
 */
export async function switchCustomer(desk: Desk): Promise<void> {
  const { calls, focus } = desk.calls.store.getState();
  const call = focus.kind === 'call' ? calls.find((one) => one.callId === focus.callId) : undefined;
  if (call && desk.customers.takeOffer(callKey(call.callId))) return;
  const next = call && otherCustomer(desk, call.callId);
  if (!call || !next) return;
  await desk.customers.pick(callKey(call.callId), { ...call, number: call.caller.number }, next.id, false);
}
