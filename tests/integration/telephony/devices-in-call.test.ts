import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Judgement } from '../../../src/telephony/quality.ts';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import type { FarCall } from '../../fakes/sip-far-call.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';

let browser: BrowserPhone;
let peer: SipPeer;
let desk: PhonePage;

beforeAll(async () => {
  browser = await BrowserPhone.launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
  desk = await browser.open(peer.account());
  await desk.registered();
});
afterEach(async () => {
  expect(desk.errors).toEqual([]);
  await desk.close();
  await peer.stop();
});

async function answered(): Promise<{ far: FarCall; callId: string }> {
  const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
  const { callId } = await desk.call('ringing');
  await desk.act('answer', callId);
  const ok = await far.next('200', 'INVITE');
  await desk.page.evaluate((sdp) => window.phonePage.farAccept(sdp), ok.text.body);
  far.ack();
  await desk.talking({ media: 'connected' });
  return { far, callId };
}

const plugTone = (hertz: number) => desk.page.evaluate((hz) => window.phonePage.plugTone(hz), hertz);
const farHearsTone = (hertz: number) => desk.page.evaluate((hz) => window.phonePage.farHearsTone(hz), hertz);
const mute = (callId: string, muted: boolean) =>
  desk.page.evaluate(([id, on]) => window.phonePage.phone().setMuted(id, on), [callId, muted] as const);

describe('another microphone in the middle of a call', () => {
  test('is heard over there at once, and nothing is negotiated', async () => {
    await plugTone(500);
    await answered();
    expect(await farHearsTone(500)).toBe(true);
    const since = peer.heard.length;
    await plugTone(1500);
    expect(await farHearsTone(1500)).toBe(true);
    expect(peer.heard.slice(since).filter(({ kind }) => kind === 'INVITE')).toEqual([]);
    expect(await desk.page.evaluate(() => window.phonePage.liveTracks())).toBe(1);
  });

  test('a muted call stays muted on it, and unmuting opens the new one', async () => {
    await plugTone(500);
    const { callId } = await answered();
    await mute(callId, true);
    await plugTone(1500);
    await desk.talking({ muted: true });
    expect(await desk.page.evaluate(() => window.phonePage.farHearsSilence())).toBe(true);
    await mute(callId, false);
    await desk.talking({ muted: false });
    expect(await farHearsTone(1500)).toBe(true);
  });

  test('from one real device to another: what is sent is the chosen one', async () => {
    await answered();
    await desk.page.evaluate(() => window.phonePage.plugDevice('Fake Audio Input 2'));
    await desk.page.waitForFunction(() => window.phonePage.sentLabel() === 'Fake Audio Input 2');
    expect(await desk.page.evaluate(() => window.phonePage.farHears())).toBe(true);
  });

  test('one that cannot be opened leaves the call as it is', async () => {
    await plugTone(500);
    const { far } = await answered();
    await desk.page.evaluate(() => window.phonePage.plugDevice('Fake Audio Input 9').catch(() => undefined));
    expect(await farHearsTone(500)).toBe(true);
    far.bye();
    expect(await desk.call('ended')).toMatchObject({ end: { result: 'answered', by: 'there' } });
  });
});

describe('one-way audio is seen, and blamed on somebody', () => {
  /** The first judgement that fits, and after how many looks (one every 2 s). */
  async function judged(silence: Judgement['silence']): Promise<{ culprit: Judgement['culprit']; looks: number }> {
    const before = await desk.page.evaluate(() => window.phonePage.judged.length);
    const handle = await desk.page.waitForFunction(
      ([wanted, from]) => {
        const at = window.phonePage.judged.findIndex((one, i) => i >= from && one.silence === wanted);
        const found = window.phonePage.judged[at];
        return found ? { culprit: found.culprit, looks: at - from + 1 } : null;
      },
      [silence, before] as const,
    );
    const found = await handle.jsonValue();
    if (!found) throw new Error('nothing judged');
    return found;
  }

  test('a good call is judged good, both ways', async () => {
    await plugTone(500);
    await answered();
    // A busy machine may play a stretch late; it does not stay so, and nobody is ever silent.
    await desk.page.waitForFunction(() =>
      window.phonePage.judged.some((one) => one.grade === 'good' && one.culprit === null && one.out.mos !== null),
    );
    expect(await desk.page.evaluate(() => window.phonePage.judged.map((one) => one.silence))).not.toContainEqual(
      expect.not.stringMatching('none'),
    );
  });

  test('the microphone gives nothing although it is open: the headset', async () => {
    await plugTone(500);
    await answered();
    await plugTone(0);
    expect(await judged('microphone_silent')).toMatchObject({
      culprit: 'headset',
      looks: expect.toSatisfy((n) => n <= 2),
    });
  });

  test('muted is no fault of the headset', async () => {
    await plugTone(500);
    const { callId } = await answered();
    await mute(callId, true);
    await plugTone(0);
    await desk.page.waitForFunction(() => window.phonePage.judged.length >= 3);
    expect(await desk.page.evaluate(() => window.phonePage.judged.map((one) => one.silence))).not.toContain(
      'microphone_silent',
    );
  });

  test('no packets of the customer while the PBX still answers: the trunk', async () => {
    await plugTone(500);
    await answered();
    await desk.page.waitForFunction(() => window.phonePage.judged.length >= 1);
    await desk.page.evaluate(() => window.phonePage.farSends('nothing'));
    const found = await judged('nothing_arrives');
    expect(found.looks).toBeLessThanOrEqual(2);
    await desk.page.waitForFunction(() => window.phonePage.judged.at(-1)?.culprit === 'trunk');
  });

  test('nobody answers any more, not even the PBX: the network', async () => {
    await plugTone(500);
    await answered();
    await desk.page.waitForFunction(() => window.phonePage.judged.length >= 1);
    await desk.page.evaluate(() => window.phonePage.farGone());
    expect(await judged('nothing_arrives')).toMatchObject({ culprit: 'network' });
  });

  test('packets without a sound since the answer: the trunk', async () => {
    await plugTone(500);
    const offering = desk.page.evaluate(() => window.phonePage.farOffer());
    const sdp = await offering;
    await desk.page.evaluate(() => window.phonePage.farSends('silence'));
    const far = peer.invite({ sdp });
    await desk.act('answer', (await desk.call('ringing')).callId);
    const ok = await far.next('200', 'INVITE');
    await desk.page.evaluate((answer) => window.phonePage.farAccept(answer), ok.text.body);
    far.ack();
    expect(await judged('far_silent')).toMatchObject({ culprit: 'trunk', looks: expect.toSatisfy((n) => n <= 3) });
  });
});
