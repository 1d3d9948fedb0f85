import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { DangolError } from '../../shared/errors.ts';

/** What the administrator may write into dangol.json in the data folder. */
const ConfigFile = z.strictObject({
  centralUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Lets the desk keep its key in a file (0600). Without it, and without practice data, data stays in memory. */
  allowKeyFile: z.boolean().optional(),
});

export interface ServeOptions {
  /** 0: a free one (tests). */
  port: number;
  dataFolder: string;
  pageFolder: string;
  centralUrl: string;
  practice: boolean;
  demoLogin: string | null;
  allowKeyFile: boolean;
}

const ARGUMENTS = {
  port: { type: 'string', default: '4700' },
  data: { type: 'string' },
  central: { type: 'string' },
  page: { type: 'string' },
  practice: { type: 'boolean', default: false },
  'demo-login': { type: 'string' },
} as const;

/**
 * Reads the command line, and dangol.json in the data folder where there is one; the command line goes first.
 * @throws CONFIG_BROKEN with the file and line, or the argument.
 */
export function readServeOptions(args: readonly string[]): ServeOptions {
  const values = readArguments(args);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw broken(`--port ${values.port} is no port`);
  if (values.data === undefined) throw broken('--data FOLDER is missing');
  const dataFolder = resolve(values.data);
  const file = readConfigFile(join(dataFolder, 'dangol.json'));
  const centralUrl = values.central ?? file.centralUrl;
  if (centralUrl === undefined || !ConfigFile.shape.centralUrl.safeParse(centralUrl).success) {
    throw broken(
      centralUrl === undefined
        ? `no address of a centre: use --central URL, or write "centralUrl" into ${join(dataFolder, 'dangol.json')}`
        : `--central ${centralUrl} is no http address`,
    );
  }
  return {
    port,
    dataFolder,
    pageFolder: resolve(values.page ?? 'dist/renderer'),
    centralUrl,
    practice: values.practice,
    demoLogin: values['demo-login'] ?? null,
    allowKeyFile: file.allowKeyFile ?? false,
  };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: ARGUMENTS }).values;
  } catch (error) {
    throw broken(error instanceof Error ? error.message : 'arguments');
  }
}

function readConfigFile(path: string): z.infer<typeof ConfigFile> {
  if (!existsSync(path)) return {};
  const text = readFileSync(path, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw broken(`${path}, line ${lineOfSyntaxError(error, text)}: this is not JSON`, { path });
  }
  const parsed = ConfigFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0];
  const line = lineOf(text, text.indexOf(`"${String(key)}"`));
  throw broken(`${path}, line ${line}: ${issue?.message ?? 'not as expected'} (${String(key ?? '')})`, { path, line });
}

/** Most errors of the parser carry their position; where one does not, the shortest beginning that is wrong by itself ends there. */
function lineOfSyntaxError(error: unknown, text: string): number {
  const position = positionOf(error);
  if (position !== null) return lineOf(text, position);
  for (let length = 1; length <= text.length; length += 1) {
    if (isWrongAlready(text.slice(0, length))) return lineOf(text, length - 1);
  }
  return lineOf(text, text.length);
}

function isWrongAlready(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return false;
  } catch (error) {
    const unfinished = error instanceof Error && /end of JSON|Unterminated/.test(error.message);
    return !unfinished && (positionOf(error) ?? 0) < beginning.length;
  }
}

function positionOf(error: unknown): number | null {
  const found = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return found === undefined ? null : Number(found);
}

function lineOf(text: string, position: number): number {
  return text.slice(0, Math.max(0, position)).split('\n').length;
}

function broken(detail: string, data?: Record<string, string | number>): DangolError {
  return new DangolError('CONFIG_BROKEN', 'call-administrator', { detail, ...(data ? { data } : {}) });
}
