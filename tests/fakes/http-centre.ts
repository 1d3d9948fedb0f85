import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { WebSocketServer } from 'ws';
import type { Agent } from '../../src/shared/agent.ts';
import type { DeskConfig } from '../../src/shared/central-api.ts';
import { DeskWiped } from '../../src/shared/desk-wipe.ts';
import { HeldReport } from '../../src/shared/held-work.ts';
import { PushRequest } from '../../src/shared/sync-wire.ts';
import { SyncFailure } from '../../src/sync/transport.ts';
import { OracleCentre } from './oracle-centre.ts';
import { SAMPLE, sampleRows } from './sample-set.ts';

/** A centre on a real port whose answers can be spoiled. Its data is the oracle's. */
export interface HttpCentre {
  url: string;
  oracle: OracleCentre;
  /**
   * 'down': connections are cut. 'slow': no answer until it is something else. 'nonsense': 200 with a web page. 'portal': a proxy
   * stands between and wants a login of its own, 401 and 403 in turn.
   */
  mode: 'up' | 'down' | 'slow' | 'nonsense' | 'portal';
  /** The next refresh is refused: the session was ended. */
  revoked: boolean;
  config: DeskConfig;
  /** What sign-in takes. */
  password: string;
  /** How long a desk may work without it. */
  leaseMs: number;
  /** Paths asked, in order. */
  requests: string[];
  /** The refresh tokens it gave out, and those whose session was ended by the agent. */
  given: { login: string; refreshToken: string }[];
  ended: string[];
  /** What this desk last told of its held-back work. */
  heldReport: HeldReport | null;
  /** The order that the desk finds, and what it said when it was done. */
  wipe: { handIn: boolean } | null;
  wiped: { lost: number } | null;
  close: () => Promise<void>;
}

export const PASSWORD = 'correct horse';

export async function startHttpCentre(now: () => number): Promise<HttpCentre> {
  const oracle = new OracleCentre(now);
  oracle.write((rows) => {
    for (const one of sampleRows(now())) if (one.data) rows.put(one.table, one.id, one.data);
  });
  const server = createServer();
  const centre: HttpCentre = {
    url: '',
    oracle,
    mode: 'up',
    revoked: false,
    config: sampleConfig(now()),
    password: PASSWORD,
    requests: [],
    given: [],
    ended: [],
    heldReport: null,
    wipe: null,
    wiped: null,
    leaseMs: 12 * 3_600_000,
    close: () => closeServer(server, sockets),
  };
  const sockets = liveSockets(server, centre);
  server.on('request', (request, response) => void answer(centre, now, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  centre.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return centre;
}

function sampleConfig(now: number): DeskConfig {
  return {
    businessName: '단골상사',
    currency: 'KRW',
    sip: {
      server: 'ws://127.0.0.1:4702/ws',
      domain: 'practice.invalid',
      username: 'agent1',
      password: 'line password',
      displayName: '박상담',
      iceServers: [],
    },
    policy: {
      timeZone: 'Asia/Seoul',
      country: 'KR',
      marketingFromMinute: 480,
      marketingToMinute: 1260,
      consentMaxAgeDays: 730,
      doNotCallMaxAgeHours: 24,
      doNotCallLoadedAt: new Date(now - 3_600_000).toISOString(),
    },
    wrapUpSeconds: 60,
    practice: null,
    practiceStore: true,
  };
}

function liveSockets(server: Server, centre: HttpCentre): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (centre.mode !== 'up') return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (live) => {
      live.once('message', () => live.send(JSON.stringify({ type: 'welcome', epoch: centre.oracle.epochName() })));
    });
  });
  centre.oracle.onChange = () => {
    for (const live of sockets.clients) live.send(JSON.stringify({ type: 'poke' }));
  };
  return sockets;
}

async function closeServer(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const live of sockets.clients) live.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function answer(
  centre: HttpCentre,
  now: () => number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', centre.url);
  centre.requests.push(url.pathname);
  if (centre.mode === 'down') request.socket.destroy();
  if (centre.mode === 'nonsense') response.end('<html>It works!</html>');
  if (centre.mode === 'portal') {
    response.writeHead(centre.requests.length % 2 === 0 ? 401 : 403, { 'content-type': 'text/html' });
    response.end('<html>Please sign in to the network</html>');
  }
  if (centre.mode !== 'up') return;
  const reply = (status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  const problem = (status: number, code: string, headers = {}) =>
    reply(status, { type: `urn:dangol:problem:${code}`, title: code, status, code }, headers);
  try {
    const body = request.method === 'POST' || request.method === 'PUT' ? await readJson(request) : {};
    route(centre, now, url, body, { reply, problem });
  } catch (error) {
    const kind = error instanceof SyncFailure ? error.reason.kind : 'internal';
    if (kind === 'epoch_changed' || kind === 'device_forked') problem(409, kind.toUpperCase());
    else problem(500, 'INTERNAL');
  }
}

interface Answers {
  reply: (status: number, body: unknown, headers?: Record<string, string>) => unknown;
  problem: (status: number, code: string, headers?: Record<string, string>) => unknown;
}

type Body = Record<string, unknown>;

function route(centre: HttpCentre, now: () => number, url: URL, body: Body, { reply, problem }: Answers): unknown {
  const { oracle } = centre;
  const agents: Agent[] = [SAMPLE.agent, SAMPLE.otherAgent];
  const agent = agents.find((one) => one.login === body.login);
  switch (url.pathname) {
    case '/v1/sign-in':
      if (body.login === 'locked') return problem(429, 'TOO_MANY_TRIES', { 'retry-after': '30' });
      if (!agent || body.password !== centre.password) return problem(401, 'WRONG_PASSWORD');
      return reply(200, { ...tokens(centre, now(), agent.login), agent, deviceToken: 'device' });
    case '/v1/sign-in-demo':
      if (!agent) return problem(404, 'NOT_FOUND');
      return reply(200, { ...tokens(centre, now(), agent.login), agent, deviceToken: 'device' });
    case '/v1/sign-out':
      centre.ended.push(String(body.refreshToken));
      return reply(200, {});
    case '/v1/demo-logins':
      return reply(200, { logins: agents.map(({ login, name, role }) => ({ login, name, role })) });
    case '/v1/refresh':
      return centre.revoked ? problem(401, 'SIGNED_OUT') : reply(200, tokens(centre, now(), ownerOf(centre, body)));
    case '/v1/desk/order':
      return reply(200, { wipe: centre.wipe && { ...centre.wipe, orderedAt: new Date(now()).toISOString() } });
    case '/v1/desk/wiped':
      centre.wiped = DeskWiped.parse(body);
      return reply(200, {});
    case '/v1/desk/held':
      centre.heldReport = HeldReport.parse(body);
      return reply(200, {});
    case '/v1/desk-config':
      return reply(200, centre.config);
    case '/v1/customers/lookup':
      return reply(200, { customers: found(oracle, String(body.phone ?? '')), next: null });
    case '/v1/sync/push':
      return reply(200, oracle.push(PushRequest.parse(body)));
    case '/v1/sync/changes':
      return reply(200, oracle.pull({ cursor: url.searchParams.get('cursor') ?? '', limit: 500 }));
    case '/v1/sync/start':
      return reply(200, oracle.start());
    case '/v1/sync/snapshot': {
      const table = url.searchParams.get('table') as Parameters<OracleCentre['snapshot']>[0]['table'];
      return reply(200, oracle.snapshot({ table, after: url.searchParams.get('after'), limit: 5000 }));
    }
    default:
      return problem(404, 'NOT_FOUND');
  }
}

function ownerOf({ given }: HttpCentre, body: Body): string {
  return given.find(({ refreshToken }) => refreshToken === body.refreshToken)?.login ?? '';
}

function tokens({ leaseMs, given }: HttpCentre, now: number, login: string) {
  const refreshToken = `refresh ${Math.random()}`;
  given.push({ login, refreshToken });
  return {
    accessToken: `access ${Math.random()}`,
    accessExpiresIn: 600,
    refreshToken,
    leaseUntil: new Date(now + leaseMs).toISOString(),
    serverTime: new Date(now).toISOString(),
  };
}

/** The one person whom the centre knows and this desk does not. */
export const ELSEWHERE = '+821000007777';

function found(oracle: OracleCentre, phone: string): unknown[] {
  if (phone !== ELSEWHERE) return [];
  const sample = oracle.liveRows().find((row) => row.table === 'customer' && row.id === SAMPLE.gold.id)?.data;
  const id = '01990000-0000-7003-8000-000000000777';
  const point = { id: '01990000-0000-7003-8000-000000000778', customerId: id, kind: 'phone', value: '010-0000-7777' };
  const numbers = { e164: phone, last8: phone.slice(-8), label: null, primary: true };
  const customer = { ...sample, id, name: '먼데손님', customerNumber: 'C-999777' };
  return [{ customer, contactPoints: [{ ...point, ...numbers }] }];
}

async function readJson(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()) as Body;
}
