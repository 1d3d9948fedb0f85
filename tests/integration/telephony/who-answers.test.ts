import { expect, test } from 'vitest';
import { FarLeg } from '../../fakes/phone-page/far-leg.ts';
import { callBench } from './support/answered-call.ts';

// A code of the PBX is dialled, to pick up a colleague's call or to take one back from parking: whoever is reached by it is
// said in the answer itself (RFC 3325 section 5), or in an UPDATE after it. The pop must not depend on which.

const bench = callBench();

/** Dials, and is answered with this identity. @returns the caller that the desk shows. */
async function answered(target: string, identity: string) {
  const { desk, peer } = bench;
  const since = peer.heard.length;
  const callId = await desk.page.evaluate((number) => window.phonePage.phone().call(number), target);
  const invite = await peer.next('INVITE', since);
  const sdp = await desk.page.evaluate((offer) => window.phonePage.farAnswer(offer, 'far', 700), invite.text.body);
  new FarLeg(peer, invite, 'far').say('200 OK', sdp, [`P-Asserted-Identity: ${identity}`]);
  await peer.next('ACK', since);
  await desk.talking({ callId, media: 'connected' });
  const caller = await desk.page.evaluate(() => window.phonePage.phone().state().calls[0]?.caller);
  await desk.act('hangUp', callId);
  peer.answer(await peer.next('BYE', since), '200 OK');
  return caller;
}

test('a code was dialled: the customer whom the answer names is on the line', async () => {
  expect(await answered('*8102', '"김단골" <sip:01000001234@pbx.test>')).toMatchObject({
    e164: '+821000001234',
    displayName: '김단골',
    source: 'p-asserted-identity',
  });
});

test('a customer was dialled: they stay who they are, whatever number the carrier answers with', async () => {
  expect(await answered('010-0000-9876', '<sip:0200000100@pbx.test>')).toMatchObject({
    e164: '+821000009876',
    source: 'dialled',
  });
});

test('a code was dialled, and the answer names no number of the world: nobody else is shown', async () => {
  expect(await answered('701', '<sip:701@pbx.test>')).toMatchObject({ number: '701', source: 'dialled' });
});
