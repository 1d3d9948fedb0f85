import { z } from 'zod';
import { ErrorCode, NextStep } from './errors.ts';

/**
 * What the Electron window's page and its shell say to each other beside the host's contract. In a browser there is no
 * such bridge: `window.dangolShell` is undefined.
 */

/** Keys that bring a selected number from any program into the dial box; names as Electron's accelerators. */
export const DIAL_KEYS = ['Control+Alt+D', 'Control+Shift+D', 'Control+Shift+F9', 'Super+Alt+D'] as const;
export const DialKey = z.enum(DIAL_KEYS);
export type DialKey = z.infer<typeof DialKey>;

/** Page to shell. Anything else is dropped. */
export const ShellMessage = z.discriminatedUnion('type', [
  /** The page listens: give it a port to the host. The preload sends it when the page posts 'dangol:listening'. */
  z.object({ type: z.literal('ask_port') }),
  /** What the phone does. In a call a reload key is caught, closing only minimises, and the machine stays awake. */
  z.object({ type: z.literal('phone'), phase: z.enum(['idle', 'ringing', 'in_call']) }),
  /** The key for selected numbers that this desk wants; null: none. Answered by the event of the same name. */
  z.object({ type: z.literal('dial_key'), key: DialKey.nullable() }),
  /** A call rings: shown by the system when the window is not in front. The words are the page's, already masked. */
  z.object({ type: z.literal('ring'), title: z.string().max(200), body: z.string().max(200) }),
]);
export type ShellMessage = z.infer<typeof ShellMessage>;

/** Why there is no host. `next` is what helps. */
export const HostFailure = z.object({ code: ErrorCode, next: NextStep, detail: z.string().max(2000) });
export type HostFailure = z.infer<typeof HostFailure>;

/** Browser shell: where a page with the cookie asks why its socket does not open. 200 with HostFailure, 204: no reason known. */
export const HOST_FAILURE_PATH = '/host-failure';

/** Shell to page. */
export const ShellEvent = z.discriminatedUnion('type', [
  /** A tel: link was opened somewhere, or the dial key pressed ('': no number was selected). Shown in the dialler: nothing dials by itself. */
  z.object({ type: z.literal('tel'), number: z.string().max(64) }),
  /** `held: false`: another program has this key. */
  z.object({ type: z.literal('dial_key'), key: DialKey.nullable(), held: z.boolean() }),
  z.object({ type: z.literal('power'), power: z.enum(['suspend', 'resume']) }),
  /** The host cannot be started again by itself; `next` is what helps. */
  HostFailure.extend({ type: z.literal('host_failed') }),
]);
export type ShellEvent = z.infer<typeof ShellEvent>;

/**
 * `window.dangolShell`, put there by the preload. The host's port does not come through here (a port cannot cross the context
 * bridge): once the page has posted { type: 'dangol:listening' } to its own window, each port arrives there as a 'message'
 * event { type: 'dangol:port' } with the port in `ports[0]`: one now, and one for each new host.
 */
export interface DangolShell {
  /** 'electron': a MessagePort comes. 'electron-attached': the page came from a running browser-shell host; use its WebSocket. */
  readonly kind: 'electron' | 'electron-attached';
  send: (message: ShellMessage) => void;
  /** Returns the way to stop listening. */
  onEvent: (listener: (event: ShellEvent) => void) => () => void;
}
