import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { Account } from '../../../src/central/messages/account.ts';
import { deliver } from '../../../src/central/messages/smtp.ts';

let server: Server | null = null;
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server?.close();
});

/** A mail server that answers until `silentFrom`, and then says nothing more. */
async function slowServer(silentFrom: string): Promise<{ account: Account; got: string[] }> {
  const got: string[] = [];
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (silentFrom !== 'greeting') socket.write('220 slow\r\n');
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        got.push(line);
        const command = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
        const replies: Record<string, string> = { EHLO: '250 slow', MAIL: '250 ok', RCPT: '250 ok', DATA: '354 go on' };
        if (command !== silentFrom && replies[command]) socket.write(`${replies[command]}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const smtp = { host: '127.0.0.1', port, security: 'none' as const, user: 'u' };
  const account: Account = {
    ...{ address: 'help@dangol.test', name: '고객센터', imap: null, smtp, since: '2026-01-01', replyHours: 24 },
    ...{ formSenders: [], sealed: null, password: 'x' },
  };
  return { account, got };
}

const MAIL = { from: 'help@dangol.test', to: 'a@example.com', content: Buffer.from('Subject: x\r\n\r\nwords\r\n') };

it('a server that never says a word is given up, and tried again later: it has nothing yet', async () => {
  const { account } = await slowServer('greeting');
  expect(await deliver(account, MAIL, async () => true, 300)).toEqual({ done: false, reason: null, final: false });
});

it('a server that is silent after it has the whole mail is given up well before somebody else may take it over: nobody knows', async () => {
  const { account, got } = await slowServer('none');
  expect(await deliver(account, MAIL, async () => true, 1_000)).toEqual({
    done: false,
    reason: 'uncertain',
    final: true,
  });
  expect(got).toContain('words');
});

it('whoever lost the mail to somebody else meanwhile hands no byte of it over', async () => {
  const { account, got } = await slowServer('none');
  expect(await deliver(account, MAIL, async () => false, 5_000)).toEqual({ done: false, reason: null, final: false });
  expect(got).toContain('DATA');
  expect(got).not.toContain('words');
});
