import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './paths.mjs';
import { fail } from './say.mjs';

export const help = `Dangol - the desk for people on the phone

  npm start                      start the practice call centre and open the desk
  npm start -- --fresh           begin anew: forget all practice data first
  npm start -- --customers N     how many sample customers (default 2000, up to 1000000)
  npm start -- --shell WHICH     electron or browser (default: electron where it can run)
  npm start -- --demo-login WHO  who sits at the desk: agent1 (default), agent2, tm1, super1, admin1
  npm start -- --central URL     use your own centre instead of the practice one (nothing is simulated then)
  npm start -- --data FOLDER     where everything is kept (default .dangol beside this file)
  npm start -- --port N          the desk's port in the browser shell (default 4700)
  npm start -- --central-port N  the practice centre's port (default 4701)
  npm start -- --practice-port N the practice PBX's port (default 4702)
  npm start -- --help            this text

Data survives a restart. Stop with Ctrl+C.`;

const ports = ['port', 'central-port', 'practice-port'];

/** Reads and checks the command line; ends with a clear message when it makes no sense. */
export function readStartOptions() {
  const options = parse();
  const customers = Number(options.customers);
  if (!Number.isInteger(customers) || customers < 0 || customers > 1_000_000) {
    fail(`--customers ${options.customers} is not a number from 0 to 1000000.`, 'npm start -- --customers 2000');
  }
  if (options.shell && !['electron', 'browser'].includes(options.shell)) {
    fail(`--shell ${options.shell} is not known.`, 'Use --shell electron or --shell browser.');
  }
  for (const name of ports) {
    const port = Number(options[name]);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      fail(`--${name} ${options[name]} is not a port.`, 'Use a number from 1024 to 65535.');
    }
  }
  if (options.central && !URL.canParse(options.central)) {
    fail(`--central ${options.central} is not an address.`, 'For example --central https://crm.example.com');
  }
  return options;
}

function parse() {
  try {
    return parseArgs({
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
    }).values;
  } catch (error) {
    return fail(error.message, 'npm start -- --help lists the options.');
  }
}

const nextSteps = {
  PORT_IN_USE: 'Another program has the port. Stop it, or choose another one (npm start -- --help).',
  NEWER_DATABASE: 'This data was written by a newer Dangol. Update Dangol; nothing was changed.',
  CONFIG_BROKEN: 'Mend the file named above and start again.',
  HOST_BUSY: 'Another Dangol uses this data folder. Close it, or use --data FOLDER.',
  KEY_MISSING: 'The key of this data is gone. Nothing was deleted; see "When the key is gone" in docs/operations.md.',
};

/** Ends the command: a part did not start, why, and what helps. */
export function explain(what, error) {
  const next =
    nextSteps[error.code] ?? 'The lines above say more. npm start -- --fresh begins anew with practice data.';
  return fail(`${what}: ${error.message}`, next);
}
