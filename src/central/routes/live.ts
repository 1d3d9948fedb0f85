import type { WebSocket } from 'ws';
import type { z } from 'zod';
import { LiveHello, type LiveMessage } from '../../shared/sync-wire.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { readAccess } from '../auth/tokens.ts';
import { mayCall } from '../policies.ts';
import { readEpoch } from '../sync/epoch.ts';

const HELLO_WITHIN_MS = 10_000;
const PING_EVERY_MS = 20_000;
/** Close codes of our own (RFC 6455 section 7.4.2). */
const CLOSE_SIGNED_OUT = 4401;
const CLOSE_BAD_INPUT = 4400;

/** WS /v1/sync/live: hello with an access token, then pokes that carry nothing, and the agent's own state in the PBX. */
export function liveRoute(app: CentralApp, context: CentralContext): void {
  app.get('/v1/sync/live', { websocket: true, schema: { hide: true } }, (socket) => {
    const late = setTimeout(() => socket.close(CLOSE_SIGNED_OUT, 'no hello'), HELLO_WITHIN_MS);
    socket.once('close', () => clearTimeout(late));
    socket.on('error', () => {});
    socket.once('message', (frame: Buffer) => {
      clearTimeout(late);
      void welcome(context, socket, frame.toString('utf8')).catch(() => socket.close(1011, 'the centre failed'));
    });
  });
}

async function welcome(context: CentralContext, socket: WebSocket, frame: string): Promise<void> {
  const hello = readHello(frame);
  if (hello === null) return socket.close(CLOSE_BAD_INPUT, 'not a hello');
  const principal = await readAccess(hello.accessToken, context.secret, context.clock);
  if (principal === null || !mayCall('LIVE /v1/sync/live', principal))
    return socket.close(CLOSE_SIGNED_OUT, 'signed out');
  const epoch = await readEpoch(context.store);
  if (socket.readyState !== socket.OPEN) return;
  const say = (message: LiveMessage) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const desk = { poke: () => say({ type: 'poke' }) };
  const ping = setInterval(() => say({ type: 'ping' }), PING_EVERY_MS);
  const hearsPbx = principal.kind === 'agent' && hello.hears?.includes('pbx');
  let unfollow = () => {};
  socket.once('close', () => {
    clearInterval(ping);
    context.hub.remove(desk);
    unfollow();
  });
  // Listening before the welcome: the desk pulls when it is welcomed, and hears of everything after.
  context.hub.add(desk);
  say({ type: 'welcome', epoch: epoch.name });
  if (hearsPbx) unfollow = context.pbx.follow(principal.agentId, say);
}

function readHello(frame: string): z.infer<typeof LiveHello> | null {
  try {
    return LiveHello.safeParse(JSON.parse(frame)).data ?? null;
  } catch {
    return null;
  }
}
