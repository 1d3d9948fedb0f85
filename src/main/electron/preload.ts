import { contextBridge, ipcRenderer } from 'electron';
import type { DangolShell, ShellEvent, ShellMessage } from '../../shared/shell-bridge.ts';
import { ATTACHED_SWITCH, PAGE_LISTENING, PORT, SHELL_EVENT, TO_SHELL } from './channels.ts';

// The bundle of this file runs in the sandbox before the page. It only passes on: what is said is judged in main.
const send = (message: ShellMessage) => ipcRenderer.send(TO_SHELL, message);
const attached = process.argv.includes(ATTACHED_SWITCH);

const shell: DangolShell = {
  kind: attached ? 'electron-attached' : 'electron',
  send,
  onEvent: (listener) => {
    const pass = (_event: unknown, shellEvent: ShellEvent) => listener(shellEvent);
    ipcRenderer.on(SHELL_EVENT, pass);
    return () => ipcRenderer.removeListener(SHELL_EVENT, pass);
  },
};
contextBridge.exposeInMainWorld('dangolShell', shell);

if (!attached) {
  // A port cannot cross the context bridge; a window message can carry it.
  ipcRenderer.on(PORT, (event) => {
    window.postMessage({ type: PORT }, window.location.origin, [...event.ports]);
  });
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source === window && isListening(event.data)) send({ type: 'ask_port' });
  });
}

function isListening(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === PAGE_LISTENING;
}
