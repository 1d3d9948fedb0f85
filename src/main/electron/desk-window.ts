import { BrowserWindow, type Input, shell, type WebContents } from 'electron';
import type { ShellEvent, ShellMessage } from '../../shared/shell-bridge.ts';
import { SHELL_EVENT } from './channels.ts';
import { mayOpenOutside } from './links.ts';
import { originOf } from './permissions.ts';
import { windowOptions } from './window-options.ts';

export type PhonePhase = Extract<ShellMessage, { type: 'phone' }>['phase'];

export interface DeskWindow {
  window: BrowserWindow;
  tell: (event: ShellEvent) => void;
  setPhase: (phase: PhonePhase) => void;
  /** Brings it to the front: only when a person asked for it (tray, notification, second start). */
  show: () => void;
}

/**
 * Opens the desk's window. It shows one page for its whole life: nothing navigates, nothing opens a second one.
 * @param given.page the address to load; its origin is the only one that counts as ours.
 * @param given.isQuitting true once the program ends: then the window may close in a call too.
 */
export function openDeskWindow(given: { page: string; preload: string; attached: boolean; isQuitting: () => boolean }) {
  const window = new BrowserWindow(windowOptions({ preload: given.preload, attached: given.attached }));
  let phase: PhonePhase = 'idle';
  let closing = false;
  window.webContents.on('before-input-event', (event, input) => {
    if (!isReloadKey(input)) return;
    event.preventDefault();
    // A reload costs the customer a second of silence: the key does nothing while there is a call.
    if (phase === 'idle') window.webContents.reload();
  });
  window.on('close', (event) => {
    closing = phase === 'idle' || given.isQuitting();
    if (closing) return;
    event.preventDefault();
    window.minimize();
  });
  // The page asks to stay (beforeunload, in a call). Electron shows no dialog for that: the button would just seem dead.
  window.webContents.on('will-prevent-unload', (event) => {
    if (given.isQuitting()) event.preventDefault();
    else if (closing) window.minimize();
    closing = false;
  });
  const desk: DeskWindow = {
    window,
    tell: (event) => {
      if (!window.isDestroyed()) window.webContents.send(SHELL_EVENT, event);
    },
    setPhase: (now) => {
      phase = now;
      window.flashFrame(now === 'ringing' && !window.isFocused());
    },
    show: () => {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
  void window.loadURL(given.page);
  return desk;
}

/** F5 and Ctrl+R, with and without Shift, as people press them in a browser. */
function isReloadKey(input: Pick<Input, 'type' | 'key' | 'control' | 'meta'>): boolean {
  if (input.type !== 'keyDown') return false;
  return input.key === 'F5' || ((input.control || input.meta) && input.key.toLowerCase() === 'r');
}

/** No navigation, no second window, no guest page: for every web contents of the program. */
export function guardContents(contents: WebContents, ownOrigin: string, outsideHosts: readonly string[]): void {
  contents.on('will-navigate', (event) => {
    // Reloading is a navigation to where we are: that alone passes.
    if (event.url !== contents.getURL() || originOf(event.url) !== ownOrigin) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (originOf(event.url) !== ownOrigin) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url, outsideHosts);
    return { action: 'deny' };
  });
}

/** Hands a link to the system's own program, if it is on the allow-list. */
function openOutside(address: string, hosts: readonly string[]): void {
  if (mayOpenOutside(address, hosts)) void shell.openExternal(address);
}
