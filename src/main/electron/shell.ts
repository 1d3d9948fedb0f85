import { join } from 'node:path';
import {
  app,
  clipboard,
  globalShortcut,
  type IpcMainEvent,
  ipcMain,
  MessageChannelMain,
  type MessagePortMain,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  session,
} from 'electron';
import type { ShellMessage } from '../../shared/shell-bridge.ts';
import { readDeskFile } from '../desk-file.ts';
import { PORT } from './channels.ts';
import { type DeskWindow, openDeskWindow, type PhonePhase } from './desk-window.ts';
import { makeDialKey } from './dial-key.ts';
import { forkHost } from './host-child.ts';
import type { HostFailure } from './host-messages.ts';
import { makeHostStart } from './host-start.ts';
import { type HostSupervisor, superviseHost } from './host-supervisor.ts';
import { answerPageRequest, PAGE_ORIGIN, PAGE_SCHEME } from './page-files.ts';
import { onPageMessage } from './page-messages.ts';
import { guardPermissions, originOf } from './permissions.ts';
import type { ShellConfig } from './shell-config.ts';
import { makeTray, tellOfCall } from './tray.ts';
import { shellWords } from './words.ts';

/** Where the built pieces lie. */
export interface ShellFiles {
  page: string;
  preload: string;
  hostEntry: string;
  icon: string;
  /** The folder with the shell's words. */
  words: string;
}

export interface Shell {
  desk: DeskWindow;
  /** Ends the host in order, at most 3 s. */
  stop: () => Promise<void>;
}

const STOP_GRACE_MS = 3000;

/** The origin that the desk's page has, and with it everything that is checked against it. */
export function ownOriginOf(config: ShellConfig): string {
  return (config.hostUrl && originOf(config.hostUrl)) ?? PAGE_ORIGIN;
}

/** Where both databases lie, and dangol.json. */
function dataFolderOf(config: ShellConfig): string {
  return config.dataFolder ?? join(app.getPath('userData'), 'desk');
}

/** Hosts whose https pages may be opened outside the desk: the centre's. */
export function outsideHostsOf(config: ShellConfig): readonly string[] {
  try {
    return [new URL(readDeskFile(dataFolderOf(config), config).centralUrl).host];
  } catch {
    // Told where the host is started; until it is mended nothing is opened.
    return [];
  }
}

/** Puts the desk together once Electron is ready: page, permissions, host, window, tray, power. */
export function openShell(config: ShellConfig, files: ShellFiles, isQuitting: () => boolean): Shell {
  const ownOrigin = ownOriginOf(config);
  guardPermissions(session.defaultSession, ownOrigin);
  protocol.handle(PAGE_SCHEME, (request) => answerPageRequest(files.page, request));
  const attached = config.hostUrl !== null;
  const page = config.hostUrl ?? `${PAGE_ORIGIN}/index.html`;
  const desk = openDeskWindow({ page, preload: files.preload, attached, isQuitting });
  const host = attached ? null : keepHost(config, files.hostEntry, desk);
  const keepAwake = makeKeepAwake();
  const dialKey = makeDialKey({
    shortcuts: globalShortcut,
    texts: clipboardTexts,
    picked: (number) => {
      desk.show();
      desk.tell({ type: 'tel', number });
    },
  });

  const setPhase = (phase: PhonePhase) => {
    desk.setPhase(phase);
    keepAwake(phase);
  };
  onPageMessage(ipcMain, ownOrigin, (message, event) => answerPage(message, event));
  function answerPage(message: ShellMessage, event: IpcMainEvent): void {
    switch (message.type) {
      case 'ask_port':
        if (event.sender === desk.window.webContents) host?.connectPage();
        return;
      case 'phone':
        setPhase(message.phase);
        return;
      case 'dial_key':
        desk.tell({ type: 'dial_key', key: message.key, held: dialKey.hold(message.key) });
        return;
      case 'ring':
        if (!desk.window.isFocused()) tellOfCall({ title: message.title, body: message.body }, desk.show);
    }
  }

  // A page that is gone has no call any more, whatever it said last.
  desk.window.webContents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) setPhase('idle');
  });
  powerMonitor.on('suspend', () => desk.tell({ type: 'power', power: 'suspend' }));
  powerMonitor.on('resume', () => desk.tell({ type: 'power', power: 'resume' }));
  const tray = makeTray(files.icon, shellWords(files.words, app.getLocale()), {
    open: desk.show,
    quit: () => desk.window.close(),
  });
  return {
    desk,
    stop: async () => {
      dialKey.letGo();
      tray.destroy();
      await host?.supervisor.stop(STOP_GRACE_MS);
    },
  };
}

/** Starts the host and brings each page, and each page after each new host, a port of its own. */
function keepHost(config: ShellConfig, entry: string, desk: DeskWindow) {
  const given = { dataFolder: dataFolderOf(config), version: app.getVersion(), keys: safeStorage };
  let pageListens = false;
  const supervisor: HostSupervisor<MessagePortMain> = superviseHost<MessagePortMain>({
    fork: () => forkHost(entry),
    start: () => makeHostStart(config, given),
    onFailed: ({ code, next, detail }: HostFailure) => desk.tell({ type: 'host_failed', code, next, detail }),
    onNewHost: () => {
      if (pageListens) sendPort();
    },
    later: (work, milliseconds) => setTimeout(work, milliseconds),
    now: () => performance.now(),
  });

  function sendPort(): void {
    const { port1, port2 } = new MessageChannelMain();
    if (!desk.window.isDestroyed() && supervisor.connect(port1))
      desk.window.webContents.postMessage(PORT, null, [port2]);
  }

  // A page that is being replaced must say again that it listens: a port posted in between would be lost.
  desk.window.webContents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) pageListens = false;
  });
  supervisor.start();
  return {
    supervisor,
    connectPage: () => {
      pageListens = true;
      sendPort();
    },
  };
}

/** What is selected, where the system tells it, and what was copied. */
function clipboardTexts(): Promise<string>[] {
  const selection: typeof clipboard | undefined = clipboard.selection;
  return [selection, clipboard].flatMap((one) => (one ? [Promise.resolve(one.readText())] : []));
}

/** The machine must not fall asleep in a call. */
function makeKeepAwake(): (phase: PhonePhase) => void {
  let blocker: number | null = null;
  return (phase) => {
    if (phase !== 'idle' && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (phase === 'idle' && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  };
}
