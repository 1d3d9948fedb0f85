import { mkdirSync, readFileSync } from 'node:fs';
import { DangolError } from '../../shared/errors.ts';
import { readServeOptions, type ServeOptions } from './options.ts';
import { type Supervisor, superviseHost } from './supervisor.ts';

// The desk in the browser shell:
//   node src/main/serve/start.ts --port 4700 --data DIR --central URL [--practice --demo-login agent1] [--page dist/renderer]
// Says on stdout, in one line of JSON, where it is, or why it is not.

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function log(event: string, data?: Record<string, string | number>): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...data })}\n`);
}

function fail(error: unknown): never {
  const known = error instanceof DangolError ? error : null;
  const detail = error instanceof Error ? error.message : 'unknown';
  say({ error: { code: known?.code ?? 'INTERNAL', next: known?.next ?? 'retry', detail } });
  process.exit(1);
}

function readVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value && 'version' in value ? String(value.version) : '0';
}

function supervise(options: ServeOptions): Supervisor {
  return superviseHost({
    log,
    message: {
      type: 'serve',
      port: options.port,
      pageFolder: options.pageFolder,
      host: {
        type: 'start',
        dataFolder: options.dataFolder,
        // A plain Node process reaches no keyring: what may be kept, and how, the host decides.
        dataKey: null,
        centralUrl: options.centralUrl,
        practice: options.practice,
        allowKeyFile: options.allowKeyFile,
        demoLogin: options.demoLogin,
        version: readVersion(),
      },
    },
  });
}

function stopOnSignals(supervisor: Supervisor): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void supervisor.stop().finally(() => process.exit(0));
    });
  }
}

async function main(): Promise<void> {
  const options = readServeOptions(process.argv.slice(2));
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  const supervisor = supervise(options);
  stopOnSignals(supervisor);
  try {
    const { port, token } = await supervisor.ready;
    say({ ready: true, url: `http://127.0.0.1:${port}/?token=${token}` });
  } catch (error) {
    await supervisor.stop();
    fail(error);
  }
}

main().catch(fail);
