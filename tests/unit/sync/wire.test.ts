import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { openLiveSocket } from '../../../src/main/live-socket.ts';
import { PROTOCOL_VERSION } from '../../../src/shared/sync-wire.ts';
import { readRetryAfter } from '../../../src/sync/http-failure.ts';
import { createHttpTransport, type HttpTransportOptions } from '../../../src/sync/http-transport.ts';
import type { LiveHandlers, SyncTransport } from '../../../src/sync/transport.ts';
import { AT, idOf } from '../../fakes/sync-rows.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let answer: Answer;
let asked: { path: string; token: string | undefined }[];
let timers: (() => void)[];
let baseUrl: string;
const never = new AbortController().signal;

beforeEach(async () => {
  asked = [];
  timers = [];
  server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', token: request.headers.authorization });
    request.resume();
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function wire(more: Partial<HttpTransportOptions> = {}): SyncTransport {
  return createHttpTransport({
    baseUrl: `${baseUrl}/`,
    fetch,
    openSocket: openLiveSocket(),
    deviceToken: () => 'device-token',
    accessToken: () => 'access-token',
    refresh: async () => false,
    clock: {
      now: () => Date.parse(AT),
      schedule: (_, run) => {
        timers.push(run);
        return () => undefined;
      },
    },
    ...more,
  });
}
const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => {
  return (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};
const problem = (status: number, code: string, headers = {}) =>
  json(status, { type: `urn:dangol:problem:${code}`, title: code, status, code }, headers);
const page = { epoch: 'e', rows: [], cursor: 'c2', more: false, serverTime: AT };
const push = (transport: SyncTransport) =>
  transport.push({ protocol: PROTOCOL_VERSION, deviceId: idOf(1), epoch: null, operations: [{}] }, never);
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error: { reason?: unknown }) => error.reason ?? error,
  );

describe('answers', () => {
  test('S70 one that fits comes out; what is asked stands in the query', async () => {
    answer = json(200, page);
    expect(await wire().pull({ cursor: 'a b&c', limit: 500 }, never)).toEqual(page);
    expect(asked[0]?.path).toBe('/v1/sync/changes?cursor=a+b%26c&limit=500');
  });

  test.each<[string, Answer, object]>([
    ['S70 text that is no JSON', (_, response) => response.end('<html>captive portal</html>'), { kind: 'nonsense' }],
    ['S70 JSON that fits no schema', json(200, { ...page, rows: [{ table: 'nonsense' }] }), { kind: 'nonsense' }],
    ['S70 a crash of the centre', json(500, {}), { kind: 'nonsense' }],
    [
      'S70 a redirect',
      (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
      { kind: 'unreachable' },
    ],
    ['S70 a gateway without a centre', json(502, {}), { kind: 'unreachable' }],
    ['S70 a refused token', problem(401, 'SIGNED_OUT'), { kind: 'signed_out' }],
    ['S70 a restored centre', problem(409, 'EPOCH_CHANGED'), { kind: 'epoch_changed' }],
    [
      'S70 too many requests',
      problem(429, 'TOO_MANY_TRIES', { 'retry-after': '7' }),
      { kind: 'rate_limited', retryAfterMs: 7000 },
    ],
    ['S70 maintenance', json(503, {}, { 'retry-after': '30' }), { kind: 'rate_limited', retryAfterMs: 30_000 }],
    ['S34 a cursor that this centre never gave out', problem(400, 'BAD_INPUT'), { kind: 'epoch_changed' }],
  ])('%s', async (_, given, reason) => {
    answer = given;
    expect(await reasonOf(wire().pull({ cursor: 'c', limit: 1 }, never))).toEqual(reason);
  });

  test('S70 a connection that is cut, a port where nobody listens, a clone', async () => {
    answer = (request) => request.socket.destroy();
    expect(await reasonOf(push(wire()))).toEqual({ kind: 'unreachable' });
    expect(await reasonOf(push(wire({ baseUrl: 'http://127.0.0.1:9' })))).toEqual({ kind: 'unreachable' });
    answer = problem(409, 'DEVICE_FORKED');
    expect(await reasonOf(push(wire()))).toEqual({ kind: 'device_forked' });
  });

  test('S70 the detail of a failure names the place of a misfit, never its value', async () => {
    answer = json(200, { ...page, cursor: { name: '홍길동' } });
    const error = await wire()
      .pull({ cursor: 'c', limit: 1 }, never)
      .catch((thrown: Error) => thrown);
    expect(String(error)).toContain('cursor');
    expect(String(error)).not.toContain('홍길동');
  });

  test('S41 Retry-After in seconds or as a date; nonsense is none, an absurd one is an hour', () => {
    const now = Date.parse('2026-11-23T00:00:00.000Z');
    expect(readRetryAfter('120', now)).toBe(120_000);
    expect(readRetryAfter('Mon, 23 Nov 2026 00:01:00 GMT', now)).toBe(60_000);
    expect(readRetryAfter('Mon, 23 Nov 2020 00:01:00 GMT', now)).toBe(0);
    expect([readRetryAfter('soon', now), readRetryAfter(null, now)]).toEqual([null, null]);
    expect(readRetryAfter('99999999', now)).toBe(3_600_000);
  });
});

describe('tokens', () => {
  test('S71 a 401 is answered once by a fresh token', async () => {
    let token = 'old';
    answer = (request, response) =>
      request.headers.authorization === 'Bearer new'
        ? json(200, page)(request, response)
        : problem(401, 'SIGNED_OUT')(request, response);
    const refresh = async () => {
      token = 'new';
      return true;
    };
    expect(await wire({ accessToken: () => token, refresh }).pull({ cursor: 'c', limit: 1 }, never)).toEqual(page);
    expect(asked.map((one) => one.token)).toEqual(['Bearer old', 'Bearer new']);
    token = 'old';
    const useless = wire({ accessToken: () => token, refresh: async () => true });
    expect(await reasonOf(useless.pull({ cursor: 'c', limit: 1 }, never))).toEqual({ kind: 'signed_out' });
    expect(asked).toHaveLength(4);
  });

  test('S71 pushes carry the device token; without one nothing is sent', async () => {
    answer = problem(401, 'SIGNED_OUT');
    expect(await reasonOf(push(wire({ refresh: () => Promise.reject(new Error('not asked')) })))).toEqual({
      kind: 'signed_out',
    });
    expect(asked).toEqual([{ path: '/v1/sync/push', token: 'Bearer device-token' }]);
    expect(await reasonOf(push(wire({ deviceToken: () => null })))).toEqual({ kind: 'signed_out' });
    expect(asked).toHaveLength(1);
  });

  test('S71 a refresh that cannot reach the centre is no sign-out', async () => {
    answer = problem(401, 'SIGNED_OUT');
    const transport = wire({ refresh: () => Promise.reject(new TypeError('fetch failed')) });
    expect(await reasonOf(transport.start(never))).toEqual({ kind: 'unreachable' });
  });
});

describe('time limits', () => {
  test('S72 an answer that never begins, and one that stops in the middle of its body', async () => {
    for (const headersFirst of [false, true]) {
      const arrived = new Promise<void>((resolve) => {
        answer = (_, response) => {
          if (headersFirst) response.writeHead(200, { 'content-type': 'application/json' }).write('{"epoch":');
          resolve();
        };
      });
      const pulled = reasonOf(wire().pull({ cursor: 'c', limit: 1 }, never));
      await arrived;
      timers.at(-1)?.();
      expect(await pulled).toEqual({ kind: 'unreachable' });
    }
  });

  test('S44 an abort ends a request at once', async () => {
    const abort = new AbortController();
    const arrived = new Promise<void>((resolve) => {
      answer = () => resolve();
    });
    const pulled = reasonOf(wire().pull({ cursor: 'c', limit: 1 }, abort.signal));
    await arrived;
    abort.abort();
    expect(await pulled).toEqual({ kind: 'unreachable' });
  });
});

describe('the live connection', () => {
  const listen = (transport: SyncTransport) => {
    const heard: string[] = [];
    let next: () => void = () => undefined;
    const note = (what: string) => {
      heard.push(what);
      next();
    };
    const handlers: LiveHandlers = {
      onWelcome: (epoch) => note(`welcome ${epoch}`),
      onPoke: () => note('poke'),
      onAlive: () => undefined,
      onClosed: (failure) => note(`closed ${failure.reason.kind}`),
    };
    const connection = transport.live(handlers);
    const until = async (count: number) => {
      while (heard.length < count) await new Promise<void>((resolve) => (next = resolve));
      return heard;
    };
    return { connection, until };
  };

  test('S71 says hello with the token in a frame, and hears pokes', async () => {
    const sockets = new WebSocketServer({ server, path: '/v1/sync/live' });
    const hello = new Promise<string>((resolve) => {
      sockets.on('connection', (socket, request) => {
        expect(request.url).toBe('/v1/sync/live');
        socket.once('message', (frame) => {
          resolve(String(frame));
          for (const message of [{ type: 'welcome', epoch: 'e1' }, { type: 'ping' }, { type: 'poke' }]) {
            socket.send(JSON.stringify(message));
          }
        });
      });
    });
    const { connection, until } = listen(wire());
    expect(await until(2)).toEqual(['welcome e1', 'poke']);
    expect(JSON.parse(await hello)).toEqual({ type: 'hello', accessToken: 'access-token', hears: ['pbx'] });
    for (const socket of sockets.clients) socket.close();
    expect(await until(3)).toContain('closed unreachable');
    connection.close();
    sockets.close();
  });

  test('S70 a frame of nonsense closes it; without a token it is not even opened', async () => {
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.send('{"type":"shout"}'));
    expect(await listen(wire()).until(1)).toEqual(['closed nonsense']);
    expect(await listen(wire({ accessToken: () => null })).until(1)).toEqual(['closed signed_out']);
    sockets.close();
  });
});
