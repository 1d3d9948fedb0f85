import { type AddressInfo, createServer as createPlain, type Server } from 'node:net';
import { createServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { certificateTrouble } from '../../../src/main/line-trouble.ts';
import { EXPIRED, FUTURE, GOOD, OTHER_NAME, TEST_KEY } from '../../fixtures/telephony/certificates.ts';

const NOW = Date.UTC(2026, 10, 23);
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(cert: string): Promise<string> {
  const server = createServer({ key: TEST_KEY, cert });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `wss://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
}

test.each([
  ['expired', EXPIRED, 'expired'],
  ['of the future', FUTURE, 'not_yet_valid'],
  ['for another name', OTHER_NAME, 'wrong_name'],
  ['that is in order', GOOD, null],
])('a certificate %s', async (_name, cert, trouble) => {
  expect(await certificateTrouble(await listening(cert), NOW)).toBe(trouble);
});

test('nobody there, no TLS, a plain address, no address: nothing is said about a certificate', async () => {
  const plain = createPlain((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  servers.push(plain);
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const { port } = plain.address() as AddressInfo;
  for (const address of [`wss://127.0.0.1:${port}/`, 'wss://127.0.0.1:9/', `ws://127.0.0.1:${port}/`, '', 'nonsense'])
    expect(await certificateTrouble(address, NOW)).toBeNull();
});
