import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import type { DeskClient } from '../../fakes/desk.ts';

/** A window of a running desk without a browser: token in, cookie out, then the contract over its socket. */
export async function openWindow(url: string): Promise<{ api: DeskClient; close: () => void }> {
  const { origin } = new URL(url);
  const response = await fetch(url, { redirect: 'manual' });
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { cookie, origin } });
  return { api: createORPCClient<DeskClient>(new RPCLink({ websocket: socket })), close: () => socket.terminate() };
}
