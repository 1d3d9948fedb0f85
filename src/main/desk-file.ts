import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DangolError } from '../shared/errors.ts';

/** What the administrator may write into dangol.json in the desk's folder; both shells read it. */
const DeskFile = z.strictObject({
  centralUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Lets the desk keep its key in a file (0600) where there is no keyring. Without it, and without practice data, data stays in memory there. */
  allowKeyFile: z.boolean().optional(),
  /** Lets a centre be spoken to unencrypted over a network that is trusted. This machine's own addresses need no leave. */
  allowHttp: z.boolean().optional(),
});
type DeskFile = z.infer<typeof DeskFile>;

/** The same from the command line, which goes before the file. */
export interface DeskArguments {
  centralUrl: string | null;
  allowKeyFile: boolean;
  allowHttp: boolean;
}

/**
 * The centre's address and the administrator's settings.
 * @throws CONFIG_BROKEN with the file and its line, or with the address and what is wrong with it.
 */
export function readDeskFile(folder: string, args: DeskArguments): { centralUrl: string; allowKeyFile: boolean } {
  const path = join(folder, 'dangol.json');
  const file = parseDeskFile(path);
  const centralUrl = args.centralUrl ?? file.centralUrl;
  if (centralUrl === undefined) {
    const example = '{ "centralUrl": "https://crm.example.com" }';
    throw broken(`no address of a centre: use --central URL, or write ${example} into ${path}`);
  }
  checkCentralUrl(centralUrl, args.allowHttp || file.allowHttp === true);
  return { centralUrl, allowKeyFile: args.allowKeyFile || file.allowKeyFile === true };
}

/** @throws CONFIG_BROKEN unless the address is https, or http on this machine, or http where that is allowed. */
function checkCentralUrl(address: string, allowHttp: boolean): void {
  if (!DeskFile.shape.centralUrl.safeParse(address).success) throw broken(`--central ${address} is no http address`);
  const { protocol, hostname } = new URL(address);
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  if (protocol === 'https:' || loopback || allowHttp) return;
  throw broken(`${address} would send personal data unencrypted: use https, or allow http (--allow-http, "allowHttp")`);
}

function parseDeskFile(path: string): DeskFile {
  if (!existsSync(path)) return {};
  const text = readFileSync(path, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw broken(`${path}, line ${lineOfSyntaxError(error, text)}: this is not JSON`, { path });
  }
  const parsed = DeskFile.safeParse(value);
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
