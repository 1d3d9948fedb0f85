import type { DangolShell } from '../shared/shell-bridge.ts';
import type { CreatePhone } from '../telephony/phone-types.ts';
import type { HostClient } from './host-client.ts';
import type { ShellLinkOptions } from './shell-link.ts';
import type { DeskAudio } from './sound/desk-audio.ts';
import type { Ringer } from './sound/ringer.ts';
import type { HidPort } from './stores/headset-store.ts';
import type { LineStoreOptions } from './stores/phone-store.ts';

/** What the desk gets from the page, or from a test. */
export interface DeskParts {
  host: HostClient;
  createPhone: CreatePhone;
  audio: DeskAudio;
  ringer: Ringer;
  /** Headset buttons; undefined where the browser has no WebHID. */
  hid?: HidPort | undefined;
  /** Electron's bridge; undefined in a browser. */
  shell?: DangolShell | undefined;
  /** Browser shell: why there is no host. */
  askWhy?: ShellLinkOptions['askWhy'];
  /** Title and text of the system's notification for a ringing call. */
  ringWords?: ShellLinkOptions['ringWords'];
  windowId: string;
  systemLanguage: string;
  now: () => number;
  /** Something is being typed or composed: nothing may take the screen. */
  busy: () => boolean;
  /** Something is being written where this customer stands (the key of their pane): what comes is offered, not shown. */
  inUse?: ((key: string) => boolean) | undefined;
  /** Applies a change and has it on screen before it returns (flushSync). */
  paint: (change: () => void) => void;
  /** Runs work in a task of its own, the next there is; at once if absent. */
  soon?: ((work: () => void) => void) | undefined;
  log: (event: string, data?: Record<string, string | number | boolean>) => void;
  /** The clock that windows without the phone wait by; the page's own if absent. */
  later?: LineStoreOptions['later'];
}
