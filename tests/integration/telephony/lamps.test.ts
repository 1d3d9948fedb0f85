import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PhoneState } from '../../../src/telephony/phone-types.ts';
import { headerValue } from '../../../src/telephony/sip-text.ts';
import { isRegistered, type NodePhone, nodePhone } from '../../fakes/node-phone.ts';
import { type Heard, SipPeer } from '../../fakes/sip-peer.ts';

let peer: SipPeer;
let desk: NodePhone;

beforeEach(async () => {
  peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
  desk = nodePhone(peer.account(), { random: () => 0 });
  desk.phone.start();
  await desk.until(isRegistered);
});
afterEach(async () => {
  await desk.phone.stop();
  await peer.stop();
});

const SUMMARY = 'application/simple-message-summary';
const about = (event: string, target: string) => (one: Heard) =>
  one.kind === 'SUBSCRIBE' &&
  headerValue(one.text, 'event') === event &&
  one.raw.startsWith(`SUBSCRIBE sip:${target}@`);
const info = (state: string) =>
  `<dialog-info state="full" version="0" entity="sip:102@pbx.test"><dialog id="102" direction="recipient"><state>${state}</state></dialog></dialog-info>`;
const shows = (extension: string, presence: string) => (state: PhoneState) => state.presence[extension] === presence;
const granted = ['Expires: 600'];

/** The PBX agrees to a subscription and tells the first state. */
async function told(since: number, state: string): Promise<Heard> {
  const subscribe = await peer.next(about('dialog', '102'), since);
  peer.answer(subscribe, '200 OK', granted);
  peer.notify(subscribe, 1, 'active;expires=600', info(state));
  return subscribe;
}

test('the mailbox is asked for, and every change is shown', async () => {
  const subscribe = await peer.next(about('message-summary', 'agent1'), 0);
  expect(headerValue(subscribe.text, 'accept')).toBe(SUMMARY);
  peer.answer(subscribe, '200 OK', granted);
  peer.notify(subscribe, 1, 'active;expires=600', 'Messages-Waiting: yes\r\nVoice-Message: 2/1\r\n', SUMMARY);
  await desk.until(({ voicemail }) => voicemail?.newMessages === 2);
  expect(desk.phone.state().voicemail).toEqual({ newMessages: 2, oldMessages: 1 });
  peer.notify(subscribe, 2, 'active;expires=500', 'Messages-Waiting: no\r\nVoice-Message: 0/3\r\n', SUMMARY);
  await desk.until(({ voicemail }) => voicemail?.newMessages === 0);
});

test('a PBX that tells of the mailbox unasked is believed; other notices out of nowhere are refused', async () => {
  const subscribe = await peer.next(about('message-summary', 'agent1'), 0);
  peer.answer(subscribe, '489 Bad Event');
  const contact = [...peer.bindings.keys()][0] ?? '';
  const unasked = (event: string, type: string, body: string) =>
    peer.send(
      `NOTIFY ${contact} SIP/2.0\r\nVia: SIP/2.0/WS pbx.test;branch=z9hG4bK-${event}\r\nMax-Forwards: 70\r\nFrom: <sip:pbx.test>;tag=${event}\r\nTo: <${contact}>\r\nContact: <sip:pbx.test>\r\nCall-ID: ${event}\r\nCSeq: 1 NOTIFY\r\nEvent: ${event}\r\nSubscription-State: active\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  unasked('message-summary', SUMMARY, 'Messages-Waiting: yes\r\nVoice-Message: 5/0\r\n');
  await desk.until(({ voicemail }) => voicemail?.newMessages === 5);
  const since = peer.heard.length;
  unasked('presence', 'application/pidf+xml', '<presence/>');
  const answered = (one: Heard) => one.method === 'NOTIFY' && headerValue(one.text, 'call-id') === 'presence';
  expect((await peer.next(answered, since)).kind).toBe('489');
});

test('who is watched: ringing, talking, idle; not told is not known', async () => {
  const since = peer.heard.length;
  desk.phone.watch(['102', '102', ' ']);
  expect(desk.phone.state().presence).toEqual({ 102: 'unknown' });
  const subscribe = await told(since, 'terminated');
  await desk.until(shows('102', 'idle'));
  peer.notify(subscribe, 2, 'active;expires=600', info('early'));
  await desk.until(shows('102', 'ringing'));
  peer.notify(subscribe, 3, 'active;expires=600', info('confirmed'));
  await desk.until(shows('102', 'busy'));
  const before = peer.heard.length;
  desk.phone.watch([]);
  const goodbye = await peer.next('SUBSCRIBE', before);
  expect(headerValue(goodbye.text, 'expires')).toBe('0');
  peer.answer(goodbye, '200 OK', ['Expires: 0']);
  peer.notify(subscribe, 4, 'terminated', info('confirmed'));
  await peer.next((one) => one.kind === '200' && /^CSeq: 4 NOTIFY/im.test(one.raw), before);
  expect(desk.phone.state().presence).toEqual({});
});

test('nobody is shown from before when the line is lost, and all is asked anew on the next one', async () => {
  const since = peer.heard.length;
  desk.phone.watch(['102']);
  await told(since, 'confirmed');
  await desk.until(shows('102', 'busy'));
  const before = peer.heard.length;
  peer.cut();
  await desk.until(shows('102', 'unknown'));
  await told(before, 'terminated');
  await desk.until(shows('102', 'idle'));
});

test.each(['403 Forbidden', '404 Not Found', '489 Bad Event'])(
  'refused with %s: not known, and not asked again',
  async (status) => {
    const since = peer.heard.length;
    desk.phone.watch(['102']);
    peer.answer(await peer.next(about('dialog', '102'), since), status);
    const asked = peer.heard.length;
    await peer.invite().next('180');
    expect(peer.heard.slice(asked).some(about('dialog', '102'))).toBe(false);
    expect(desk.phone.state().presence).toEqual({ 102: 'unknown' });
  },
);

test('a subscription that the PBX ends is asked for again; meanwhile it is not known', async () => {
  const since = peer.heard.length;
  desk.phone.watch(['102']);
  const subscribe = await told(since, 'confirmed');
  await desk.until(shows('102', 'busy'));
  const before = peer.heard.length;
  peer.notify(subscribe, 2, 'terminated;reason=deactivated');
  await desk.until(shows('102', 'unknown'));
  await told(before, 'terminated');
  await desk.until(shows('102', 'idle'));
});

test('refreshed before it runs out', async () => {
  const since = peer.heard.length;
  desk.phone.watch(['102']);
  const subscribe = await peer.next(about('dialog', '102'), since);
  peer.answer(subscribe, '200 OK', ['Expires: 20']);
  const before = peer.heard.length;
  peer.notify(subscribe, 1, 'active;expires=20', info('terminated'));
  const refresh = await peer.next('SUBSCRIBE', before);
  expect(headerValue(refresh.text, 'call-id')).toBe(headerValue(subscribe.text, 'call-id'));
}, 20_000);

test('an UPDATE in a call tells who is on the line now, also while it rings', async () => {
  const far = peer.invite();
  const ringing = await far.next('180');
  expect(headerValue(ringing.text, 'call-id')).toBe(far.callId);
  far.request('UPDATE', '', ['P-Asserted-Identity: "김단골" <sip:01000007777@pbx.test>']);
  await far.next('200', 'UPDATE');
  expect(desk.phone.state().calls[0]).toMatchObject({ caller: { e164: '+821000007777', displayName: '김단골' } });
  far.request('UPDATE', 'v=0\r\nm=audio 9 RTP/AVP 0\r\n');
  await far.next('488', 'UPDATE');
  desk.phone.decline(desk.phone.state().calls[0]?.callId ?? '');
  far.request('UPDATE');
  await far.next('481', 'UPDATE');
});

test('what a transferred call brings along: the reference to its story, and the wish to be answered at once', async () => {
  await peer
    .invite({ headers: ['X-Dangol-Capsule: 0190-cap.7', 'Call-Info: <sip:pbx.test>;answer-after=0'] })
    .next('180');
  expect(desk.phone.state().calls[0]).toMatchObject({ capsule: '0190-cap.7', autoAnswer: true });
  await peer.invite({ headers: ['X-Dangol-Capsule: <script>', 'Alert-Info: <http://x>;info=ring'] }).next('180');
  expect(desk.phone.state().calls[1]).toMatchObject({ capsule: null, autoAnswer: false });
});

test('declined to another number: 302 with that Contact', async () => {
  const far = peer.invite();
  await far.next('180');
  desk.phone.decline(desk.phone.state().calls[0]?.callId ?? '', { to: '010-0000-9999' });
  const moved = await far.next('302');
  expect(headerValue(moved.text, 'contact')).toBe('<sip:01000009999@pbx.test>');
  expect(desk.phone.state().calls[0]).toMatchObject({ end: { result: 'declined', by: 'here', sipStatus: 302 } });
});
