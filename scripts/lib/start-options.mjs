import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isLoopback } from './data-folder.mjs';
import { root } from './paths.mjs';
import { fail } from './say.mjs';

export const help = `Dangol - the desk for people on the phone

  npm start                      start the practice call centre and open the desk
  npm start -- --fresh           begin anew: forget the practice data first (never the desk of a real centre)
  npm start -- --customers N     how many sample customers (default 2000, up to 1000000)
  npm start -- --shell WHICH     electron or browser (default: electron where it can run)
  npm start -- --demo-login WHO  who sits at the desk: agent1 (default), agent2, tm1, super1, admin1
  npm start -- --data FOLDER     an empty or new folder where everything is kept (default .dangol beside this file)
  npm start -- --port N          the desk's port in the browser shell (default 4700)
  npm start -- --central-port N  the practice centre's port (default 4701)
  npm start -- --practice-port N the practice PBX's port (default 4702)
  npm start -- --help            this text

  With a centre of your own (nothing is simulated then; each centre has its own folder of data):
  npm start -- --central URL     its address, https://…
  --allow-key-file               keep the desk's data on this disk although no keyring of the system holds its key. The key
                                 then lies in a file beside the data: whoever reads your files reads your customers.
                                 Without a keyring and without this, the desk keeps everything in memory only.
  --allow-http                   allow an http:// address: names, numbers and passwords cross that network unencrypted

Data survives a restart. Stop with Ctrl+C.`;

/** Every option of npm start, as --help must name them. */
export const OPTIONS = {
  fresh: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  customers: { type: 'string', default: '2000' },
  shell: { type: 'string' },
  'demo-login': { type: 'string', default: 'agent1' },
  central: { type: 'string' },
  'allow-key-file': { type: 'boolean', default: false },
  'allow-http': { type: 'boolean', default: false },
  data: { type: 'string', default: join(root, '.dangol') },
  port: { type: 'string', default: '4700' },
  'central-port': { type: 'string', default: '4701' },
  'practice-port': { type: 'string', default: '4702' },
};

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
  checkCentral(options);
  return options;
}

function checkCentral({ central, fresh, 'allow-http': allowHttp }) {
  if (central === undefined) return;
  const protocol = URL.canParse(central) ? new URL(central).protocol : '';
  if (protocol !== 'https:' && protocol !== 'http:') {
    fail(`--central ${central} is not an address.`, 'For example --central https://crm.example.com');
  }
  if (fresh) {
    fail(
      '--fresh forgets practice data only, never a desk of a real centre: it may hold work that is nowhere else.',
      'Start without --fresh. To give up this desk, sign out, then follow "Giving up a desk" in docs/operations.md.',
    );
  }
  if (protocol === 'http:' && !allowHttp && !isLoopback(central)) {
    fail(
      `${central} would send names, numbers and passwords unencrypted.`,
      `Use ${central.replace('http:', 'https:')}, or --allow-http on a network that you trust.`,
    );
  }
}

function parse() {
  try {
    return parseArgs({
      options: OPTIONS,
    }).values;
  } catch (error) {
    return fail(error.message, 'npm start -- --help lists the options.');
  }
}

const nextSteps = {
  PORT_IN_USE: 'Another program has the port. Stop it, or choose another one (npm start -- --help).',
  NEWER_DATABASE: 'This data was written by a newer Dangol. Update Dangol; nothing was changed.',
  CONFIG_BROKEN: 'Mend what is named above and start again.',
  HOST_BUSY: 'Another Dangol uses this data folder. Close it, or use --data FOLDER.',
  KEY_MISSING:
    'The key of this data is not here. Nothing was deleted; see "When the key is gone" in docs/operations.md.',
  DISK_FULL: 'Free some space on this disk and start again. Nothing was lost.',
  DISK_ERROR: 'The disk or the folder refused to be read or written. Check both; nothing was deleted.',
  DATABASE_CORRUPT: 'A file of this data is damaged. Nothing was deleted; see "A damaged file" in docs/operations.md.',
  CENTRE_UNREACHABLE: 'The centre did not answer. Check the network and the address, and start again.',
};

/** Practice data can be made again: only there, and only where nothing better is known, is beginning anew an answer. */
const beginAnew = 'If it stays so, npm start -- --fresh forgets the practice data and begins anew.';

/**
 * Ends the command: a part did not start, why, and what helps.
 * @param given.practice whether nothing but practice data is at stake. @param given.log the file that says more, if any.
 */
export function explain(what, error, { practice, log }) {
  const more = log ? `More is in ${log}.` : 'The lines above say more.';
  const next = nextSteps[error.code] ?? (practice ? `${more} ${beginAnew}` : more);
  return fail(`${what}: ${error.message}`, next);
}
