import type { DangolError } from '../../shared/errors.ts';
import type { Language } from '../../shared/text.ts';
import { type DeskApi, toDangolError } from '../host-client.ts';
import { type CustomerPane, opened, type Panes, paneOf } from './customer-panes.ts';

export interface CallTie {
  callId: string;
  number: string | null;
  customerRef: string | null;
  direction: 'in' | 'out';
}

export interface NewCustomer {
  /** Made once by the form: a repeat is the same customer. */
  customerId: string;
  name: string;
  kind: 'person' | 'company';
  language: Language;
}

/** Writes the caller down as somebody new, and shows them where the caller stands. */
export async function createFrom(
  panes: Panes,
  api: DeskApi,
  key: string,
  call: CallTie | null,
  customer: NewCustomer,
): Promise<DangolError | null> {
  const before = panes.get(key);
  // The last act of the agent counts: an answer of the centre that is still on its way finds another pane.
  const shown = before?.state === 'none' ? ({ ...before, asking: 'no' } as const) : before;
  if (shown) panes.set(key, shown);
  const since = panes.time();
  try {
    const view = await api.customer.create({ ...customer, phone: call?.number ?? null, callId: call?.callId ?? null });
    const now = panes.get(key);
    if (now && since === panes.time() && (now === shown || now.state === 'none')) panes.replace(key, now, opened(view));
    return null;
  } catch (error) {
    return toDangolError(error);
  }
}

/** Asks the centre for a caller whom this desk does not know. */
export async function askCentre(panes: Panes, api: DeskApi, key: string, call: CallTie): Promise<void> {
  const before = panes.get(key);
  if (before?.state !== 'none' || call.number === null) return;
  const asking: CustomerPane = { ...before, asking: 'asking', problem: null };
  panes.set(key, asking);
  try {
    const pane = paneOf(await api.customer.askCentre({ phone: call.number, callId: call.callId }));
    panes.arrive(key, asking, pane.state === 'none' ? { ...pane, asking: 'unknown_there' } : pane);
  } catch (error) {
    panes.replace(key, asking, { ...before, asking: 'no', problem: toDangolError(error) });
  }
}
