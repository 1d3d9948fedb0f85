import { createStore, type StoreApi } from 'zustand/vanilla';
import { DangolError } from '../shared/errors.ts';
import type { DangolShell } from '../shared/shell-bridge.ts';
import type { CallStore } from './stores/call-store.ts';

export interface ShellState {
  /** A tel: link that was opened outside: shown in the dialler, nothing dials by itself. */
  tel: { number: string; at: number } | null;
  /** The shell cannot start the host again. */
  hostFailed: DangolError | null;
}

export interface ShellLink {
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
}

/** Tells Electron what the phone does, and hears from it. In a browser there is nobody to tell. */
export function createShellLink(options: ShellLinkOptions): ShellLink {
  const store = createStore<ShellState>(() => ({ tel: null, hostFailed: null }));
  const { shell, calls } = options;
  if (!shell) return { store };
  shell.onEvent((event) => {
    if (event.type === 'tel') store.setState({ tel: { number: event.number, at: options.now() } });
    if (event.type === 'power' && event.power === 'resume') options.onResume();
    if (event.type === 'host_failed') {
      store.setState({ hostFailed: new DangolError(event.code, event.next, { detail: event.detail }) });
    }
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
  return { store };
}

function phaseOf(calls: ReturnType<CallStore['store']['getState']>['calls']): 'idle' | 'ringing' | 'in_call' {
  const live = calls.filter((call) => call.stage === 'live');
  if (live.length === 0) return 'idle';
  return live.every((call) => call.live?.phase === 'ringing') ? 'ringing' : 'in_call';
}
