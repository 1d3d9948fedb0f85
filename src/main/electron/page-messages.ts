import type { IpcMain, IpcMainEvent, WebFrameMain } from 'electron';
import { ShellMessage } from '../../shared/shell-bridge.ts';
import { TO_SHELL } from './channels.ts';
import { originOf } from './permissions.ts';

/** True for the main frame of the desk's own page: no frame inside it, no other page, no frame that is gone. */
export function isOwnPage(frame: Pick<WebFrameMain, 'parent' | 'url'> | null, ownOrigin: string): boolean {
  return frame !== null && frame.parent === null && originOf(frame.url) === ownOrigin;
}

/** Listens to the page: every message is checked for who speaks, then parsed; what does not fit is dropped. */
export function onPageMessage(
  ipc: Pick<IpcMain, 'on'>,
  ownOrigin: string,
  listener: (message: ShellMessage, event: IpcMainEvent) => void,
): void {
  ipc.on(TO_SHELL, (event: IpcMainEvent, raw: unknown) => {
    if (!isOwnPage(event.senderFrame, ownOrigin)) return;
    const message = ShellMessage.safeParse(raw);
    if (message.success) listener(message.data, event);
  });
}
