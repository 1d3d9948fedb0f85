import 'react';
import type { DangolShell } from '../shared/shell-bridge.ts';

declare module 'react' {
  interface HTMLAttributes<T> {
    /** Element Timing: the browser reports when this element was presented (the bench reads it). */
    elementtiming?: T extends never ? never : string;
  }
}

declare global {
  interface Window {
    /** Set by Electron's preload; absent in the browser shell. */
    readonly dangolShell?: DangolShell;
  }
}
