// npm start: one call centre on this machine, and the desk in front of it.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openElectron, whyNoElectron } from './lib/electron-shell.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ensurePage } from './lib/page.mjs';
import { deskArguments, startCentral, startDesk, startSandbox } from './lib/parts.mjs';
import { stopServer } from './lib/run.mjs';
import { forgetRunning, readRunning, writeRunning } from './lib/running.mjs';
import { fail, say, withProgress } from './lib/say.mjs';
import { explain, help, readStartOptions } from './lib/start-options.mjs';

/** Starts centre and practice PBX. Returns the centre's address. */
async function startPractice(options, children) {
  const central = await withProgress('Starting the centre', () => startCentral(options)).catch((error) =>
    explain('the centre did not start', error),
  );
  children.push(central.child);
  const sandbox = await withProgress('Starting the practice call centre', (tell) =>
    startSandbox(options, central.ready.url, tell),
  ).catch((error) => explain('the practice call centre did not start', error));
  children.push(sandbox.child);
  return central.ready.url;
}

/** A window where Electron can run, otherwise the browser shell, with one line that says why. */
async function openDesk(options, centralUrl, children) {
  const reason = options.shell === 'browser' ? 'the browser shell was asked for' : await whyNoElectron();
  if (!reason) {
    const args = deskArguments(options, centralUrl);
    const opened = await withProgress('Opening the desk', () => openElectron(args));
    if (opened.child) {
      children.push(opened.child);
      return { kind: 'electron', child: opened.child };
    }
    say(`The window did not open (${opened.reason}): using the browser shell.`);
  } else if (options.shell !== 'browser') {
    say(`No window: ${reason}. Using the browser shell.`);
  }
  const desk = await withProgress('Opening the desk', () => startDesk(options, centralUrl)).catch((error) =>
    explain('the desk did not start', error),
  );
  children.push(desk.child);
  return { kind: 'browser', child: desk.child, url: desk.ready.url };
}

/** Another start on the same data: shows where the first one is, with a token for one more window. */
function attach(running, options) {
  if (options.fresh) fail('Dangol is running on this data.', 'Stop it (Ctrl+C where it runs), then use --fresh.');
  if (running.kind === 'electron') {
    say('Dangol is already running: its window is open.');
    return;
  }
  const tokenFile = join(options.data, 'desk', 'open-token');
  const token = existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8').trim() : null;
  say(`Dangol is already running. Open: ${running.origin}${token ? `/?token=${token}` : ''}`);
}

/** Ends what this command started, last started first. */
function makeStop(options, children) {
  const state = { stopping: false };
  state.stop = async (code) => {
    if (state.stopping) return;
    state.stopping = true;
    for (const child of children.toReversed()) await stopServer(child);
    forgetRunning(options.data);
    process.exit(code);
  };
  process.on('SIGINT', () => void state.stop(0));
  process.on('SIGTERM', () => void state.stop(0));
  process.on('exit', () => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
  });
  return state;
}

function watchParts(children, desk, state) {
  for (const child of children) {
    child.once('exit', () => {
      if (state.stopping) return;
      if (child === desk.child && desk.kind === 'electron') {
        void state.stop(0);
        return;
      }
      say('A part of the call centre ended by itself; stopping the rest. What was saved is safe.');
      void state.stop(1);
    });
  }
}

async function main() {
  const options = readStartOptions();
  if (options.help) {
    process.stdout.write(`${help}\n`);
    return;
  }
  options.data = resolve(options.data);
  const running = readRunning(options.data);
  if (running) {
    attach(running, options);
    return;
  }
  if (options.fresh) rmSync(options.data, { recursive: true, force: true });
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  await ensureInstalled();
  await ensurePage();

  const children = [];
  const state = makeStop(options, children);
  const centralUrl = options.central ?? (await startPractice(options, children));
  const desk = await openDesk(options, centralUrl, children);
  writeRunning(options.data, { kind: desk.kind, origin: desk.url ? new URL(desk.url).origin : null, centralUrl });
  say(desk.kind === 'browser' ? `\nDangol is ready. Open: ${desk.url}\n` : '\nDangol is ready.\n');
  if (!options.central) say('Practice calls: press Alt+P in the desk, or the headset button at the left.');
  say('Stop with Ctrl+C.');
  watchParts(children, desk, state);
}

await main();
