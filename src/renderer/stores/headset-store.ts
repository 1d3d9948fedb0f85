import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  HEADSET_FILTER,
  type HeadsetAct,
  HeadsetButtons,
  type HeadsetLamps,
  hasHeadsetButtons,
} from '../../telephony/headset-buttons.ts';
import type { HidWire } from '../../telephony/headset-hid.ts';
import type { Phone } from '../../telephony/phone-types.ts';
import type { CallStore } from './call-store.ts';

/** As much of navigator.hid as is needed; absent where the browser has no WebHID. */
export interface HidPort {
  getDevices: () => Promise<HidWire[]>;
  requestDevice: (options: { filters: (typeof HEADSET_FILTER)[] }) => Promise<HidWire[]>;
  addEventListener: (type: 'connect' | 'disconnect', listener: (event: { device: HidWire }) => void) => void;
}

export interface HeadsetState {
  /** `none`: nothing is connected. `busy`: another program holds it. */
  status: 'unsupported' | 'none' | 'connected' | 'busy' | 'no_buttons';
  name: string | null;
}

export interface HeadsetStore {
  store: StoreApi<HeadsetState>;
  /** From a click: the browser asks which one. */
  connect: () => Promise<void>;
}

export interface HeadsetOptions {
  hid: HidPort | undefined;
  calls: CallStore;
  phone: () => Phone | null;
  /** Lets a colleague go and takes the customer back. */
  endConsult: (consultCallId: string) => void;
}

/** Buttons and lamps of the headset. What was allowed once is taken again by itself, also when it is plugged in later. */
export function createHeadsetStore(options: HeadsetOptions): HeadsetStore {
  const { hid, calls } = options;
  const store = createStore<HeadsetState>(() => ({ status: hid ? 'none' : 'unsupported', name: null }));
  let used: { device: HidWire; buttons: HeadsetButtons } | null = null;
  const show = () => void used?.buttons.show(lampsOf(calls));
  const take = async (device: HidWire) => {
    if (used) return;
    if (!hasHeadsetButtons(device)) {
      store.setState({ status: 'no_buttons', name: device.productName });
      return;
    }
    const buttons = new HeadsetButtons(device, (act) => perform(act, options));
    used = { device, buttons };
    try {
      await buttons.open();
      store.setState({ status: 'connected', name: device.productName });
      show();
    } catch {
      used = null;
      store.setState({ status: 'busy', name: device.productName });
    }
  };
  hid?.addEventListener('connect', ({ device }) => void take(device));
  hid?.addEventListener('disconnect', ({ device }) => {
    if (used?.device !== device) return;
    used = null;
    store.setState({ status: 'none', name: null });
  });
  void hid?.getDevices().then(
    async (devices) => {
      for (const device of devices.filter(hasHeadsetButtons)) await take(device);
    },
    () => undefined,
  );
  calls.store.subscribe(show);
  return {
    store,
    connect: async () => {
      const [device] = (await hid?.requestDevice({ filters: [HEADSET_FILTER] }).catch(() => [])) ?? [];
      if (device) await take(device);
    },
  };
}

function liveCalls(calls: CallStore) {
  return calls.store.getState().calls.flatMap(({ live }) => (live && live.phase !== 'ended' ? [live] : []));
}

function talked(calls: CallStore) {
  const live = liveCalls(calls);
  const talking = live.flatMap((call) => (call.phase === 'talking' ? [call] : []));
  return talking.find((call) => call.hold === 'none') ?? talking[0];
}

function lampsOf(calls: CallStore): HeadsetLamps {
  const live = liveCalls(calls);
  return {
    ringing: live.some((call) => call.phase === 'ringing'),
    offHook: live.some((call) => call.phase !== 'ringing'),
    muted: talked(calls)?.muted ?? false,
  };
}

function perform(act: HeadsetAct, options: HeadsetOptions): void {
  const { calls } = options;
  const phone = options.phone();
  const live = liveCalls(calls);
  const talking = talked(calls);
  switch (act) {
    case 'answer': {
      const ringing = live.find((call) => call.phase === 'ringing');
      if (ringing) phone?.answer(ringing.callId);
      return;
    }
    case 'hang_up':
      hangUp(options);
      return;
    default:
      if (talking) phone?.setMuted(talking.callId, act === 'toggle_mute' ? !talking.muted : act === 'mute');
  }
}

/** Ends the call that is heard, as the key does. Nobody who is on hold is hung up by a button: they are taken back. */
function hangUp({ calls, phone, endConsult }: HeadsetOptions): void {
  const live = liveCalls(calls);
  const held = live.find((call) => call.phase === 'talking' && call.hold === 'held');
  const ending =
    live.find((call) => call.phase === 'talking' && (call.hold === 'none' || call.hold === 'resuming')) ??
    live.find((call) => call.phase === 'dialling' || call.phase === 'answering');
  if (ending?.consultFor) endConsult(ending.callId);
  else if (ending) phone()?.hangUp(ending.callId);
  else if (held) phone()?.resume(held.callId);
}
