import { readFileSync } from 'node:fs';
import { Problem } from '../../shared/errors.ts';
import { CommandProblem } from './terminal.ts';

export type AdminCall = (method: string, path: string, body?: unknown) => Promise<unknown>;

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new CommandProblem(
      `the token file ${file} cannot be read; name the one in the centre's --data folder with --token-file`,
    );
  }
}

/** The operator's token opens everything: it leaves this machine encrypted, or because somebody said so. */
function refuseInTheClear(url: string, allowHttp: boolean): void {
  if (!URL.canParse(url)) throw new CommandProblem(`--url ${url} is no address`);
  const { protocol, hostname } = new URL(url);
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  if (protocol === 'https:' || loopback || allowHttp) return;
  const safe = url.replace('http:', 'https:');
  throw new CommandProblem(
    `${url} would send the administrator's token unencrypted; use ${safe}, or --allow-http on a network that you trust`,
  );
}

/** Calls the centre with the operator's token; an answer that is no success becomes a CommandProblem in plain words. */
export function createAdminCall(url: string, tokenFile: string, { allowHttp = false } = {}): AdminCall {
  refuseInTheClear(url, allowHttp);
  const token = readToken(tokenFile);
  return async (method, path, body) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(new URL(path, url), request).catch(() => {
      throw new CommandProblem(`no centre answers at ${url}; start it, or name another with --url`);
    });
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok) return answer;
    const problem = Problem.safeParse(answer);
    if (!problem.success) throw new CommandProblem(`${url} answered ${response.status}; is it a Dangol centre?`);
    const { code, title, detail } = problem.data;
    throw new CommandProblem(`${code}: ${title}${detail === undefined ? '' : ` (${detail})`}`);
  };
}
