import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { CallRecording, PbxAgent, type RecordingWish, type StateWish } from '../../../src/shared/pbx.ts';
import { LiveMessage } from '../../../src/shared/sync-wire.ts';
import { type FakePbx, startFakePbx } from '../../fakes/fake-pbx.ts';
import { codeOf, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

/** Long enough for a machine that does something else, too. */
const SOON = { timeout: 15_000, interval: 20 };

const SECRET = 'loopback-secret';

/** A desk's live connection: what its agent is told about the PBX, as it comes. */
interface Ear {
  agents: PbxAgent[];
  recordings: CallRecording[];
  close: () => void;
}

onBothStores('the PBX behind the centre', (store) => {
  let pbx: FakePbx;
  let centre: TestCentre;
  let desk: TestDesk;
  let lines: string[];
  let ears: Ear[];
  /** Each test has an agent of its own. */
  let device: string;
  let agents = 0;

  beforeAll(async () => {
    lines = [];
    centre = await store.start({ log: (line) => lines.push(line) });
  });
  beforeEach(async () => {
    pbx = await startFakePbx();
    ears = [];
    agents += 1;
    const login = `kim${agents}`;
    device = `PJSIP/${login}`;
    desk = await centre.desk(login);
    await centre.admin('PUT', 'sip-accounts', { login, username: login, password: 'p', displayName: '' });
    pbx.members = [member('support'), member('sales')];
    await centre.admin('PUT', 'ami', { host: '127.0.0.1', port: pbx.port, username: 'dangol', secret: SECRET });
    await vi.waitUntil(async () => (await agent()).link === 'up', { timeout: 5000, interval: 20 });
  });
  afterEach(async () => {
    for (const ear of ears) ear.close();
    await centre.admin('PUT', 'ami', null);
    await pbx.close();
  });

  const member = (queue: string) => ({ queue, device, paused: false, reason: '' });
  const token = () => desk.session.accessToken;
  const agent = async () => PbxAgent.parse((await desk.get('/v1/me/pbx')).json);
  const ask = (body: StateWish) => centre.call('PUT', '/v1/me/state', { token: token(), body });
  const record = (body: RecordingWish, as = token()) => centre.call('PUT', '/v1/me/recording', { token: as, body });
  const paused = () => pbx.members.map((m) => (m.paused ? m.reason : null));
  const listen = async (accessToken = token()): Promise<Ear> => {
    const socket = new WebSocket(`${centre.url.replace('http', 'ws')}/v1/sync/live`);
    const ear: Ear = { agents: [], recordings: [], close: () => socket.terminate() };
    ears.push(ear);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', accessToken, hears: ['pbx'] })));
    socket.on('message', (text) => {
      const message = LiveMessage.parse(JSON.parse(String(text)));
      if (message.type === 'pbx') ear.agents.push(message.agent);
      if (message.type === 'recording') ear.recordings.push(message.recording);
    });
    await vi.waitUntil(() => ear.agents.length > 0, SOON);
    return ear;
  };
  const last = (ear: Ear) => ear.agents.at(-1);
  const hears = (ear: Ear, what: object) => vi.waitFor(() => expect(last(ear)).toMatchObject(what), SOON);

  it('a break pauses the agent in all queues with its reason, and back; every desk of the login hears it', async () => {
    const [one, other] = [await listen(), await listen()];
    const answer = await ask({ state: 'break', reason: 'lunch' });
    expect(PbxAgent.parse(answer.json)).toMatchObject({
      state: { state: 'break', reason: 'lunch' },
      changedBy: 'agent',
    });
    expect(paused()).toEqual(['lunch', 'lunch']);
    for (const ear of [one, other])
      await hears(ear, { state: { state: 'break', reason: 'lunch' }, changedBy: 'agent' });
    await ask({ state: 'available' });
    expect(paused()).toEqual([null, null]);
    for (const ear of [one, other]) await hears(ear, { state: { state: 'available' }, changedBy: 'agent' });
  });

  it('what a supervisor does at the PBX is told within two seconds, and that it was not the agent', async () => {
    const ear = await listen();
    pbx.pauseByHand(device, true, 'meeting');
    await hears(ear, { state: { state: 'break', reason: 'meeting' }, changedBy: 'pbx' });
    await ask({ state: 'break', reason: 'lunch' });
    pbx.pauseByHand(device, false);
    await hears(ear, { state: { state: 'available' }, changedBy: 'pbx' });
  });

  it('one queue of two paused by hand: still available, and the seat says which', async () => {
    const ear = await listen();
    pbx.pauseByHand(device, true, 'training', 'sales');
    await hears(ear, {
      state: { state: 'available' },
      seats: [
        { queue: 'support', paused: false },
        { queue: 'sales', paused: true },
      ],
    });
  });

  it('a member whom the PBX removed from every queue has no seat any more', async () => {
    const ear = await listen();
    for (const { queue } of pbx.members) {
      pbx.event({ Event: 'QueueMemberRemoved', Queue: queue, Interface: device, StateInterface: device });
    }
    await hears(ear, { seats: [], reachable: null });
  });

  it('a line that the PBX cannot reach is said, and when it is back', async () => {
    const ear = await listen();
    const status = (Status: string) => {
      for (const { queue } of pbx.members) {
        const fields = { Interface: device, StateInterface: device, Status, Paused: '0', PausedReason: '' };
        pbx.event({ Event: 'QueueMemberStatus', Queue: queue, ...fields });
      }
    };
    status('5');
    await hears(ear, { reachable: false, state: { state: 'available' } });
    status('1');
    await hears(ear, { reachable: true });
  });

  it('wrap-up pauses until its time is over, can be lengthened, and ends early', async () => {
    const ear = await listen();
    await ask({ state: 'wrap_up', seconds: 1 });
    expect(paused()).toEqual(['wrap_up', 'wrap_up']);
    await hears(ear, { state: { state: 'wrap_up' }, changedBy: 'agent' });
    await hears(ear, { state: { state: 'available' }, changedBy: 'agent' });
    await vi.waitUntil(() => pbx.members.every((m) => !m.paused), SOON);
    await ask({ state: 'wrap_up', seconds: 1 });
    const longer = PbxAgent.parse((await ask({ state: 'wrap_up', seconds: 600 })).json);
    expect(longer.state).toMatchObject({ state: 'wrap_up' });
    await ask({ state: 'available' });
    expect(paused()).toEqual([null, null]);
  });

  it('a break that was asked for in a call is not ended by the wrap-up after it', async () => {
    await ask({ state: 'break', reason: 'lunch' });
    await ask({ state: 'wrap_up', seconds: 1 });
    expect(paused()).toEqual(['lunch', 'lunch']);
    expect((await agent()).state).toEqual({ state: 'break', reason: 'lunch' });
  });

  it('desks that come and go change nothing at the PBX: a lost desk is no log-out', async () => {
    await ask({ state: 'break', reason: 'lunch' });
    const before = pbx.actions.length;
    for (let n = 0; n < 3; n++) (await listen()).close();
    const later = await listen();
    expect(last(later)).toMatchObject({ state: { state: 'break', reason: 'lunch' }, changedBy: 'agent' });
    const asked = pbx.actions.slice(before).filter(({ Action }) => Action !== 'Ping' && Action !== 'QueueStatus');
    expect(asked).toEqual([]);
  });

  it('callers who wait: how many, and since when', async () => {
    const ear = await listen();
    const join = Date.now();
    pbx.event({ Event: 'QueueCallerJoin', Queue: 'support', Uniqueid: '1.1', Count: '1', Position: '1' });
    pbx.event({ Event: 'QueueCallerJoin', Queue: 'support', Uniqueid: '1.2', Count: '2', Position: '2' });
    await hears(ear, {
      seats: [
        { queue: 'support', waiting: 2 },
        { waiting: 0, longestSince: null },
      ],
    });
    expect(Math.abs(Date.parse(last(ear)?.seats[0]?.longestSince ?? '') - join)).toBeLessThan(1000);
    pbx.event({ Event: 'QueueCallerAbandon', Queue: 'support', Uniqueid: '1.1' });
    pbx.event({ Event: 'QueueCallerLeave', Queue: 'support', Uniqueid: '1.2' });
    await hears(ear, { seats: [{ waiting: 0, longestSince: null }, {}] });
  });

  it('without the link nothing is pretended: it is told, a break is refused, and nothing changed', async () => {
    const ear = await listen();
    pbx.cut({ stay: true });
    await hears(ear, { link: 'down' });
    const answer = await ask({ state: 'break', reason: 'lunch' });
    expect([answer.status, codeOf(answer)]).toEqual([503, 'PBX_UNREACHABLE']);
    expect((await agent()).state).toEqual({ state: 'available' });
    await pbx.mend();
    await vi.waitFor(() => expect(last(ear)?.link).toBe('up'), { timeout: 15_000 });
  });

  it('a pause that the PBX does not answer is refused, not shown', async () => {
    pbx.deaf.add('QueuePause');
    const answer = await ask({ state: 'break', reason: 'lunch' });
    expect(codeOf(answer)).toBe('PBX_UNREACHABLE');
    expect((await agent()).state).toEqual({ state: 'available' });
  });

  it('what changed while the link was gone is found; a PBX that started anew is told the break again', async () => {
    const ear = await listen();
    await ask({ state: 'break', reason: 'lunch' });
    pbx.cut({ stay: true });
    await hears(ear, { link: 'down' });
    Object.assign(pbx, { startedAt: '2026-11-23 09:00:00', members: [member('support')] });
    await pbx.mend();
    await vi.waitFor(() => expect(paused()).toEqual(['lunch']), { timeout: 15_000 });
    pbx.cut({ stay: true });
    await hears(ear, { link: 'down' });
    // Not a start: somebody ended the break by hand.
    pbx.members = [member('support')];
    await pbx.mend();
    await vi.waitFor(
      () => expect(last(ear)).toMatchObject({ link: 'up', state: { state: 'available' }, changedBy: 'pbx' }),
      { timeout: 15_000 },
    );
  });

  it('a PBX that started anew and does not take the break at first is told until it does', async () => {
    const ear = await listen();
    await ask({ state: 'break', reason: 'lunch' });
    pbx.cut({ stay: true });
    await hears(ear, { link: 'down' });
    Object.assign(pbx, { startedAt: '2026-11-23 09:00:00', members: [member('support')] });
    pbx.deaf.add('QueuePause');
    const asked = pbx.actions.length;
    await pbx.mend();
    await vi.waitUntil(() => pbx.actions.slice(asked).some((action) => action.Action === 'QueuePause'), SOON);
    pbx.deaf.delete('QueuePause');
    await vi.waitFor(() => expect(paused()).toEqual(['lunch']), { timeout: 20_000 });
    await vi.waitFor(() => expect(last(ear)).toMatchObject({ link: 'up', state: { state: 'break' } }), {
      timeout: 5000,
    });
  }, 30_000);

  it('a break that a supervisor ends in the instant in which a PBX that started anew is told of it again: it is over', async () => {
    const ear = await listen();
    await ask({ state: 'break', reason: 'lunch' });
    pbx.cut({ stay: true });
    await hears(ear, { link: 'down' });
    Object.assign(pbx, { startedAt: '2026-11-23 09:00:00', members: [member('support'), member('sales')] });
    pbx.answered = ({ Action }) => {
      if (Action === 'QueuePause') pbx.pauseByHand(device, false);
    };
    const [asked, logins] = [pbx.actions.length, pbx.logins];
    await pbx.mend();
    await hears(ear, { link: 'up', state: { state: 'available' }, changedBy: 'pbx' });
    expect(paused()).toEqual([null, null]);
    expect(pbx.actions.slice(asked).filter(({ Action }) => Action === 'QueuePause')).toHaveLength(1);
    expect(pbx.logins - logins).toBe(1);
  });

  it('the secret is in no reply and in no line of the log', async () => {
    const there = await centre.call('GET', '/v1/admin/ami', { token: centre.adminToken });
    expect(there.json).toMatchObject({ items: [{ username: 'dangol', port: pbx.port }] });
    await centre.admin('PUT', 'ami', {
      host: '127.0.0.1',
      port: pbx.port,
      username: 'dangol',
      secret: `${SECRET}-not`,
    });
    await vi.waitUntil(async () => (await agent()).link === 'refused', SOON);
    const config = await desk.get('/v1/desk-config');
    const told = [there.text, config.text, ...lines].join('\n');
    expect(told).not.toContain(SECRET);
    expect(lines.join('\n')).toContain('refused');
  });

  it('without the setting: no link, no state asked of anybody', async () => {
    await centre.admin('PUT', 'ami', null);
    expect(await agent()).toMatchObject({ link: 'none' });
    expect(codeOf(await ask({ state: 'available' }))).toBe('PBX_UNREACHABLE');
  });

  it('a recording starts, pauses, goes on and stops, and each state is the one that the PBX told', async () => {
    const ear = await listen();
    const call = { name: `${device}-00000001`, uniqueid: '9.2', linkedid: '9.1', callId: 'abc@desk' };
    pbx.channels = [{ ...call, recording: 'none' }];
    const said = async (act: RecordingWish['act']) =>
      CallRecording.parse((await record({ sipCallId: 'abc@desk', act })).json).state;
    // Asterisk does not say whether a call that is older than the link is recorded; asked for a pause, it does.
    expect(await said('look')).toBe('off');
    expect(await said('start')).toBe('on');
    expect(await said('pause')).toBe('paused');
    expect(pbx.channels[0]?.recording).toBe('muted');
    expect(await said('resume')).toBe('on');
    expect(await said('stop')).toBe('off');
    await vi.waitUntil(() => ear.recordings.at(-1)?.state === 'off', SOON);
  });

  it('the caller’s channel is paused with the agent’s; a recording that begins in the pause is paused, too', async () => {
    const ear = await listen();
    const [linkedid, callId] = ['9.1', 'abc@desk'];
    pbx.channels = [
      { name: 'PJSIP/trunk-00000001', uniqueid: '9.1', linkedid, callId: 'x', recording: 'on' },
      { name: `${device}-00000002`, uniqueid: '9.2', linkedid, callId, recording: 'none' },
    ];
    const pause = CallRecording.parse((await record({ sipCallId: callId, act: 'pause' })).json);
    expect(pause).toMatchObject({ state: 'paused' });
    expect(Date.parse(pause.resumesAt ?? '') - Date.now()).toBeGreaterThan(100_000);
    const [, own] = pbx.channels;
    if (own) own.recording = 'on';
    pbx.event({ Event: 'MixMonitorStart', Channel: `${device}-00000002`, Uniqueid: '9.2', Linkedid: linkedid });
    await vi.waitUntil(() => pbx.channels.every(({ recording }) => recording === 'muted'), SOON);
    await vi.waitUntil(() => ear.recordings.at(-1)?.state === 'paused', SOON);
  });

  it('a pause that the PBX does not confirm is refused; with the link gone the state is unknown', async () => {
    const ear = await listen();
    const channel = { name: `${device}-00000001`, uniqueid: '9.2', linkedid: '9.1', callId: 'abc@desk' };
    pbx.channels = [{ ...channel, recording: 'on' }];
    pbx.deaf.add('MixMonitorMute');
    expect(codeOf(await record({ sipCallId: 'abc@desk', act: 'pause' }))).toBe('PBX_UNREACHABLE');
    pbx.cut({ stay: true });
    await vi.waitUntil(() => ear.recordings.at(-1)?.state === 'unknown', SOON);
    await pbx.mend();
  });

  it('a pause outlives a short loss of the link: it is asked for again, and known again', async () => {
    const ear = await listen();
    const channel = { name: `${device}-00000001`, uniqueid: '9.2', linkedid: '9.1', callId: 'abc@desk' };
    pbx.channels = [{ ...channel, recording: 'on' }];
    await record({ sipCallId: 'abc@desk', act: 'pause' });
    pbx.cut();
    await vi.waitUntil(() => ear.recordings.at(-1)?.state === 'unknown', SOON);
    await vi.waitUntil(() => ear.recordings.at(-1)?.state === 'paused', { timeout: 15_000 });
  });

  it('nobody pauses the recording of another agent’s call', async () => {
    const other = await centre.desk('lee');
    await centre.admin('PUT', 'sip-accounts', { login: 'lee', username: 'lee', password: 'p', displayName: '' });
    pbx.channels = [{ name: `${device}-00000001`, uniqueid: '9.2', linkedid: '9.1', callId: 'abc', recording: 'on' }];
    const answer = await record({ sipCallId: 'abc', act: 'pause' }, other.session.accessToken);
    expect(codeOf(answer)).toBe('NOT_FOUND');
    expect(pbx.channels[0]?.recording).toBe('on');
  });
});
