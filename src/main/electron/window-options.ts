import type { BrowserWindowConstructorOptions } from 'electron';
import { ATTACHED_SWITCH } from './channels.ts';

/**
 * The options of every window, made here and nowhere else: a test reads them.
 * `autoplayPolicy`: the ring is audible before any click. `backgroundThrottling` off: a hidden desk must keep its
 * registration (RELIABILITY: hidden for 15 minutes, no gap). `spellcheck` off: Electron would fetch dictionaries, and what
 * is written about customers stays here.
 */
export function windowOptions(given: { preload: string; attached: boolean }): BrowserWindowConstructorOptions {
  return {
    width: 1280,
    height: 800,
    minWidth: 640,
    minHeight: 480,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: given.preload,
      additionalArguments: given.attached ? [ATTACHED_SWITCH] : [],
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      backgroundThrottling: false,
      autoplayPolicy: 'no-user-gesture-required',
    },
  };
}
