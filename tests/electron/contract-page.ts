import { createHostClient, type DeskApi, toDangolError, wiresOfThisShell } from '../../src/renderer/host-client.ts';
import type { DangolShell, ShellEvent } from '../../src/shared/shell-bridge.ts';

/*
 * A page with nothing on it but the shipped client of the host, for tests to call through `window.desk`.
 */

/** What a call ended in, as plain data that crosses from the page to the test. */
type Outcome = { ok: unknown } | { code: string; next: string };

interface TestDesk {
  call: (path: string, input: unknown) => Promise<Outcome>;
  /** Reads that many events of host.events, then leaves the stream. */
  readEvents: (count: number) => Promise<unknown[]>;
  wires: () => number;
  shellEvents: ShellEvent[];
  shell: DangolShell | undefined;
  /** Plays a tone from the page itself at load: what a test evaluates counts as a click. */
  soundAtLoad: Promise<{ state: AudioContextState; clicked: boolean }>;
}

declare global {
  interface Window {
    desk: TestDesk;
  }
}

const client = createHostClient(wiresOfThisShell(window));
const shell = (window as { dangolShell?: DangolShell }).dangolShell;
const shellEvents: ShellEvent[] = [];
shell?.onEvent((event) => shellEvents.push(event));

function procedure(api: DeskApi, path: string): (input: unknown) => Promise<unknown> {
  let at: unknown = api;
  for (const name of path.split('.')) at = Reflect.get(at as object, name);
  return at as (input: unknown) => Promise<unknown>;
}

async function playTone() {
  const audio = new AudioContext();
  audio.createOscillator().connect(audio.destination);
  const clicked = navigator.userActivation.hasBeenActive;
  await audio.resume();
  return { state: audio.state, clicked };
}

window.desk = {
  soundAtLoad: playTone(),
  shell,
  shellEvents,
  wires: () => client.connection.getState().wires,
  call: async (path, input) => {
    await client.whenUp();
    try {
      return { ok: await procedure(client.api, path)(input) };
    } catch (error) {
      const { code, next } = toDangolError(error);
      return { code, next };
    }
  },
  readEvents: async (count) => {
    await client.whenUp();
    const events: unknown[] = [];
    for await (const event of await client.api.host.events({})) {
      events.push(event);
      if (events.length === count) break;
    }
    return events;
  },
};
