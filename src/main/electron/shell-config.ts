import { parseArgs } from 'node:util';
import { DangolError } from '../../shared/errors.ts';
import type { DeskArguments } from '../desk-file.ts';

export interface ShellConfig extends DeskArguments {
  /** null: what the system gives a program. */
  dataFolder: string | null;
  /** Set: the window shows that running host's page, and no host is started here. */
  hostUrl: string | null;
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
      'allow-key-file': { type: 'boolean' },
      'allow-http': { type: 'boolean' },
    },
  });
  const text = (name: keyof typeof values) => (typeof values[name] === 'string' ? values[name] : null);
  return {
    dataFolder: text('data'),
    hostUrl: checkHostUrl(text('host-url')),
    centralUrl: checkCentre(text('central')),
    allowKeyFile: values['allow-key-file'] === true,
    allowHttp: values['allow-http'] === true,
    practice: values.practice === true,
    demoLogin: text('demo-login'),
  };
}

/** Whether it may be spoken to unencrypted is asked where dangol.json is read; what is no address at all opens no window. */
function checkCentre(address: string | null): string | null {
  if (address === null) return null;
  const protocol = URL.canParse(address) ? new URL(address).protocol : '';
  if (!['http:', 'https:'].includes(protocol)) throw broken(`--central ${address} is no http address`);
  return address;
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

function broken(detail: string): DangolError {
  return new DangolError('CONFIG_BROKEN', 'call-administrator', { detail });
}
