import type { KeptCall } from '../shared/call.ts';
import type { Phone } from '../telephony/phone-types.ts';
import type { DeskApi } from './host-client.ts';

/** Calls that outlive this page: the host has what the next page needs, and ends them where none comes. */
export interface KeptCalls {
  /** A call, or its customer, may be another now: the host is told where it is. */
  changed: () => void;
  /** The host is a new one. */
  again: () => void;
  /** Asks for the calls of the page before this one. At most once; resolves when they are known. */
  takeUp: () => Promise<readonly KeptCall[]>;
  /** Resolves when takeUp() is over, or was skipped. */
  settled: Promise<void>;
  /** Nobody is here whose calls they could be. */
  skip: () => void;
  /** Whether a call came from the page before this one. */
  has: (callId: string) => boolean;
  customerOf: (callId: string) => string | null;
  /** The page goes away. Returns which calls may live on; all others must be told goodbye by the phone. */
  leave: () => ReadonlySet<string>;
}

export interface KeptCallsOptions {
  api: DeskApi;
  windowId: string;
  phone: () => Phone | null;
  /** Who the desk thinks is on the line. */
  customerOf: (callId: string) => string | null;
  /** There is a host. */
  connected: () => boolean;
  log: (event: string, data?: Record<string, string | number | boolean>) => void;
}

export function createKeptCalls(options: KeptCallsOptions): KeptCalls {
  const { api, windowId, log } = options;
  const taken = new Map<string, KeptCall>();
  /** What the host has, as text. */
  let told = '[]';
  /** The dialogs that the host will end where no page comes: by callId. */
  let safe = new Map<string, string>();
  let settle = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });

  const now = (): KeptCall[] =>
    (options.phone()?.keepsakes?.() ?? []).map((call) => ({ ...call, customerId: options.customerOf(call.callId) }));
  const tell = async (calls: KeptCall[], text: string) => {
    told = text;
    try {
      const { endable } = await api.call.keep({ windowId, calls });
      if (told === text) safe = new Map(endable ? calls.map((call) => [call.callId, call.replaces]) : []);
    } catch (error) {
      if (told === text) safe = new Map();
      log('keep_failed', { error: String(error) });
    }
  };
  return {
    settled,
    skip: settle,
    changed: () => {
      const calls = now();
      const text = JSON.stringify(calls);
      if (text !== told) void tell(calls, text);
    },
    again: () => {
      const calls = now();
      safe = new Map();
      if (calls.length > 0) void tell(calls, JSON.stringify(calls));
    },
    takeUp: async () => {
      try {
        const { calls } = await api.call.takeUp({ windowId });
        for (const call of calls) taken.set(call.callId, call);
        return calls;
      } finally {
        settle();
      }
    },
    has: (callId) => taken.has(callId),
    customerOf: (callId) => taken.get(callId)?.customerId ?? null,
    leave: () => {
      if (!options.connected()) return new Set();
      const calls = now().filter(({ callId, replaces }) => safe.get(callId) === replaces);
      api.call.keep({ windowId, calls, leaving: true }).catch(() => undefined);
      return new Set(calls.map(({ callId }) => callId));
    },
  };
}
