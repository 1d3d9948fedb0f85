import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPump } from '../../../src/sandbox/media/pump.ts';
import { levelOf } from '../../../src/sandbox/media/ulaw.ts';
import type { PracticeServer } from '../../../src/sandbox/server.ts';
import { callBecomes, openPractice, PASSWORDS, startCall } from './support/practice.ts';
import { openRawDesk, type RawDesk } from './support/raw-desk.ts';

let server: PracticeServer;
const atEnd: (() => unknown)[] = [];
const desk = async (username: string): Promise<RawDesk> => {
  const opened = await openRawDesk(server.sipUrl, username);
  atEnd.push(() => opened.socket.terminate());
  expect((await opened.register(PASSWORDS[username] ?? '')).status).toBe(200);
  return opened;
};
const invite = (from: RawDesk) => from.next((m) => m.method === 'INVITE');
const tone = () => Uint8Array.from({ length: 160 }, (_, i) => (i % 16 < 8 ? 0x98 : 0x18));
/** The desk's agent makes a noise from now on. */
const talk = (media: { send: (frame: Uint8Array) => void }) => {
  const stop = startPump(() => media.send(tone()));
  atEnd.push(stop);
  return stop;
};
beforeEach(async () => {
  server = await openPractice({ queueRingMs: 150, queueRestMs: 60, rtpTimeoutMs: 1500 });
});
afterEach(async () => {
  for (const act of atEnd.splice(0).reverse()) await act();
  await server.close();
});

describe('a simulated caller', () => {
  it('rings with who it is, in every header that a desk reads', async () => {
    const agent = await desk('agent1');
    startCall(server, 'gold-billing', 'agent1');
    const ringing = await invite(agent);
    expect(ringing.header('from')).toMatch(/^<sip:01000001001@practice\.invalid>;tag=/);
    expect(ringing.header('p-asserted-identity')).toBe('<sip:01000001001@practice.invalid>');
    expect(ringing.header('x-queue')).toBe('support');
    expect(ringing.header('x-customer-ref')).toBe('C-100001');
    expect(ringing.header('x-caller-uniqueid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(ringing.body).toMatch(/^a=rtpmap:0 PCMU\/8000/m);
    expect(ringing.body).toMatch(/^a=rtpmap:101 telephone-event\/8000/m);
    expect(ringing.body).toMatch(/^a=candidate:.* 127\.0\.0\.1 /m);
  });

  it('shows a Korean display name, and nothing at all when the number is withheld', async () => {
    const agent = await desk('agent1');
    startCall(server, 'vip-cancel', 'agent1');
    const named = await invite(agent);
    expect(named.header('from')).toMatch(/^"\(주\)한결정밀 대표" <sip:01000009009@/);
    agent.reply(named, 486);
    await agent.next((m) => m.method === 'ACK');
    startCall(server, 'withheld', 'agent1');
    const hidden = await invite(agent);
    expect(hidden.header('from')).toMatch(/^"Anonymous" <sip:anonymous@anonymous\.invalid>/);
    expect(hidden.header('p-asserted-identity')).toBeUndefined();
    expect(hidden.header('privacy')).toBe('id');
  });

  it('is heard by the desk, hears the desk, and notices that the agent hangs up', async () => {
    const agent = await desk('agent1');
    const id = startCall(server, 'gold-billing', 'agent1');
    const ringing = await invite(agent);
    const { media } = await agent.answer(ringing);
    atEnd.push(media.close);
    const heard = new Promise<number>((resolve) => {
      media.onFrame((frame) => {
        if (levelOf(frame) > -30) resolve(levelOf(frame));
      });
    });
    expect(await heard).toBeGreaterThan(-30);
    talk(media);
    const view = await callBecomes(server, id, ({ media: m }) => (m?.levelIn ?? -90) > -25);
    expect(view).toMatchObject({ state: 'talking', sipUsername: 'agent1', scenarioId: 'gold-billing', linesSaid: 1 });
    agent.inDialog(ringing, 'BYE');
    expect((await agent.next((m) => m.method === 'BYE' && m.status >= 200)).status).toBe(200);
    expect(await callBecomes(server, id, (v) => v.state === 'ended')).toMatchObject({ endedBy: 'desk' });
  });

  it('takes a hold and a resume, an INFO, and hangs up itself with BYE', async () => {
    const agent = await desk('agent1');
    const id = startCall(server, 'gold-billing', 'agent1');
    const ringing = await invite(agent);
    const { media } = await agent.answer(ringing);
    atEnd.push(media.close);
    await callBecomes(server, id, (v) => v.media?.state === 'connected');
    const offer = (await media.createOffer()).replace(/a=sendrecv/g, 'a=sendonly');
    agent.inDialog(ringing, 'INVITE', { body: offer });
    const held = await agent.next((m) => m.method === 'INVITE' && m.status >= 200);
    expect(held.status).toBe(200);
    agent.inDialog(ringing, 'ACK');
    await callBecomes(server, id, (v) => v.state === 'held');
    agent.inDialog(ringing, 'INFO', { body: 'Signal=5' });
    expect((await agent.next((m) => m.method === 'INFO' && m.status >= 200)).status).toBe(200);
    server.pbx.end(id);
    const bye = await agent.next((m) => m.method === 'BYE' && m.status === 0);
    agent.reply(bye, 200);
    expect(server.pbx.view(id)).toMatchObject({ state: 'ended', endedBy: 'caller' });
  });

  it('gives up with CANCEL, and takes a 200 that crosses it with ACK and BYE', async () => {
    const agent = await desk('agent1');
    const first = startCall(server, 'gold-billing', 'agent1');
    const ringing = await invite(agent);
    agent.reply(ringing, 180);
    await callBecomes(server, first, (v) => v.state === 'ringing');
    server.pbx.end(first);
    const cancel = await agent.next((m) => m.method === 'CANCEL');
    expect(cancel.header('call-id')).toBe(ringing.header('call-id'));
    agent.reply(cancel, 200);
    agent.reply(ringing, 200, { body: ringing.body });
    await agent.next((m) => m.method === 'ACK');
    agent.reply(await agent.next((m) => m.method === 'BYE'), 200);
    expect(server.pbx.view(first)).toMatchObject({ state: 'ended', endedBy: 'caller' });
  });

  it('is told when the agent declines, and does not ring a desk that has a call or none', async () => {
    const agent = await desk('agent1');
    expect(server.pbx.start('gold-billing', 'agent2')).toEqual({ ok: false, why: 'not-registered' });
    expect(server.pbx.start('no-such', 'agent1')).toEqual({ ok: false, why: 'unknown' });
    const id = startCall(server, 'gold-billing', 'agent1');
    expect(server.pbx.start('abusive', 'agent1')).toEqual({ ok: false, why: 'busy' });
    agent.reply(await invite(agent), 486);
    await agent.next((m) => m.method === 'ACK');
    expect(await callBecomes(server, id, (v) => v.state === 'ended')).toMatchObject({ endedBy: 'desk', status: 486 });
  });

  it('is freed when the desk dies in the call', async () => {
    const agent = await desk('agent1');
    const id = startCall(server, 'gold-billing', 'agent1');
    const { media } = await agent.answer(await invite(agent));
    const stop = talk(media);
    await callBecomes(server, id, (v) => (v.media?.packetsIn ?? 0) > 5);
    stop();
    media.close();
    agent.socket.terminate();
    expect(await callBecomes(server, id, (v) => v.state === 'ended')).toMatchObject({ endedBy: 'network' });
  });

  it('stays on the line while a desk loses its socket and comes back with another', async () => {
    const before = await desk('agent1');
    const id = startCall(server, 'gold-billing', 'agent1');
    const ringing = await invite(before);
    const { media } = await before.answer(ringing);
    atEnd.push(media.close);
    talk(media);
    await callBecomes(server, id, (v) => (v.media?.packetsIn ?? 0) > 5);
    before.socket.terminate();
    await before.closed;
    const after = await desk('agent1');
    after.inDialog(ringing, 'INVITE', { body: await media.createOffer() });
    expect((await after.next((m) => m.method === 'INVITE' && m.status >= 200)).status).toBe(200);
    after.inDialog(ringing, 'ACK');
    expect(server.pbx.view(id)?.state).toBe('talking');
    server.pbx.end(id);
    after.reply(await after.next((m) => m.method === 'BYE'), 200);
  });
});

describe('the queue', () => {
  it('rings the next desk when the first does not answer, and tells the first to stop', async () => {
    const [first, second] = [await desk('agent1'), await desk('agent2')];
    const id = startCall(server, 'colleague-queue', 'agent1');
    const ringing = await invite(first);
    first.reply(ringing, 180);
    const cancel = await first.next((m) => m.method === 'CANCEL');
    first.reply(cancel, 200);
    first.reply(ringing, 487);
    const { media } = await second.answer(await invite(second));
    atEnd.push(media.close);
    expect(await callBecomes(server, id, (v) => v.state === 'talking')).toMatchObject({ sipUsername: 'agent2' });
  });

  it('comes back to a desk that declined, after a rest', async () => {
    const only = await desk('agent1');
    const id = startCall(server, 'colleague-queue', 'agent1');
    only.reply(await invite(only), 486);
    await only.next((m) => m.method === 'ACK');
    expect(server.pbx.view(id)?.state).toBe('waiting');
    const again = await invite(only);
    server.pbx.end(id);
    only.reply(again, 180);
    await only.next((m) => m.method === 'CANCEL');
    expect(server.pbx.view(id)?.state).toBe('ended');
  });
});

describe('a desk that dials', () => {
  const dial = async (from: RawDesk, number: string) => {
    const { createMediaSession } = await import('../../../src/sandbox/media/media-session.ts');
    const media = createMediaSession();
    atEnd.push(media.close);
    const branch = `z9hG4bK${number}`;
    const callId = `call-${number}`;
    from.request('INVITE', { to: `sip:${number}@practice.invalid`, branch, callId, body: await media.createOffer() });
    return { media, branch, callId };
  };
  const final = (from: RawDesk) => from.next((m) => m.method === 'INVITE' && m.status >= 200);

  it('reaches the customer of the happy call, in any writing of the number, after ringing', async () => {
    const agent = await desk('agent1');
    const { media } = await dial(agent, '+821000005005');
    expect((await agent.next((m) => m.status === 180)).method).toBe('INVITE');
    const answered = await final(agent);
    expect(answered.status).toBe(200);
    await media.acceptAnswer(answered.body);
    const heard = new Promise((resolve) => media.onFrame((frame) => levelOf(frame) > -30 && resolve(true)));
    expect(await heard).toBe(true);
    expect(server.pbx.calls().at(-1)).toMatchObject({ scenarioId: 'happy-call', state: 'talking' });
  });

  it('hears itself at 600', async () => {
    const agent = await desk('agent1');
    const { media } = await dial(agent, '600');
    await media.acceptAnswer((await final(agent)).body);
    const heard = new Promise((resolve) => media.onFrame((frame) => levelOf(frame) > -30 && resolve(true)));
    talk(media);
    expect(await heard).toBe(true);
  });

  it('gets 404 for a number that nobody has, 486 from a busy one, and may give up at one that rings for ever', async () => {
    const agent = await desk('agent1');
    await dial(agent, '01000000000');
    expect((await final(agent)).status).toBe(404);
    await dial(agent, '119');
    expect((await final(agent)).status).toBe(404);
    await dial(agent, '601');
    expect((await final(agent)).status).toBe(486);
    const { branch, callId } = await dial(agent, '602');
    await agent.next((m) => m.status === 180);
    agent.request('CANCEL', { to: 'sip:602@practice.invalid', branch, callId });
    expect((await final(agent)).status).toBe(487);
  });

  it('must be somebody', async () => {
    const stranger = await openRawDesk(server.sipUrl, 'agent1');
    atEnd.push(() => stranger.socket.terminate());
    await dial(stranger, '600');
    expect((await final(stranger)).status).toBe(401);
  });
});
