// The parts of a call centre on one machine, as commands. Options are those of scripts/start.mjs;
// `logs`, a folder, takes what the parts log (without it they log to the terminal), `home` is where the desk's data lies.
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { startServer } from './run.mjs';

/** The centre on its embedded practice store. */
export function startCentral(options) {
  const args = ['--port', options['central-port'], '--data', join(options.data, 'central'), '--practice'];
  return startServer('src/central/start.ts', args, { log: logOf(options, 'centre'), onSpawn: options.onSpawn });
}

/** The file a part logs to; undefined: the terminal. */
export function logOf({ logs }, part) {
  return logs && join(logs, `${part}.log`);
}

/** The practice PBX with its sample customers. `tell` hears how far the loading is. */
export function startSandbox(options, centralUrl, tell = () => {}) {
  return startServer(
    'src/sandbox/start.ts',
    [
      ...['--port', options['practice-port'], '--central', centralUrl, '--data', join(options.data, 'practice')],
      ...['--admin-token-file', join(options.data, 'central', 'admin-token'), '--customers', options.customers],
    ],
    {
      log: logOf(options, 'practice'),
      onSpawn: options.onSpawn,
      onProgress: ({ progress, done, total }) => tell(`${progress} ${done} of ${total}`),
    },
  );
}

/** What the desk is told, whichever shell it opens in. */
export function deskArguments(options, centralUrl) {
  const args = ['--central', centralUrl, '--data', join(options.home ?? options.data, 'desk')];
  if (options['allow-key-file']) args.push('--allow-key-file');
  if (options['allow-http']) args.push('--allow-http');
  if (!options.central) args.push('--practice', '--demo-login', options['demo-login']);
  return args;
}

/** The desk in the browser shell. */
export function startDesk(options, centralUrl) {
  const args = ['--port', options.port, ...deskArguments(options, centralUrl), '--page', inRoot('dist', 'renderer')];
  return startServer('src/main/serve/start.ts', args, { log: logOf(options, 'desk'), onSpawn: options.onSpawn });
}
