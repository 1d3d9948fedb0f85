import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DangolError } from '../shared/errors.ts';
import { type SandboxOptions, startSandbox } from './sandbox.ts';

const HELP = `Dangol's practice call centre: a small PBX with simulated callers, and sample customers at the centre.

  --port 4702               SIP over WebSocket at /ws, practice API under /practice; 127.0.0.1 only
  --central URL             a centre that was started for practice
  --admin-token-file FILE   the centre's administration token
  --customers N             sample customers, 0 to 1000000 (1000)
  --seed S                  which sample (1)
  --data DIR                passwords of the practice lines, progress of the load

Prints one JSON object a line: {"progress":"customers","done":n,"total":n}, then
{"ready":true,"sipUrl":"ws://…/ws","practiceUrl":"http://…/practice"}, or {"error":{"code","next","detail"}} and ends with 1.
`;

const say = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`);

function wholeNumber(text: string, name: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= max) return value;
  throw new DangolError('CONFIG_BROKEN', 'check-input', { detail: `--${name} must be a whole number up to ${max}.` });
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const detail = `--admin-token-file ${file} cannot be read; it is <data>/admin-token of the centre.`;
    throw new DangolError('CONFIG_BROKEN', 'check-input', { detail, cause });
  }
}

function readOptions(args: string[]): SandboxOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '4702' },
      central: { type: 'string' },
      'admin-token-file': { type: 'string' },
      customers: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      data: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const { central, data, 'admin-token-file': tokenFile } = values;
  if (central === undefined || data === undefined || tokenFile === undefined || !URL.canParse(central)) {
    throw new DangolError('CONFIG_BROKEN', 'check-input', {
      detail: '--central URL, --admin-token-file FILE and --data DIR are needed.',
    });
  }
  return {
    port: wholeNumber(values.port, 'port', 65_535),
    centralUrl: central,
    adminToken: readToken(tokenFile),
    customers: wholeNumber(values.customers, 'customers', 1_000_000),
    seed: wholeNumber(values.seed, 'seed', 0x7fffffff),
    dataFolder: data,
  };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) return void process.stdout.write(HELP);
  const abort = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        abort.abort();
        resolve();
      });
    }
  });
  const sandbox = await startSandbox({
    ...options,
    signal: abort.signal,
    progress: (done, total) => say({ progress: 'customers', done, total }),
    log: (event, data) => process.stderr.write(`${JSON.stringify({ event, ...data })}\n`),
  });
  const { sipUrl, practiceUrl } = sandbox;
  say({ ready: true, sipUrl, practiceUrl });
  await stopped;
  await sandbox.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const known = error instanceof DangolError;
    const code = known ? error.code : error instanceof TypeError ? 'CONFIG_BROKEN' : 'INTERNAL';
    const next = known ? error.next : error instanceof TypeError ? 'check-input' : 'call-administrator';
    say({ error: { code, next, detail: error instanceof Error ? error.message : String(error) } });
    process.exit(1);
  },
);
