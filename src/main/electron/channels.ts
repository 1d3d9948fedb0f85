/** The one IPC channel from a page to the shell, the two the other way, and the window messages they become in the page. */
export const TO_SHELL = 'dangol:to-shell';
export const SHELL_EVENT = 'dangol:event';
export const PORT = 'dangol:port';
export const PAGE_LISTENING = 'dangol:listening';

/** How the preload learns that the page belongs to a running browser-shell host (DangolShell.kind). */
export const ATTACHED_SWITCH = '--dangol-attached';
