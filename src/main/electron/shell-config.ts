import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { DangolError } from '../../shared/errors.ts';

/** What the administrator of an installed desk writes into desk.json, in the folder of the program's data. */
const DeskFile = z.strictObject({
  centralUrl: z.url({ protocol: /^https?$/ }),
  /** Lets the desk keep its key in a file (0600) where the machine has no keyring. Without it data stays in memory there. */
  allowKeyFile: z.boolean().default(false),
});

export interface ShellConfig {
  /** null: what the system gives a program. */
  dataFolder: string | null;
  /** Set: the window shows that running host's page, and no host is started here. */
  hostUrl: string | null;
  desk: { centralUrl: string; practice: boolean; demoLogin: string | null; allowKeyFile: boolean } | null;
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
  if (centralUrl !== null && !/^https?:\/\//.test(centralUrl))
    throw broken(`--central ${centralUrl} is not an address`);
  const practice = values.practice === true;
  return {
    dataFolder: text('data'),
    hostUrl: checkHostUrl(text('host-url')),
    desk: centralUrl ? { centralUrl, practice, demoLogin: text('demo-login'), allowKeyFile: false } : null,
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
 * Reads desk.json of an installed desk.
 * @throws CONFIG_BROKEN with the file and what is wrong in it.
 */
export function readDeskFile(folder: string): NonNullable<ShellConfig['desk']> {
  const file = join(folder, 'desk.json');
  if (!existsSync(file)) {
    throw broken(`${file} is missing. Write it: { "centralUrl": "https://crm.example.com" }`);
  }
  try {
    const { centralUrl, allowKeyFile } = DeskFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { centralUrl, allowKeyFile, practice: false, demoLogin: null };
  } catch (error) {
    throw broken(`${file}: ${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}`);
  }
}

function broken(detail: string): DangolError {
  return new DangolError('CONFIG_BROKEN', 'call-administrator', { detail });
}
