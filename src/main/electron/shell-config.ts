import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { DangolError } from '../../shared/errors.ts';

/** What the administrator may write into dangol.json in the data folder; the browser shell reads the same file. */
const DeskFile = z.strictObject({
  centralUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Lets the desk keep its key in a file (0600) where the machine has no keyring. Without it data stays in memory there. */
  allowKeyFile: z.boolean().default(false),
});
export type DeskFile = z.infer<typeof DeskFile>;

export interface ShellConfig {
  /** null: what the system gives a program. */
  dataFolder: string | null;
  /** Set: the window shows that running host's page, and no host is started here. */
  hostUrl: string | null;
  /** null: dangol.json names the centre. */
  centralUrl: string | null;
  practice: boolean;
  demoLogin: string | null;
}

/**
 * Reads the command line. Switches of Chromium and Electron may stand among ours.
 * @param args without the program's own path.
 * @throws CONFIG_BROKEN for an address that is none.
 */
export function readCommandLine(args: readonly string[]): ShellConfig {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: {
      central: { type: 'string' },
      data: { type: 'string' },
      'host-url': { type: 'string' },
      practice: { type: 'boolean' },
      'demo-login': { type: 'string' },
    },
  });
  const text = (name: keyof typeof values) => (typeof values[name] === 'string' ? values[name] : null);
  const centralUrl = text('central');
  if (centralUrl !== null && !DeskFile.shape.centralUrl.safeParse(centralUrl).success) {
    throw broken(`--central ${centralUrl} is no http address`);
  }
  return {
    dataFolder: text('data'),
    hostUrl: checkHostUrl(text('host-url')),
    centralUrl,
    practice: values.practice === true,
    demoLogin: text('demo-login'),
  };
}

/** A running host may be attached to only on this machine: the address carries the token that opens it. */
function checkHostUrl(address: string | null): string | null {
  if (address === null) return null;
  const url = URL.canParse(address) ? new URL(address) : null;
  const loopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol !== 'http:' || !loopback || url.username || url.password) {
    throw broken('--host-url must be an http address of this machine, such as http://127.0.0.1:4700/?token=…');
  }
  return url.href;
}

/**
 * The centre's address and the administrator's settings; the command line goes first.
 * @throws CONFIG_BROKEN with the file and what is wrong in it, or missing.
 */
export function readDeskFile(folder: string, config: ShellConfig): Required<DeskFile> {
  const path = join(folder, 'dangol.json');
  const file = existsSync(path) ? parseDeskFile(path) : { allowKeyFile: false };
  const centralUrl = config.centralUrl ?? file.centralUrl;
  if (!centralUrl)
    throw broken(`no address of a centre: write { "centralUrl": "https://crm.example.com" } into ${path}`);
  return { centralUrl, allowKeyFile: file.allowKeyFile };
}

function parseDeskFile(path: string): DeskFile {
  try {
    return DeskFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw broken(`${path}: ${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}`);
  }
}

function broken(detail: string): DangolError {
  return new DangolError('CONFIG_BROKEN', 'call-administrator', { detail });
}
