import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DangolError } from '../../shared/errors.ts';
import { readDeskFile } from '../desk-file.ts';

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
  'allow-key-file': { type: 'boolean', default: false },
  'allow-http': { type: 'boolean', default: false },
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
  return {
    port,
    dataFolder,
    pageFolder: resolve(values.page ?? 'dist/renderer'),
    practice: values.practice,
    demoLogin: values['demo-login'] ?? null,
    ...readDeskFile(dataFolder, {
      centralUrl: values.central ?? null,
      allowKeyFile: values['allow-key-file'],
      allowHttp: values['allow-http'],
    }),
  };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: ARGUMENTS }).values;
  } catch (error) {
    throw broken(error instanceof Error ? error.message : 'arguments');
  }
}

function broken(detail: string): DangolError {
  return new DangolError('CONFIG_BROKEN', 'call-administrator', { detail });
}
