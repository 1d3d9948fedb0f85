import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallerIdentity } from '../../shared/call.ts';
import type { PbxFeatures } from '../../shared/central-api.ts';
import type { Desk } from '../desk.ts';
import { askGate } from '../outgoing.ts';

/** A customer whom this desk parked. */
export interface ParkedCall {
  place: string;
  caller: CallerIdentity;
  customerId: string | null;
  /** Epoch ms. */
  at: number;
  /** The PBX's lamp has shown them there. */
  seen: boolean;
}

export interface ParkingState {
  parked: readonly ParkedCall[];
  /** No place was free at the last try. */
  full: boolean;
}

export interface ParkingStore {
  store: StoreApi<ParkingState>;
  /** Hands the customer to the first free place. They stay where they are if the PBX does not take them. */
  park: (callId: string) => Promise<void>;
  /** Calls a parking place: the one named, else that of the customer who has waited longest. */
  takeBack: (place?: string) => Promise<void>;
  /** Takes a colleague's ringing call: of that extension, else whichever rings. */
  pickUp: (extension?: string) => Promise<void>;
  clear: () => void;
}

type ParkingDesk = Pick<Desk, 'api' | 'line' | 'calls' | 'session' | 'now'>;

/** What the PBX offers this line; empty where it offers nothing. */
export function featuresOf({ session }: Pick<Desk, 'session'>): PbxFeatures {
  const state = session.store.getState().session;
  return (state?.status === 'signed_in' ? state.config?.sip?.features : undefined) ?? {};
}

/** Customers who wait in the PBX's parking places; its lamps say which are taken. Kept in memory: the PBX has them, not the desk. */
export function createParkingStore(desk: ParkingDesk, log: (event: string, data?: Record<string, string>) => void) {
  const store = createStore<ParkingState>(() => ({ parked: [], full: false }));
  /** Where calls are on their way to, by callId. */
  const asked = new Map<string, string>();
  const places = () => featuresOf(desk).parking ?? [];
  const presence = () => desk.line.store.getState().presence;
  const set = (parked: readonly ParkedCall[]) => store.setState({ parked });

  desk.calls.store.subscribe(({ calls }) => {
    for (const call of calls) {
      const place = asked.get(call.callId);
      if (place === undefined || call.live) continue;
      asked.delete(call.callId);
      if (call.end?.transferredTo !== place) continue;
      const { caller, customerId } = call;
      const parked = store.getState().parked.filter((one) => one.place !== place);
      set([...parked, { place, caller, customerId, at: desk.now(), seen: presence()[place] === 'busy' }]);
    }
  });
  desk.line.store.subscribe((line, before) => {
    if (line.presence === before.presence) return;
    const { parked } = store.getState();
    const left = parked
      .filter(({ place, seen }) => !(seen && line.presence[place] === 'idle'))
      .map((one) => (line.presence[one.place] === 'busy' ? { ...one, seen: true } : one));
    if (left.length !== parked.length || left.some((one, i) => one.seen !== parked[i]?.seen)) set(left);
  });
  const through = async (number: string, customerId: string | null) => {
    const rest = { contactPointId: null, purpose: 'service', overrideReason: null } as const;
    try {
      const answer = await askGate(desk, { number, customerId, ...rest });
      return answer.allowed ? answer.number : null;
    } catch (error) {
      log('parking_failed', { error: String(error) });
      return null;
    }
  };
  const parking: ParkingStore = {
    store,
    park: async (callId) => {
      const taken = new Set([...store.getState().parked.map((one) => one.place), ...asked.values()]);
      const place = places().find((one) => !taken.has(one) && presence()[one] !== 'busy');
      store.setState({ full: place === undefined });
      if (place === undefined) return;
      const number = await through(place, null);
      if (!number) return;
      asked.set(callId, place);
      number.transfer(callId, {});
    },
    takeBack: async (place = store.getState().parked.at(0)?.place) => {
      if (place === undefined) return;
      const number = await through(
        place,
        store.getState().parked.find((one) => one.place === place)?.customerId ?? null,
      );
      number?.call();
      // Without lamps nobody says that the place is empty now.
      if (number && presence()[place] !== 'busy') set(store.getState().parked.filter((one) => one.place !== place));
    },
    pickUp: async (extension) => {
      const { pickUp, pickUpFrom } = featuresOf(desk);
      const code = extension === undefined ? pickUp : pickUpFrom && `${pickUpFrom}${extension}`;
      if (code !== undefined) (await through(code, null))?.call();
    },
    clear: () => store.setState({ parked: [], full: false }),
  };
  return parking;
}
