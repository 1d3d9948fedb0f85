import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createAdminCall } from './cli/client.ts';
import type { Options } from './cli/command-options.ts';
import { COMMANDS } from './cli/commands.ts';
import { CommandProblem } from './cli/terminal.ts';
import { openApiText } from './openapi.ts';

const GENERAL = { url: 'text', 'token-file': 'text', 'allow-http': 'switch', help: 'switch' } as const;

function help(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`);
  return [
    'npm run admin -- COMMAND [options]      runs the business of a Dangol centre',
    '',
    ...lines,
    `  ${'openapi'.padEnd(width)}  prints the OpenAPI document; --write FILE saves it (needs no centre)`,
    '',
    '  --url URL           the centre (default http://127.0.0.1:4701)',
    '  --token-file FILE   its admin-token (default .dangol/central/admin-token)',
    '  --allow-http        allow an http:// address that is not on this machine: the token crosses the network unencrypted',
    '',
    'npm run admin -- COMMAND --help shows the options of one. Passwords are asked for or read from stdin, never arguments:',
    '  npm run admin -- user --login kim --name "Kim Minji" --role agent --team Service < password.txt',
  ].join('\n');
}

function parse(args: string[], known: Record<string, 'text' | 'switch'>): { options: Options; rest: string[] } {
  const all = Object.entries({ ...GENERAL, ...known });
  const options = Object.fromEntries(
    all.map(([name, kind]) => [name, { type: kind === 'switch' ? ('boolean' as const) : ('string' as const) }]),
  );
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { options: values as Options, rest: positionals };
  } catch (error) {
    throw new CommandProblem(error instanceof Error ? error.message : 'the options cannot be read');
  }
}

async function openapi(args: string[]): Promise<string> {
  const { options } = parse(args, { write: 'text' });
  const text = await openApiText();
  if (typeof options.write !== 'string') return text;
  writeFileSync(options.write, text);
  return `${options.write}: written`;
}

/** Runs one command. @returns what to print. */
async function main([name, ...args]: string[]): Promise<string> {
  if (name === undefined || name === '--help' || name === 'help') return help();
  if (name === 'openapi') return openapi(args);
  const command = COMMANDS[name];
  if (!command) throw new CommandProblem(`there is no command ${name}; npm run admin -- --help lists them`);
  const { options, rest } = parse(args, command.options);
  if (options.help) return `npm run admin -- ${command.usage}\n  ${command.about}`;
  const url = typeof options.url === 'string' ? options.url : 'http://127.0.0.1:4701';
  const tokenFile = typeof options['token-file'] === 'string' ? options['token-file'] : '.dangol/central/admin-token';
  return command.run(createAdminCall(url, tokenFile, { allowHttp: options['allow-http'] === true }), options, rest);
}

main(process.argv.slice(2)).then(
  (text) => process.stdout.write(`${text}\n`),
  (error: unknown) => {
    if (!(error instanceof CommandProblem)) throw error;
    process.stderr.write(`admin: ${error.message}\n`);
    process.exitCode = 1;
  },
);
