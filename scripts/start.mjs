// npm start: one call centre on this machine, and the desk in front of it.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openElectron, whyNoElectron } from './lib/electron-shell.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ensurePage } from './lib/page.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { startServer, stopServer } from './lib/run.mjs';
import { forgetRunning, readRunning, writeRunning } from './lib/running.mjs';
import { fail, say, withProgress } from './lib/say.mjs';

const help = `Dangol - the desk for people on the phone

  npm start                      start the practice call centre and open the desk
  npm start -- --fresh           begin anew: forget all practice data first
  npm start -- --customers N     how many sample customers (default 2000, up to 1000000)
  npm start -- --shell WHICH     electron or browser (default: electron where it can run)
  npm start -- --demo-login WHO  who sits at the desk: agent1 (default), agent2, tm1, super1, admin1
  npm start -- --central URL     use your own centre instead of the practice one (nothing is simulated then)
  npm start -- --data FOLDER     where everything is kept (default .dangol beside this file)
  npm start -- --port N          the desk's port in the browser shell (default 4700)
  npm start -- --central-port N --practice-port N   ports of the practice centre (4701) and PBX (4702)
  npm start -- --help            this text

Data survives a restart. Stop with Ctrl+C.`;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        customers: { type: 'string', default: '2000' },
        shell: { type: 'string' },
        'demo-login': { type: 'string', default: 'agent1' },
        central: { type: 'string' },
        data: { type: 'string', default: join(root, '.dangol') },
        port: { type: 'string', default: '4700' },
        'central-port': { type: 'string', default: '4701' },
        'practice-port': { type: 'string', default: '4702' },
      },
    });
    return values;
  } catch (error) {
    return fail(error.message, 'npm start -- --help lists the options.');
  }
}

function checkOptions(options) {
  const customers = Number(options.customers);
  if (!Number.isInteger(customers) || customers < 0 || customers > 1_000_000) {
    fail(`--customers ${options.customers} is not a number from 0 to 1000000.`, 'npm start -- --customers 2000');
  }
  if (options.shell && !['electron', 'browser'].includes(options.shell)) {
    fail(`--shell ${options.shell} is not known.`, 'Use --shell electron or --shell browser.');
  }
  for (const name of ['port', 'central-port', 'practice-port']) {
    const port = Number(options[name]);
    if (!Number.isInteger(port) || port < 0 || port > 65535)
      fail(`--${name} ${options[name]} is not a port.`, 'Use 1024 to 65535.');
  }
  if (options.central && !URL.canParse(options.central)) {
    fail(`--central ${options.central} is not an address.`, 'For example --central https://crm.example.com');
  }
}

const nextSteps = {
  PORT_IN_USE: 'Another program has the port. Stop it, or choose another one (npm start -- --help).',
  NEWER_DATABASE: 'This data was written by a newer Dangol. Update Dangol; nothing was changed.',
  CONFIG_BROKEN: 'Mend the file named above and start again.',
  HOST_BUSY: 'Another Dangol uses this data folder. Close it, or use --data FOLDER.',
  KEY_MISSING: 'The key of this data is gone. Nothing was deleted; see README, "When the key is gone".',
};

function explain(what, error) {
  return fail(
    `${what}: ${error.message}`,
    nextSteps[error.code] ?? 'The lines above say more. npm start -- --fresh begins anew with practice data.',
  );
}

/** Starts centre and practice PBX. Returns the centre's address. */
async function startPractice(options, children) {
  const centralData = join(options.data, 'central');
  const central = await withProgress('Starting the centre', () =>
    startServer('src/central/start.ts', ['--port', options['central-port'], '--data', centralData, '--practice']),
  ).catch((error) => explain('the centre did not start', error));
  children.push(central.child);
  const sandbox = await withProgress('Starting the practice call centre', (tell) =>
    startServer(
      'src/sandbox/start.ts',
      [
        ...[
          '--port',
          options['practice-port'],
          '--central',
          central.ready.url,
          '--data',
          join(options.data, 'practice'),
        ],
        ...['--admin-token-file', join(centralData, 'admin-token'), '--customers', options.customers],
      ],
      { onProgress: ({ progress, done, total }) => tell(`${progress} ${done} of ${total}`) },
    ),
  ).catch((error) => explain('the practice call centre did not start', error));
  children.push(sandbox.child);
  return central.ready.url;
}

async function openDesk(options, centralUrl, children) {
  const desk = {
    centralUrl,
    data: join(options.data, 'desk'),
    practice: !options.central,
    demoLogin: options.central ? null : options['demo-login'],
  };
  const wantsElectron = options.shell !== 'browser';
  const reason = wantsElectron ? await whyNoElectron() : 'the browser shell was asked for';
  if (wantsElectron && !reason) {
    const opened = await withProgress('Opening the desk', () => openElectron(desk));
    if (opened.child) {
      children.push(opened.child);
      return { kind: 'electron', child: opened.child };
    }
    say(`The window did not open (${opened.reason}): using the browser shell.`);
  } else if (wantsElectron) {
    say(`No window: ${reason}. Using the browser shell.`);
  }
  const args = [
    '--port',
    options.port,
    '--data',
    desk.data,
    '--central',
    centralUrl,
    '--page',
    inRoot('dist', 'renderer'),
  ];
  if (desk.practice) args.push('--practice', '--demo-login', desk.demoLogin);
  const serve = await withProgress('Opening the desk', () => startServer('src/main/serve/start.ts', args)).catch(
    (error) => explain('the desk did not start', error),
  );
  children.push(serve.child);
  return { kind: 'browser', child: serve.child, url: serve.ready.url };
}

/** The address of a desk that already runs, with a token for one more window. */
function addressOf(running, dataFolder) {
  const tokenFile = join(dataFolder, 'desk', 'open-token');
  const token = existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8').trim() : null;
  return token ? `${running.origin}/?token=${token}` : running.origin;
}

function attach(running, options) {
  if (options.fresh) fail('Dangol is running on this data.', 'Stop it (Ctrl+C where it runs), then use --fresh.');
  if (running.kind === 'electron') say('Dangol is already running: its window is open.');
  else say(`Dangol is already running. Open: ${addressOf(running, options.data)}`);
}

async function main() {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(`${help}\n`);
    return;
  }
  checkOptions(options);
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
  let stopping = false;
  const stopAll = async (code) => {
    if (stopping) return;
    stopping = true;
    for (const child of children.toReversed()) await stopServer(child);
    forgetRunning(options.data);
    process.exit(code);
  };
  process.on('SIGINT', () => void stopAll(0));
  process.on('SIGTERM', () => void stopAll(0));
  process.on('exit', () => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
  });

  const centralUrl = options.central ?? (await startPractice(options, children));
  const desk = await openDesk(options, centralUrl, children);
  const origin = desk.url ? new URL(desk.url).origin : null;
  writeRunning(options.data, { kind: desk.kind, origin, centralUrl });
  if (desk.kind === 'browser') say(`\nDangol is ready. Open: ${desk.url}\n`);
  else say('\nDangol is ready.\n');
  say('Practice calls are in the desk: press the headset button, or Alt+P. Stop with Ctrl+C.');
  for (const child of children) {
    child.once('exit', () => {
      if (stopping) return;
      if (child === desk.child && desk.kind === 'electron') void stopAll(0);
      else {
        say('A part of the call centre ended by itself; stopping the rest. What was saved is safe.');
        void stopAll(1);
      }
    });
  }
}

await main();
