import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { CallRecording, PbxAgent, type RecordingWish } from '../../../src/shared/pbx.ts';
import { LiveMessage } from '../../../src/shared/sync-wire.ts';
import { type FakePbx, startFakePbx } from '../../fakes/fake-pbx.ts';
import { startTestCentre, type TestCentre, type TestDesk } from './kit.ts';

// Calls that are moved at the PBX while a desk looks at their recording.

const DEVICE = 'PJSIP/kim';
/** Each test has calls of its own: the centre still watches those of the test before. */
let tests = 0;
const channelOf = (name: string, id: string, linked: string, bridge: string) => () => ({
  name: `${name}-${tests}`,
  uniqueid: `${tests}.${id}`,
  linkedid: `${tests}.${linked}`,
  callId: `${tests}.${id}@desk`,
  bridge,
});
const own = channelOf(DEVICE, '2', '1', 'b1');
const colleague = channelOf('PJSIP/lee', '1', '1', 'b1');
const customer = channelOf('PJSIP/trunk', '8', '8', 'b0');

let pbx: FakePbx;
let centre: TestCentre;
let desk: TestDesk;
let told: CallRecording[];
let socket: WebSocket;

beforeAll(async () => {
  centre = await startTestCentre();
  desk = await centre.desk('kim');
  await centre.admin('PUT', 'sip-accounts', { login: 'kim', username: 'kim', password: 'p', displayName: '' });
});
afterAll(() => centre.close());
beforeEach(async () => {
  tests += 1;
  pbx = await startFakePbx();
  pbx.members = [{ queue: 'support', device: DEVICE, paused: false, reason: '' }];
  const setting = { host: '127.0.0.1', port: pbx.port, username: 'dangol', secret: pbx.secret };
  await centre.admin('PUT', 'ami', setting);
  // The link of the test before may still be there.
  await vi.waitUntil(() => pbx.actions.some(({ Action }) => Action === 'CoreShowChannels'), { timeout: 10_000 });
  const link = async () => PbxAgent.parse((await desk.get('/v1/me/pbx')).json).link;
  await vi.waitUntil(async () => (await link()) === 'up', { timeout: 10_000, interval: 20 });
  told = [];
  socket = new WebSocket(`${centre.url.replace('http', 'ws')}/v1/sync/live`);
  const heard = new Promise<void>((resolve) => {
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'hello', accessToken: desk.session.accessToken, hears: ['pbx'] }));
    });
    socket.on('message', (text) => {
      const message = LiveMessage.parse(JSON.parse(String(text)));
      if (message.type === 'pbx') resolve();
      if (message.type !== 'recording') return;
      if (message.recording.sipCallId === own().callId) told.push(message.recording);
    });
  });
  await heard;
});
afterEach(async () => {
  socket.terminate();
  await centre.admin('PUT', 'ami', null);
  await pbx.close();
});

const ask = async (act: RecordingWish['act']) => {
  const body = { sipCallId: own().callId, act };
  const { json } = await centre.call('PUT', '/v1/me/recording', { token: desk.session.accessToken, body });
  return CallRecording.parse(json).state;
};
const start = ({ name, uniqueid, linkedid }: ReturnType<typeof own>) =>
  pbx.event({ Event: 'MixMonitorStart', Channel: name, Uniqueid: uniqueid, Linkedid: linkedid });
const becomes = (state: CallRecording['state']) =>
  vi.waitUntil(() => told.at(-1)?.state === state, { timeout: 10_000, interval: 20 });

it('a recorded caller is put through after a consultation: the desk hears that they are recorded, though no event says so', async () => {
  pbx.channels = [
    { ...colleague(), recording: 'none' },
    { ...own(), recording: 'none' },
    { ...customer(), recording: 'on' },
  ];
  start(customer());
  expect(await ask('look')).toBe('off');
  pbx.channels = [
    { ...own(), recording: 'none' },
    { ...customer(), recording: 'on', bridge: 'b1' },
  ];
  await becomes('on');
  expect(await ask('pause')).toBe('paused');
  expect(pbx.channels.at(-1)?.recording).toBe('muted');
});

it('the consultation was recorded, too: its end is not told as the end of the recording', async () => {
  pbx.channels = [
    { ...colleague(), recording: 'none' },
    { ...own(), recording: 'none' },
    { ...customer(), recording: 'on' },
  ];
  start(customer());
  start(colleague());
  expect(await ask('look')).toBe('on');
  pbx.channels = [
    { ...own(), recording: 'none' },
    { ...customer(), recording: 'on', bridge: 'b1' },
  ];
  const { name: Channel, uniqueid: Uniqueid, linkedid: Linkedid } = colleague();
  pbx.event({ Event: 'Hangup', Channel, Uniqueid, Linkedid });
  expect(await ask('look')).toBe('on');
  expect(told.map(({ state }) => state)).not.toContain('off');
});

it('in a pause a recorded caller is put through: paused with the rest', async () => {
  pbx.channels = [
    { ...colleague(), recording: 'none' },
    { ...own(), recording: 'on' },
    { ...customer(), recording: 'on' },
  ];
  start(customer());
  start(own());
  expect(await ask('pause')).toBe('paused');
  pbx.channels = [
    { ...own(), recording: 'muted' },
    { ...customer(), recording: 'on', bridge: 'b1' },
  ];
  await vi.waitUntil(() => pbx.channels.every(({ recording }) => recording === 'muted'), { timeout: 10_000 });
  expect(await ask('look')).toBe('paused');
});

it('two recordings on one channel: both are ended, and off is said when both have ended', async () => {
  pbx.channels = [{ ...own(), recording: 'on', more: 1 }];
  start(own());
  start(own());
  expect(await ask('look')).toBe('on');
  expect(await ask('stop')).toBe('off');
  expect(pbx.channels[0]?.recording).toBe('none');
});
