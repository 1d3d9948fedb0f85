import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import type { SipAccount } from '../../../src/shared/central-api.ts';
import type { PhoneCall, PhoneState } from '../../../src/telephony/phone-types.ts';
import type {} from '../page/phone-globals.ts';
import { bundle, type PbxBrowser } from './browser.ts';

/** The phone alone in a page of its own: createPhone() against Asterisk, before any screen. */
export interface PhonePage {
  page: Page;
  /** First line and CSeq of every SIP message that the PBX sent to this page, e.g. "SIP/2.0 200 OK, 3 INVITE". */
  received: readonly string[];
  state: () => Promise<PhoneState>;
  /** Resolves with the first state that fits, the present one included. */
  until: <T>(what: string, find: (state: PhoneState) => T | undefined, withinMs?: number) => Promise<T>;
  /** The newest call, once it is in this phase. */
  call: <P extends PhoneCall['phase']>(phase: P) => Promise<Extract<PhoneCall, { phase: P }>>;
  close: () => Promise<void>;
}

export type AgentName = 'agent1' | 'agent2' | 'agent3' | 'agent4';

export function sipAccount(username: AgentName, server: string): SipAccount {
  return {
    server,
    domain: '127.0.0.1',
    username,
    password: `${username}-loopback`,
    displayName: username,
    iceServers: [],
  };
}

/** Serves the page on loopback: a microphone needs an origin that the browser trusts. */
export async function servePhonePage(): Promise<{ url: string; close: () => Promise<void> }> {
  const script = await bundle('phone.ts');
  const server = createServer((request, response) => {
    const isScript = request.url === '/phone.js';
    response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8');
    response.end(
      isScript ? script : '<!doctype html><meta charset="utf-8"><title>phone</title><script src="/phone.js"></script>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Opens a window with a phone and starts it. Resolves without waiting for its registration. */
export async function openPhone(
  browser: PbxBrowser,
  url: string,
  account: SipAccount,
  voiceHz: number | null = null,
): Promise<PhonePage> {
  const context = await browser.newDesk();
  const page = await context.newPage();
  const received: string[] = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => received.push(headOf(String(payload))));
  });
  await page.goto(url);
  await page.evaluate(([given, hz]) => globalThis.startTestPhone(given, hz), [account, voiceHz] as const);
  const state = () => page.evaluate(() => globalThis.testPhone.state());
  const until: PhonePage['until'] = async (what, find, withinMs = 10_000) => {
    const deadline = Date.now() + withinMs;
    for (let revision = -1; ; ) {
      const now = await page.evaluate((known) => globalThis.testPhoneAfter(known), revision);
      revision = now.revision;
      const found = find(now.state);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`the phone did not get to "${what}": ${JSON.stringify(now.state)}`);
    }
  };
  return {
    page,
    received,
    state,
    until,
    call: (phase) =>
      until(phase, ({ calls }) => {
        const newest = calls.at(-1);
        return newest?.phase === phase ? (newest as Extract<PhoneCall, { phase: typeof phase }>) : undefined;
      }),
    close: () => context.close(),
  };
}

function headOf(message: string): string {
  const [first = ''] = message.split('\r\n', 1);
  return `${first}, ${/^CSeq: *(.*)$/im.exec(message)?.[1]?.trim() ?? ''}`;
}
