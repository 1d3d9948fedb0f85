import { createSocket } from 'node:dgram';
import { beforeEach, expect, test } from 'vitest';
import type { PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import type { SipPeer } from '../../fakes/sip-peer.ts';
import { callBench } from './support/answered-call.ts';

// What befalls a call: sockets that die, crossing messages, a second caller, no microphone.

const bench = callBench();
const { answered, agree, listen } = bench;
let peer: SipPeer;
let desk: PhonePage;

beforeEach(() => {
  ({ peer, desk } = bench);
});

test('a second call while talking: it rings, 486 declines it, the first call is as it was', async () => {
  const { far, callId } = await answered();
  const first = await desk.call('talking');
  const second = peer.invite({ from: '<sip:01000005678@pbx.test>;tag=second' });
  const ringing = await desk.call('ringing');
  expect(ringing.caller.number).toBe('01000005678');
  await desk.act('decline', ringing.callId);
  await second.next('486');
  second.ack(true);
  expect(await desk.call('talking')).toEqual(first);
  expect(await listen('farHears')).toBe(true);
  await desk.act('hangUp', callId);
  peer.answer(await far.next('BYE'), '200 OK');
});

test('the microphone is refused: the caller is sent on, nothing hangs', async () => {
  await desk.page.evaluate(() => window.phonePage.denyMicrophone());
  const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
  await desk.act('answer', (await desk.call('ringing')).callId);
  await far.next('480');
  far.ack(true);
  expect(await desk.call('ended')).toMatchObject({ end: { result: 'failed', by: 'here' } });
});

test('socket lost in a call: the audio goes on, and after the reconnect the far side hears of us again', async () => {
  const { far, callId } = await answered();
  const since = peer.heard.length;
  peer.cut();
  await peer.next('REGISTER', since);
  await agree(await far.next('INVITE'));
  await far.next('ACK');
  expect(await listen('farHears')).toBe(true);
  far.bye();
  await far.next('200', 'BYE');
  expect((await desk.call('ended')).callId).toBe(callId);
});

test('after a reconnect the PBX has forgotten the call (481): it is shown as ended', async () => {
  const { far } = await answered();
  peer.cut();
  peer.answer(await far.next('INVITE'), '481 Call/Transaction Does Not Exist');
  expect(await desk.call('ended')).toMatchObject({ end: { result: 'answered', by: 'there', sipStatus: 481 } });
});

test('hung up while the socket is gone: the BYE goes out on the next one', async () => {
  const { far, callId } = await answered();
  peer.cut();
  await desk.act('hangUp', callId);
  await desk.call('ended');
  await far.next('BYE');
});

test('hung up as the socket dies, before either side knows: the BYE is said again until somebody answers', async () => {
  const { far, callId } = await answered();
  await desk.act('hangUp', callId);
  const lost = await far.next('BYE');
  peer.cut();
  const again = await far.next('BYE');
  expect(again.raw).toBe(lost.raw);
  peer.answer(again, '200 OK');
  const before = peer.heard.length;
  peer.cut();
  await peer.next((one) => one.kind === 'REGISTER' && /response=/.test(one.raw), before);
  await peer.next('OPTIONS', before);
  expect(peer.heard.slice(before).filter((one) => one.kind === 'BYE')).toEqual([]);
});

test('the page is left in a call: the far side gets its BYE', async () => {
  const { far } = await answered();
  await desk.page.goto('about:blank');
  await far.next('BYE');
});

test('CANCEL crosses the answer: no ghost call, whoever wins', async () => {
  const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
  const { callId } = await desk.call('ringing');
  const answering = desk.act('answer', callId);
  far.cancel();
  await answering;
  const outcome = await Promise.race([far.next('487'), far.next('200', 'INVITE')]);
  if (outcome.kind === '200') {
    far.ack();
    far.bye();
  } else far.ack(true);
  await desk.call('ended');
  expect(await desk.page.evaluate(() => window.phonePage.openPeers())).toBe(0);
});

test('a REFER never makes the phone dial: every call goes through the gate', async () => {
  const { far, callId } = await answered();
  far.request('REFER', '', ['Refer-To: <sip:01000009999@pbx.test>', 'Referred-By: <sip:far@pbx.test>']);
  await far.next('603', 'REFER');
  await desk.act('hangUp', callId);
  const next = await Promise.race([far.next('BYE'), peer.next('INVITE', 0)]);
  expect(next.kind).toBe('BYE');
});

test('after a transfer the caller is the customer, not the colleague', async () => {
  const { far, callId } = await answered();
  const offer = await desk.page.evaluate(() => window.phonePage.farReoffer());
  far.request('INVITE', offer, ['P-Asserted-Identity: "김단골" <sip:01000007777@pbx.test>']);
  const ok = await far.next('200', 'INVITE');
  await desk.page.evaluate((sdp) => window.phonePage.farAccept(sdp), ok.text.body);
  far.ack();
  await desk.page.waitForFunction(() => window.phonePage.phone().state().calls[0]?.caller.e164 === '+821000007777');
  expect(await listen('farHears')).toBe(true);
  await desk.act('hangUp', callId);
});

test('a STUN server that never answers delays no answer: it leaves with the first candidate', async () => {
  const silent = createSocket('udp4');
  await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
  const iceServers = [{ urls: `stun:127.0.0.1:${silent.address().port}` }];
  const other = await bench.browser.open({ ...peer.account(), iceServers });
  await other.registered();
  const far = peer.invite({ sdp: await other.page.evaluate(() => window.phonePage.farOffer()) });
  await other.act('answer', (await other.call('ringing')).callId);
  const ok = await far.next('200', 'INVITE');
  expect(await other.page.evaluate(() => window.phonePage.gatheringAtAnswer)).toBe('gathering');
  expect(ok.text.body).toContain('typ host');
  await other.page.evaluate((sdp) => window.phonePage.farAccept(sdp), ok.text.body);
  far.ack();
  await other.talking({ media: 'connected' });
  await other.close();
  silent.close();
});
