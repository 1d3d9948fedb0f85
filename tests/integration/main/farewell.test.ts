import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createFarewells, type Farewells } from '../../../src/main/farewell.ts';
import { systemClock } from '../../../src/main/system-clock.ts';

// The host's word to a PBX, over real sockets.

let pbx: WebSocketServer;
let heard: string[];
let onMessage: (socket: WebSocket, text: string) => void;
let farewells: Farewells;

beforeEach(async () => {
  heard = [];
  onMessage = (socket) => socket.send('SIP/2.0 200 OK\r\n\r\n');
  pbx = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: (protocols) => (protocols.has('sip') ? 'sip' : false),
  });
  pbx.on('connection', (socket) => {
    socket.on('message', (data) => {
      heard.push(String(data));
      onMessage(socket, String(data));
    });
  });
  await new Promise((resolve) => pbx.once('listening', resolve));
  farewells = createFarewells({ clock: systemClock(), log: () => undefined });
});
afterEach(() => {
  for (const socket of pbx.clients) socket.terminate();
  return new Promise((resolve) => pbx.close(resolve));
});
const address = () => `ws://127.0.0.1:${(pbx.address() as AddressInfo).port}/ws`;

test('says every message as it was written, and knows that it was heard', async () => {
  expect(await farewells.say(address(), ['BYE one\r\n\r\n', 'BYE two\r\n\r\n'])).toBe(true);
  expect(heard).toEqual(['BYE one\r\n\r\n', 'BYE two\r\n\r\n']);
});

test('a PBX that says nothing, or hangs up: not heard, and nothing hangs', async () => {
  onMessage = () => undefined;
  expect(await farewells.say(address(), ['BYE one'])).toBe(false);
  onMessage = (socket) => socket.terminate();
  expect(await farewells.say(address(), ['BYE one'])).toBe(false);
});

test('tells whether the PBX is in reach; one that was not is asked again', async () => {
  expect(await farewells.reaches('ws://127.0.0.1:1/ws')).toBe(false);
  expect(await farewells.reaches('no address at all')).toBe(false);
  expect(await farewells.reaches(address())).toBe(true);
  expect(heard).toEqual([]);
});
