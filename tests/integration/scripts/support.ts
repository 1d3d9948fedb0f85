import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import { newId } from '../../../src/shared/ids.ts';
import { type DeskClient, until } from '../../fakes/desk.ts';

const script = (name: string) => join(import.meta.dirname, '../../../scripts', name);

export interface Started {
  child: ChildProcess;
  /** All that a person at the terminal has seen. */
  seen: () => string;
  ended: Promise<number>;
  /** Ctrl+C. */
  stop: () => Promise<number>;
}

/** `npm start` on this data folder, in the browser shell, on free ports; `npm run dev` with 'dev.mjs'. */
export function npmStart(data: string, args: string[], name = 'start.mjs'): Started {
  const free = ['--port', '0', '--central-port', '0', '--practice-port', '0'];
  const all = [script(name), '--shell', 'browser', '--customers', '3', '--data', data, ...free, ...args];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
  let seen = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (seen += chunk));
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  const stop = () => {
    if (child.exitCode === null) child.kill('SIGINT');
    return ended;
  };
  return { child, seen: () => seen, ended, stop };
}

/** The address as the terminal shows it, each time it does. */
export const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/g;

/** The address that was printed. */
export async function open(start: Started): Promise<string> {
  const address = () => start.seen().match(ADDRESS)?.at(0);
  void start.ended.then((code) => code !== 0 && console.error(start.seen()));
  return until(async () => address() ?? null, 'the address of the desk', 120_000);
}

/** What a browser does with it: token in, cookie out, and the contract over the socket. */
export async function enter(address: string): Promise<{ api: DeskClient; leave: () => void }> {
  const response = await fetch(address, { redirect: 'manual' });
  if (response.status !== 303) throw new Error(`the address answered ${response.status}`);
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { origin } = new URL(address);
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { cookie, origin } });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return { api: createORPCClient<DeskClient>(new RPCLink({ websocket: socket })), leave: () => socket.terminate() };
}

export const signedIn = (api: DeskClient) =>
  until(
    async () => {
      const state = await api.session.state({});
      return state.status === 'signed_in' ? state : null;
    },
    'the demo agent',
    60_000,
  );

export const signedInAndLoaded = async (api: DeskClient) => {
  await signedIn(api);
  return until(
    async () => (await api.customer.search({ text: '김' })).candidates[0] ?? null,
    'a sample customer',
    60_000,
  );
};

/** A draft that no centre has: the desk's own work. */
export async function writeDraft(api: DeskClient, text: string): Promise<void> {
  const draft = { noteId: newId(), callId: newId(), customerId: null, text, revision: 1 };
  await api.note.draft(draft);
}

/** A port that somebody else has. */
export async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}
