import { DangolError } from '../../shared/errors.ts';
import type { DeskApi } from '../host-client.ts';
import { type CustomerPane, opened, type Panes } from './customer-panes.ts';
import { callIdOf } from './handed-customer.ts';

/** Customers who were erased, or left this desk, while they were on screen: nothing of them stays, and their news brings them back. */
export function createDeparted(api: DeskApi, panes: Panes) {
  const whom = new WeakMap<CustomerPane, string>();
  return {
    /** @param since the agent's time in which they were asked for: see Panes.time(). @returns whether they were shown there. */
    leave: (key: string, customerId: string, since: number): boolean => {
      const shown = panes.get(key);
      if (since !== panes.time() || shown?.state !== 'open' || shown.view.customer.id !== customerId) return false;
      const pane: CustomerPane = { state: 'error', problem: new DangolError('NOT_FOUND', 'none') };
      whom.set(pane, customerId);
      return panes.replace(key, shown, pane);
    },
    comeBack: async (key: string, pane: CustomerPane): Promise<void> => {
      const customerId = whom.get(pane);
      if (!customerId) return;
      const view = await api.customer.view({ customerId, callId: callIdOf(key), reread: true }).catch(() => null);
      if (view) panes.replace(key, pane, opened(view));
    },
  };
}
