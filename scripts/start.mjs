// npm start: one call centre on this machine, and the desk in front of it.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { forgetPractice, homeOf, prepareData, refuseForeign } from './lib/data-folder.mjs';
import { openElectron, whyNoElectron } from './lib/electron-shell.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ensurePage } from './lib/page.mjs';
import { deskArguments, logOf, startCentral, startDesk, startSandbox } from './lib/parts.mjs';
import { stopServer } from './lib/run.mjs';
import { claimRunning, forgetRunning, writeRunning } from './lib/running.mjs';
import { fail, say, withProgress } from './lib/say.mjs';
import { explain, help, readStartOptions } from './lib/start-options.mjs';

/** What to tell, and where more is told, when a part does not start. What runs is ended first: the next start finds the folder free. */
function explainer(options, part, what) {
  return async (error) => {
    await options.endParts();
    return explain(what, error, { practice: !options.central, log: logOf(options, part) });
  };
}

/** Starts centre and practice PBX. Returns the centre's address. */
async function startPractice(options) {
  const central = await withProgress('Starting the centre', () => startCentral(options)).catch(
    explainer(options, 'centre', 'the centre did not start'),
  );
  await withProgress('Starting the practice call centre', (tell) =>
    startSandbox(options, central.ready.url, tell),
  ).catch(explainer(options, 'practice', 'the practice call centre did not start'));
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
  const desk = await withProgress('Opening the desk', () => startDesk(options, centralUrl)).catch(
    explainer(options, 'desk', 'the desk did not start'),
  );
  return { kind: 'browser', child: desk.child, url: desk.ready.url };
}

/** Another start on the same data: shows where the first one is, with a token for one more window. */
function attach(running, options) {
  if (options.fresh) fail('Dangol is running on this data.', 'Stop it (Ctrl+C where it runs), then use --fresh.');
  if (running.kind === 'starting') {
    say(`Dangol is already starting in another terminal (process ${running.pid}): its address will be shown there.`);
    return;
  }
  if (running.kind === 'electron') {
    say('Dangol is already running: its window is open.');
    return;
  }
  const tokenFile = join(options.home, 'desk', 'open-token');
  const token = existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8').trim() : null;
  say(`Dangol is already running. Open: ${running.origin}${token ? `/?token=${token}` : ''}`);
}

/** Ends what this command started, last started first. */
function makeStop(options, children) {
  const state = { stopping: false };
  state.endParts = async () => {
    state.stopping = true;
    for (const child of children.toReversed()) await stopServer(child);
  };
  state.stop = async (code) => {
    if (state.stopping) return;
    await state.endParts();
    process.exit(code);
  };
  process.on('SIGINT', () => {
    if (!state.stopping) say('\nStopping. What was saved is kept.');
    void state.stop(0);
  });
  process.on('SIGTERM', () => void state.stop(0));
  process.on('exit', () => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
    forgetRunning(options.home);
  });
  return state;
}

function watchParts(children, desk, { state, logs }) {
  for (const child of children) {
    child.once('exit', () => {
      if (state.stopping) return;
      if (child === desk.child && desk.kind === 'electron') {
        void state.stop(0);
        return;
      }
      say(`A part of the call centre ended by itself; stopping the rest. What was saved is safe. More is in ${logs}.`);
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
  options.home = homeOf(options);
  options.logs = join(options.home, 'logs');
  refuseForeign(options.data);
  prepareData(options.data);
  const running = claimRunning(options.home);
  if (running) {
    attach(running, options);
    return;
  }
  const children = [];
  options.onSpawn = (child) => children.push(child);
  const state = makeStop(options, children);
  options.endParts = state.endParts;
  await ensureInstalled();
  if (options.fresh) await forgetPractice(options.data);
  await ensurePage();

  const centralUrl = options.central ?? (await startPractice(options));
  const desk = await openDesk(options, centralUrl, children);
  writeRunning(options.home, { kind: desk.kind, origin: desk.url ? new URL(desk.url).origin : null, centralUrl });
  greet(options, desk);
  watchParts(children, desk, { state, logs: options.logs });
}

function greet(options, desk) {
  say(desk.kind === 'browser' ? `\nDangol is ready. Open: ${desk.url}\n` : '\nDangol is ready.\n');
  if (!options.central) say('Practice calls: press Alt+P in the desk, or the telephone button at the left.');
  else if (desk.kind === 'browser' && !options['allow-key-file']) {
    say('This desk keeps everything in memory: what the centre does not have yet is lost when it stops.');
    say('--allow-key-file keeps it on this disk (npm start -- --help says what that means).');
  }
  if (desk.kind === 'browser')
    say('The address opens once. For another window, run npm start again: it shows a new one.');
  say('Stop with Ctrl+C.');
}

await main();
