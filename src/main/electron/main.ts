import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog, Menu, protocol } from 'electron';
import { DangolError } from '../../shared/errors.ts';
import { guardContents } from './desk-window.ts';
import { failureText } from './failure-text.ts';
import { numberOfTelLink, telLinkIn } from './links.ts';
import { PAGE_SCHEME } from './page-files.ts';
import { openShell, outsideHostsOf, ownOriginOf, type Shell, type ShellFiles } from './shell.ts';
import { readCommandLine, type ShellConfig } from './shell-config.ts';
import { shellWords } from './words.ts';

/**
 * The program's entry: order of things, and nothing else. Exit codes tell whoever started us: 0 the desk was closed (or its
 * window is open elsewhere already), 3 it could not start; the reason is then the JSON line on stdout.
 */
const FAILED_EXIT = 3;

const here = dirname(fileURLToPath(import.meta.url));
const files: ShellFiles = {
  page: join(here, '..', 'renderer'),
  preload: join(here, 'preload.cjs'),
  hostEntry: join(here, 'host-entry.js'),
  icon: join(here, 'tray.png'),
  words: here,
};

/** One JSON line on stdout, as every server of the project speaks. */
function say(message: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function fail(error: unknown): void {
  const known = error instanceof DangolError ? error : new DangolError('INTERNAL', 'retry', { detail: String(error) });
  say({ error: { code: known.code, next: known.next, detail: known.message } });
  // Started from a menu, nobody reads stdout.
  if (app.isPackaged)
    dialog.showErrorBox(shellWords(files.words, app.getLocale()).failed, failureText(known, app.getLocale()));
  app.exit(FAILED_EXIT);
}

function begin(config: ShellConfig): void {
  if (config.dataFolder) app.setPath('userData', join(config.dataFolder, 'electron'));
  if (!app.requestSingleInstanceLock()) {
    say({
      error: {
        code: 'HOST_BUSY',
        next: 'none',
        detail: 'Dangol is open already: its window was brought to the front.',
      },
    });
    app.exit(0);
    return;
  }
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  // Also for what is not made by our factory of window options. Electron cannot do it where the user switched the sandbox off,
  // which only tests do (as root).
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('web-contents-created', (_event, contents) =>
    guardContents(contents, ownOriginOf(config), outsideHostsOf(config)),
  );
  app
    .whenReady()
    .then(() => run(config), fail)
    .catch(fail);
}

function run(config: ShellConfig): void {
  let quitting = false;
  let shell: Shell | null = null;
  app.on('before-quit', () => {
    quitting = true;
  });
  // No menu means no keys of Electron's own (reload, developer tools); macOS needs one for copy, paste and hide.
  const macMenu = () => Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]);
  Menu.setApplicationMenu(process.platform === 'darwin' ? macMenu() : null);
  shell = openShell(config, files, () => quitting);
  const { desk } = shell;
  reportReady(desk.window);
  passTelLinks(shell);
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (!shell) return;
    // The host closes its files first; then this comes again with nothing left to wait for.
    event.preventDefault();
    const ending = shell;
    shell = null;
    void ending.stop().finally(() => app.exit(0));
  });
}

/** Shows the window with its first paint, and says so; a page that cannot be had ends the program. */
function reportReady(window: Shell['desk']['window']): void {
  let shown = false;
  window.once('ready-to-show', () => {
    shown = true;
    window.show();
    say({ ready: true });
  });
  window.webContents.on('did-fail-load', (_event, code, description, address, isMainFrame) => {
    if (isMainFrame && !shown)
      fail(new DangolError('INTERNAL', 'retry', { detail: `${address}: ${description} (${code})` }));
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    // Drafts and calls stand in the host: the page comes back with them. Not at once, so that a page that dies at its start
    // does not take the machine along.
    setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.reload();
    }, 500);
  });
}

/** tel: links go to the page's dialler, whichever way the system brings them; nothing dials by itself. */
function passTelLinks({ desk }: Shell): void {
  const pass = (number: string | null) => {
    if (number) desk.tell({ type: 'tel', number });
  };
  // An installed desk on macOS and Linux is registered by its package (electron-builder.yml).
  if (process.platform === 'win32' && app.isPackaged)
    for (const scheme of ['tel', 'callto']) app.setAsDefaultProtocolClient(scheme);
  app.on('open-url', (event, link) => {
    event.preventDefault();
    pass(numberOfTelLink(link));
  });
  app.on('second-instance', (_event, args) => {
    desk.show();
    pass(telLinkIn(args));
  });
  desk.window.webContents.once('did-finish-load', () => pass(telLinkIn(process.argv)));
}

try {
  begin(readCommandLine(process.argv.slice(1)));
} catch (error) {
  fail(error);
}
