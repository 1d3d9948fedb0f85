import { createStore, type StoreApi } from 'zustand/vanilla';
import { DangolError } from '../shared/errors.ts';
import { type DangolShell, HOST_FAILURE_PATH, HostFailure } from '../shared/shell-bridge.ts';
import type { ConnectionState } from './host-client.ts';
import type { CallStore } from './stores/call-store.ts';
import type { SettingsState } from './stores/settings-store.ts';

export interface ShellState {
  /** A tel: link that was opened outside: shown in the dialler, nothing dials by itself. */
  tel: { number: string; at: number } | null;
  /** True: another program has the key that was chosen for selected numbers. */
  dialKeyTaken: boolean;
  /** Why the shell cannot start the host again; null while there is a host, or no reason known. */
  hostFailed: DangolError | null;
}

export interface ShellLink {
  /** Whether there is a shell that can hold a key for selected numbers. */
  dialKeys: boolean;
  store: StoreApi<ShellState>;
}

export interface ShellLinkOptions {
  /** undefined in the browser shell. */
  shell: DangolShell | undefined;
  calls: CallStore;
  /** Title and text of the notification for a ringing call, already masked. */
  ringWords: (call: { number: string | null; e164: string | null; withheld: boolean }) => {
    title: string;
    body: string;
  };
  /** The machine woke up: nothing on screen is trusted. */
  onResume: () => void;
  now: () => number;
  connection: StoreApi<ConnectionState>;
  settings: StoreApi<SettingsState>;
  /** Browser shell: asks why there is no host. Electron tells it by itself. */
  askWhy?: (() => Promise<HostFailure | null>) | undefined;
}

const ASK_AGAIN_MS = 2000;

/** Tells Electron what the phone does, and hears from it. In a browser there is nobody to tell. */
export function createShellLink(options: ShellLinkOptions): ShellLink {
  const store = createStore<ShellState>(() => ({ tel: null, dialKeyTaken: false, hostFailed: null }));
  const setFailed = ({ code, next, detail }: HostFailure) =>
    store.setState({ hostFailed: new DangolError(code, next, { detail }) });
  const { shell, calls } = options;
  options.connection.subscribe(({ status }) => {
    if (status === 'up') store.setState({ hostFailed: null });
  });
  if (options.askWhy) followReason(options.connection, options.askWhy, setFailed);
  if (!shell) return { store, dialKeys: false };
  shell.onEvent((event) => {
    if (event.type === 'tel') store.setState({ tel: { number: event.number, at: options.now() } });
    if (event.type === 'dial_key') store.setState({ dialKeyTaken: !event.held });
    if (event.type === 'power' && event.power === 'resume') options.onResume();
    if (event.type === 'host_failed') setFailed(event);
  });
  calls.store.subscribe((state, before) => {
    const phase = phaseOf(state.calls);
    if (phase !== phaseOf(before.calls)) shell.send({ type: 'phone', phase });
    const known = new Set(before.calls.map((call) => call.callId));
    for (const call of state.calls) {
      if (known.has(call.callId) || call.live?.phase !== 'ringing') continue;
      shell.send({ type: 'ring', ...options.ringWords(call.caller) });
    }
  });
  followDialKey(shell, options.settings);
  return { store, dialKeys: true };
}

/** The shell holds the key that the settings name. What it held for an earlier page it keeps until they are read. */
function followDialKey(shell: DangolShell, settings: StoreApi<SettingsState>): void {
  settings.subscribe((state, before) => {
    const key = state.settings.dialKey;
    if (key !== before.settings.dialKey) shell.send({ type: 'dial_key', key });
  });
}

/** While there is no host: asked at once and again, until there is one. No answer at all is no reason. */
function followReason(
  connection: StoreApi<ConnectionState>,
  askWhy: () => Promise<HostFailure | null>,
  setFailed: (failure: HostFailure) => void,
): void {
  let asking = false;
  const ask = async () => {
    if (asking) return;
    asking = true;
    while (connection.getState().status !== 'up') {
      const failure = await askWhy().catch(() => null);
      if (failure && connection.getState().status !== 'up') setFailed(failure);
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
    asking = false;
  };
  connection.subscribe((state) => {
    if (state.status === 'gone') void ask();
  });
  // A page that was opened beside a host that cannot open.
  setTimeout(() => void ask(), ASK_AGAIN_MS);
}

/** The reason from the browser shell's own server. */
export async function askWhyOverHttp(): Promise<HostFailure | null> {
  const response = await fetch(HOST_FAILURE_PATH, { cache: 'no-store' });
  return response.status === 200 ? HostFailure.parse(await response.json()) : null;
}

function phaseOf(calls: ReturnType<CallStore['store']['getState']>['calls']): 'idle' | 'ringing' | 'in_call' {
  const live = calls.filter((call) => call.stage === 'live');
  if (live.length === 0) return 'idle';
  return live.every((call) => call.live?.phase === 'ringing') ? 'ringing' : 'in_call';
}
