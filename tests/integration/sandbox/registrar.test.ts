import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { PracticeServer } from '../../../src/sandbox/server.ts';
import { openPractice, PASSWORDS } from './support/practice.ts';
import { credentials, openRawDesk, type RawDesk } from './support/raw-desk.ts';

let server: PracticeServer;
let desks: RawDesk[] = [];
const open = async (username: string) => {
  const desk = await openRawDesk(server.sipUrl, username);
  desks.push(desk);
  return desk;
};
beforeEach(async () => {
  server = await openPractice();
});
afterEach(async () => {
  for (const desk of desks) desk.socket.terminate();
  desks = [];
  await server.close();
});

describe('registration', () => {
  it('challenges, takes the right password, and says for how long', async () => {
    const desk = await open('agent1');
    const first = await desk.ask('REGISTER');
    expect(first.status).toBe(401);
    expect(first.header('www-authenticate')).toMatch(
      /^Digest realm="practice\.invalid", nonce="[^"]+", algorithm=MD5, qop="auth"$/,
    );
    const registered = await desk.register(PASSWORDS.agent1 ?? '', { expires: 120 });
    expect(registered.status).toBe(200);
    expect(registered.header('contact')).toMatch(/^<sip:agent1@desk\.invalid;transport=ws>;expires=120$/);
    expect(server.pbx.registered()).toEqual(['agent1']);
  });

  it('refuses a wrong password and an unknown account with 403', async () => {
    expect((await (await open('agent1')).register('not this')).status).toBe(403);
    expect((await (await open('stranger')).register('anything')).status).toBe(403);
    expect(server.pbx.registered()).toEqual([]);
  });

  it('does not let one account register another', async () => {
    const desk = await open('agent2');
    const challenged = await desk.ask('REGISTER');
    const asAgent1 = credentials(challenged, 'agent1', PASSWORDS.agent1 ?? '', 'REGISTER');
    expect((await desk.ask('REGISTER', { headers: [`Authorization: ${asAgent1}`] })).status).toBe(403);
  });

  it('keeps one contact for each account: the newest, which the older cannot take away', async () => {
    const [first, second] = [await open('agent1'), await open('agent1')];
    await first.register(PASSWORDS.agent1 ?? '', { contact: '<sip:old@desk.invalid;transport=ws>' });
    await second.register(PASSWORDS.agent1 ?? '', { contact: '<sip:new@desk.invalid;transport=ws>' });
    const gone = await first.register(PASSWORDS.agent1 ?? '', {
      contact: '<sip:old@desk.invalid;transport=ws>',
      expires: 0,
    });
    expect(gone.header('contact')).toContain('sip:new@');
    first.socket.terminate();
    await first.closed;
    expect(server.pbx.registered()).toEqual(['agent1']);
    expect(server.pbx.start('gold-billing', 'agent1').ok).toBe(true);
    expect((await second.next((m) => m.method === 'INVITE')).start).toContain('sip:new@');
    expect(first.received.some((m) => m.method === 'INVITE')).toBe(false);
  });

  it('ends with Expires: 0, with Contact: *, and with the socket', async () => {
    const desk = await open('agent1');
    await desk.register(PASSWORDS.agent1 ?? '');
    expect((await desk.register(PASSWORDS.agent1 ?? '', { expires: 0 })).header('contact')).toBeUndefined();
    expect(server.pbx.registered()).toEqual([]);
    await desk.register(PASSWORDS.agent1 ?? '');
    await desk.register(PASSWORDS.agent1 ?? '', { contact: '*', expires: 0 });
    expect(server.pbx.registered()).toEqual([]);
    await desk.register(PASSWORDS.agent1 ?? '');
    desk.socket.terminate();
    await desk.closed;
    while (server.pbx.registered().length > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it('asks for at least thirty seconds', async () => {
    const refused = await (await open('agent1')).register(PASSWORDS.agent1 ?? '', { expires: 5 });
    expect(refused.status).toBe(423);
    expect(refused.header('min-expires')).toBe('30');
  });
});

describe('the socket', () => {
  it('answers keep-alives, OPTIONS and WebSocket pings', async () => {
    const desk = await open('agent1');
    desk.send('\r\n\r\n');
    expect((await desk.next((m) => m.text === '\r\n')).text).toBe('\r\n');
    expect((await desk.ask('OPTIONS')).status).toBe(200);
    const pong = new Promise((resolve) => desk.socket.once('pong', resolve));
    desk.socket.ping();
    await pong;
  });

  it.each([
    'nonsense',
    'INVITE sip:x SIP/2.0\r\n\r\n',
    'SIP/2.0 200 OK\r\nVia: broken\r\nCSeq: x\r\n\r\n',
    'REGISTER sip:practice.invalid SIP/2.0\r\nVia: SIP/2.0/WS a;branch=z9hG4bK1\r\nFrom: \r\nTo: \r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n\r\n',
    'FOO sip:practice.invalid SIP/2.0\r\n\r\n',
    '\u0000\u0001\u0002',
  ])('survives %j', async (garbage) => {
    const desk = await open('agent1');
    desk.send(garbage);
    expect((await desk.register(PASSWORDS.agent1 ?? '')).status).toBe(200);
  });

  it('drops a desk that sends far too much, and nobody else', async () => {
    const [big, other] = [await open('agent1'), await open('agent2')];
    await other.register(PASSWORDS.agent2 ?? '');
    big.send(`OPTIONS sip:practice.invalid SIP/2.0\r\nSubject: ${'x'.repeat(300_000)}\r\n\r\n`);
    await big.closed;
    expect(server.pbx.registered()).toEqual(['agent2']);
  });

  it('speaks to nobody who does not ask for SIP', async () => {
    const socket = new WebSocket(server.sipUrl);
    const code = await new Promise((resolve) => socket.once('close', resolve).once('error', () => resolve('refused')));
    expect([1002, 'refused']).toContain(code);
  });
});
