import { type AddressInfo, createServer, type Server } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BrowserPhone } from '../../fakes/phone-page/browser-phone.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';
import { EXPIRED, TEST_KEY } from '../../fixtures/telephony/certificates.ts';

// Chromium itself judges the certificate, as in both shells. What the desk says about it: tests/integration/main/line-trouble.test.ts.

let browser: BrowserPhone;
const servers: Server[] = [];

beforeAll(async () => {
  browser = await BrowserPhone.launch();
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => browser.close());

/** A door that tells how it was knocked at: 22 is the first byte of TLS (RFC 8446 section 5.1), letters are plain HTTP. */
async function door(): Promise<{ port: number; knocks: number[]; said: string[]; third: Promise<void> }> {
  const knocks: number[] = [];
  const said: string[] = [];
  let tell = () => {};
  const third = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const tls = createTls({ key: TEST_KEY, cert: EXPIRED }, (socket) => {
    socket.on('data', (data) => said.push(String(data)));
    socket.on('error', () => {});
  });
  tls.on('tlsClientError', () => {});
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('readable', () => {
      const first: Buffer | null = socket.read(1);
      if (!first) return;
      knocks.push(first[0] ?? 0);
      if (knocks.length === 3) tell();
      socket.unshift(first);
      tls.emit('connection', socket);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, knocks, said, third };
}

test('an expired certificate: refused, said, tried again by TLS alone; nothing is ever sent, and no plain server is asked', async () => {
  const plain = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
  const { port, knocks, said, third } = await door();
  const account = { ...plain.account(), server: `wss://127.0.0.1:${port}/ws`, backupServers: [plain.url] };
  const desk = await browser.open(account);
  await desk.page.waitForFunction(() => {
    const { registration } = window.phonePage.phone().state();
    return registration.state === 'retrying' && registration.reason === 'unreachable';
  });
  await third;
  expect(new Set(knocks)).toEqual(new Set([22]));
  expect(said).toEqual([]);
  expect(plain.connections).toBe(0);
  await desk.close();
  await plain.stop();
});
