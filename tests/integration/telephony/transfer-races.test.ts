import { expect, test } from 'vitest';
import { BrowserPhone } from '../../fakes/phone-page/browser-phone.ts';
import { DeskCalls } from '../../fakes/phone-page/desk-calls.ts';
import { raceTransfer } from '../../fakes/phone-page/transfer-race.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';

test('30 seeded races of a transfer: the customer is lost to nobody, and nothing goes unanswered', async () => {
  const browser = await BrowserPhone.launch();
  const peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
  const desk = await browser.open(peer.account());
  try {
    await desk.registered();
    const calls = new DeskCalls(desk, peer);
    let seed = 11;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let race = 0; race < 30; race += 1) {
      expect(`${race}: ${await raceTransfer({ desk, peer, calls, random })}`).toBe(`${race}: null`);
    }
    expect(desk.errors).toEqual([]);
  } finally {
    await browser.close();
    await peer.stop();
  }
}, 120_000);
