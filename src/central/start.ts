import { parseArgs } from 'node:util';
import { DangolError, type NextStep } from '../shared/errors.ts';
import { errorFacts } from './log.ts';
import { startCentral } from './server.ts';

const HELP = `Dangol's central CRM API.

  --port N      default 4701
  --host H      127.0.0.1 (default), 0.0.0.0 or ::
  --data DIR    holds the admin token and, without DATABASE_URL, the practice store; in memory without it
  --practice    allows accounts for demo sign-in without a password (the practice call centre makes its own)

  DATABASE_URL  postgres://user:password@host:5432/name (PostgreSQL 15 or newer)

One line on stdout when ready: {"ready":true,"url":"http://127.0.0.1:4701"}, or {"error":{"code","next","detail"}}.
The log is on stderr, one line of JSON each.
`;

const HOSTS = ['127.0.0.1', '0.0.0.0', '::'] as const;

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function fail(code: string, next: NextStep, detail: string): void {
  say({ error: { code, next, detail } });
  process.exitCode = 1;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4701' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      practice: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new TypeError(`--port ${values.port} is no port`);
  const host = HOSTS.find((known) => known === values.host);
  if (host === undefined) throw new TypeError(`--host ${values.host}: one of ${HOSTS.join(', ')}`);
  const databaseUrl = process.env.DATABASE_URL;
  return {
    help: values.help,
    start: {
      port,
      host,
      practice: values.practice,
      ...(values.data === undefined ? {} : { dataFolder: values.data }),
      ...(databaseUrl ? { databaseUrl } : {}),
    },
  };
}

async function main(): Promise<void> {
  const { help, start } = readOptions();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const central = await startCentral({ ...start, log: (line) => process.stderr.write(line) });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void central.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  say({ ready: true, url: central.url });
}

main().catch((error: unknown) => {
  if (error instanceof DangolError) fail(error.code, error.next, error.message);
  else if (error instanceof TypeError) fail('CONFIG_BROKEN', 'check-input', error.message);
  else fail('INTERNAL', 'call-administrator', JSON.stringify(errorFacts(error)));
});
