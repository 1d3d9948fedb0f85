import type { CallTie, CustomerStore } from '../../stores/customer-store.ts';
import { customerIdOf } from '../../work-keys.ts';

/** "Try again" where somebody could not be shown: by the call's number, or who was looked up. */
export function lookAgain(customers: CustomerStore, paneKey: string, tie: CallTie | null): void {
  const customerId = customerIdOf(paneKey);
  if (customerId !== null) void customers.view(paneKey, customerId, null);
  else if (tie) void customers.pop(paneKey, tie);
}
