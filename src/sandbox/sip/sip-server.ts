import type { Core } from 'sip.js';
import { WebSocket } from 'ws';
import { createDigest, type Digest } from './digest.ts';
import { createEndpoint, type SipEndpoint } from './endpoint.ts';
import { readMessage } from './read-message.ts';
import { challenge, createRegistrar, type Registrar } from './registrar.ts';

export interface SipServerOptions {
  realm: string;
  secret: Buffer;
  now: () => number;
  passwordOf: (username: string) => string | null;
  /** An INVITE that starts a call, from an account that proved its password. */
  onInvite: (account: string, request: Core.IncomingInviteRequest) => void;
  registrationChanged: (account: string, registered: boolean) => void;
  log: (event: string, data?: Record<string, string | number | boolean>) => void;
}

export interface SipServer {
  /** Takes a WebSocket that asked for the subprotocol "sip". */
  accept: (socket: WebSocket) => void;
  registrar: Registrar;
  close: () => void;
}

/** A desk that does not answer a WebSocket ping for this long is gone: its queue calls must go to somebody else. */
const PING_EVERY_MS = 5000;

export function createSipServer(options: SipServerOptions): SipServer {
  const digest = createDigest({ ...options, nonceLifeMs: 5 * 60_000 });
  const registrar = createRegistrar({ digest, now: options.now, changed: options.registrationChanged });
  const endpoints = new Set<SipEndpoint>();

  const otherSocket = (endpoint: SipEndpoint): WebSocket | null => {
    if (endpoint.account === null) return null;
    const binding = registrar.find(endpoint.account);
    return binding && binding.endpoint !== endpoint ? binding.endpoint.socket : null;
  };
  const delegate = (endpoint: SipEndpoint): Core.UserAgentCoreDelegate => ({
    onRegister: (request) => registrar.register(endpoint, request),
    onInvite: (request) => {
      const account = authenticate(endpoint, request, digest);
      if (account !== null) options.onInvite(account, request);
    },
    onMessage: (request) => void request.reject({ statusCode: 405 }),
    onRefer: (request) => void request.reject({ statusCode: 501 }),
    onSubscribe: (request) => void request.reject({ statusCode: 489 }),
  });
  const forgetIdle = () => {
    for (const endpoint of [...endpoints]) {
      if (!endpoint.closed() || endpoint.core.dialogs.size > 0 || endpoint.core.userAgentClients.size > 0) continue;
      endpoint.core.dispose();
      endpoints.delete(endpoint);
    }
  };
  const sweeper = setInterval(forgetIdle, 10_000);
  sweeper.unref();

  return {
    registrar,
    accept: (socket) => {
      const endpoint = createEndpoint({ socket, otherSocket, delegate });
      endpoints.add(endpoint);
      watchLiveness(socket);
      socket.on('message', (data) => {
        try {
          receive(String(data), endpoint, endpoints);
        } catch (error) {
          // SIP.js's core throws on messages that its own parser let through; one desk's nonsense must end nobody's call.
          options.log('sip.message_failed', { error: error instanceof Error ? error.name : 'unknown' });
        }
      });
      socket.on('error', () => socket.terminate());
      socket.on('close', () => registrar.drop(endpoint));
    },
    close: () => {
      clearInterval(sweeper);
      for (const endpoint of endpoints) {
        endpoint.core.dispose();
        endpoint.socket.terminate();
      }
      endpoints.clear();
    },
  };
}

function receive(text: string, own: SipEndpoint, endpoints: ReadonlySet<SipEndpoint>): void {
  const read = readMessage(text, own.core.loggerFactory);
  if (read.kind === 'garbage') return;
  if (read.kind === 'keep-alive') {
    own.socket.send('\r\n');
    return;
  }
  if (read.kind === 'response') {
    const owner = ownerOf(own, endpoints, (core) =>
      core.userAgentClients.has(read.message.viaBranch + read.message.method),
    );
    owner.core.receiveIncomingResponseFromTransport(read.message);
    return;
  }
  const { message } = read;
  const dialogId = message.callId + message.toTag + message.fromTag;
  const owner = message.toTag === '' ? own : ownerOf(own, endpoints, (core) => core.dialogs.has(dialogId));
  // A desk that lost its socket in a call continues the dialog over its new one (RFC 5626 section 4.1 by other means).
  if (owner !== own) owner.socket = own.socket;
  // A registrar answers for every user of its domain, SIP.js's core only for one: let it be the one that is asked for.
  owner.core.configuration.aor.user = message.ruri?.user;
  owner.core.receiveIncomingRequestFromTransport(message);
}

function ownerOf(
  own: SipEndpoint,
  endpoints: ReadonlySet<SipEndpoint>,
  knows: (core: Core.UserAgentCore) => boolean,
): SipEndpoint {
  if (knows(own.core)) return own;
  return [...endpoints].find((endpoint) => knows(endpoint.core)) ?? own;
}

/** The account behind an INVITE, or null when the request was answered with a challenge or a refusal. */
function authenticate(endpoint: SipEndpoint, request: Core.IncomingInviteRequest, digest: Digest): string | null {
  const header = request.message.getHeader('authorization');
  if (header === undefined && endpoint.account !== null) return endpoint.account;
  const judged = digest.judge(header, 'INVITE');
  if (judged.verdict === 'ok') return judged.username;
  if (judged.verdict === 'wrong') request.reject({ statusCode: 403 });
  else challenge(request, digest, judged.verdict === 'stale');
  return null;
}

function watchLiveness(socket: WebSocket): void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, PING_EVERY_MS);
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('close', () => clearInterval(timer));
}
