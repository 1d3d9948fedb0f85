import { expect, test } from 'vitest';
import { BrowserPhone } from '../../fakes/phone-page/browser-phone.ts';
import { raceCall } from '../../fakes/phone-page/call-race.ts';
import { DeskCalls } from '../../fakes/phone-page/desk-calls.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';

// A share of what `npm run chaos -- telephony` does ten thousand times; a seed makes a failure the same tomorrow.
test('40 seeded races of every kind: both sides agree that it is over, nothing is left, no 2xx without ACK and BYE', async () => {
  const browser = await BrowserPhone.launch();
  const peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
  const desk = await browser.open(peer.account());
  try {
    await desk.registered();
    const calls = new DeskCalls(desk, peer);
    let seed = 23;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const kinds = new Set<string>();
    for (let race = 0; race < 40; race += 1) {
      const { kind, fault } = await raceCall({ desk, peer, calls, random });
      kinds.add(kind);
      expect(`${race} ${kind}: ${fault}`).toBe(`${race} ${kind}: null`);
    }
    expect([...kinds].sort()).toEqual(['both hang up', 'cancel', 'fork', 'glare', 'hang up']);
    expect(desk.errors).toEqual([]);
  } finally {
    await browser.close();
    await peer.stop();
  }
}, 120_000);
