import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type AmiLink, createAmiLink } from '../../../src/central/pbx/ami-link.ts';
import { createRecordings, type Recordings } from '../../../src/central/pbx/recordings.ts';
import type { Id } from '../../../src/shared/ids.ts';
import type { CallRecording, RecordingWish } from '../../../src/shared/pbx.ts';
import { fixedId } from '../../fakes/desk-fixtures.ts';
import { type FakeChannel, type FakePbx, startFakePbx } from '../../fakes/fake-pbx.ts';

// A desk's page is reloaded in a call: at the PBX a new channel of the agent takes the place of the old one in the bridge.

const KIM = fixedId(1) as Id;
const LEE = fixedId(2) as Id;
const DEVICES = new Map<Id, string>([
  [KIM, 'PJSIP/kim'],
  [LEE, 'PJSIP/lee'],
]);
const agent = (device: string, id: string, bridge = 'b1'): FakeChannel => {
  return { name: `${device}-${id}`, uniqueid: id, linkedid: '1', callId: `${id}@desk`, recording: 'none', bridge };
};
const customer = (recording: FakeChannel['recording']): FakeChannel => {
  return { name: 'PJSIP/trunk-1', uniqueid: '1', linkedid: '1', callId: '1@trunk', recording, bridge: 'b1' };
};

let pbx: FakePbx;
let link: AmiLink;
let recordings: Recordings;
let told: { agentId: Id; recording: CallRecording }[];
let longestPauseMs: number;

beforeEach(async () => {
  pbx = await startFakePbx();
  told = [];
  longestPauseMs = 60_000;
  link = createAmiLink({
    random: () => 0.01,
    onUp: async () => {},
    onEvent: (event) => recordings.hear(event),
    onAlive: () => {},
    onChange: () => {},
    warn: () => {},
  });
  recordings = createRecordings({
    clock: Date.now,
    link: () => link,
    lines: { read: async () => {}, deviceOf: async (id) => DEVICES.get(id) ?? null, agentsAt: () => [] },
    longestPauseMs: () => longestPauseMs,
    tell: (agentId, recording) => told.push({ agentId, recording }),
    warn: () => {},
  });
  const setting = { host: '127.0.0.1', port: pbx.port, username: 'dangol', secret: pbx.secret, pauseSeconds: 120 };
  link.use(setting);
  await vi.waitUntil(() => link.state() === 'up', { timeout: 5000, interval: 5 });
});
afterEach(async () => {
  recordings.close();
  link.close();
  await pbx.close();
});

const ask = (agentId: Id, id: string, act: RecordingWish['act']) =>
  recordings.act(agentId, { sipCallId: `${id}@desk`, act });
const hangUp = (channel: FakeChannel) => {
  pbx.channels = pbx.channels.filter(({ uniqueid }) => uniqueid !== channel.uniqueid);
  const { name: Channel, uniqueid: Uniqueid, linkedid: Linkedid } = channel;
  pbx.event({ Event: 'Hangup', Channel, Uniqueid, Linkedid });
};
/** The old channel of the agent leaves, another one is there instead. */
const reloaded = (device: string, old: string, fresh: string) => {
  pbx.channels.push(agent(device, fresh));
  const before = pbx.channels.find(({ uniqueid }) => uniqueid === old);
  if (before) hangUp(before);
};
const recordingOf = (id: string) => pbx.channels.find(({ uniqueid }) => uniqueid === id)?.recording;
/** The centre has heard everything that the PBX said until now. */
const heardAll = () => link.action({ Action: 'Ping' });

it('a recording that the desk starts is made on the far side, and is there after the reload', async () => {
  pbx.channels = [customer('none'), agent('PJSIP/kim', '2')];
  expect((await ask(KIM, '2', 'start')).state).toBe('on');
  expect([recordingOf('1'), recordingOf('2')]).toEqual(['on', 'none']);
  reloaded('PJSIP/kim', '2', '3');
  expect((await ask(KIM, '3', 'look')).state).toBe('on');
  expect((await ask(KIM, '3', 'stop')).state).toBe('off');
});

it('nobody is joined yet: it is made on the agent’s own side', async () => {
  pbx.channels = [agent('PJSIP/kim', '2', '')];
  expect((await ask(KIM, '2', 'start')).state).toBe('on');
  expect(recordingOf('2')).toBe('on');
});

it('a card pause stays one, with its end, and can be ended by hand', async () => {
  pbx.channels = [customer('none'), agent('PJSIP/kim', '2')];
  await ask(KIM, '2', 'start');
  const paused = await ask(KIM, '2', 'pause');
  expect(paused.state).toBe('paused');
  reloaded('PJSIP/kim', '2', '3');
  await heardAll();
  expect(recordingOf('1')).toBe('muted');
  const again = await ask(KIM, '3', 'look');
  expect(again).toMatchObject({ state: 'paused', resumesAt: paused.resumesAt });
  expect(await ask(KIM, '3', 'resume')).toMatchObject({ state: 'on', resumesAt: null });
  expect(recordingOf('1')).toBe('on');
});

it('a forgotten card pause ends by itself after the reload, too, and the desk hears of it', async () => {
  longestPauseMs = 300;
  pbx.channels = [customer('none'), agent('PJSIP/kim', '2')];
  await ask(KIM, '2', 'start');
  await ask(KIM, '2', 'pause');
  reloaded('PJSIP/kim', '2', '3');
  await ask(KIM, '3', 'look');
  await vi.waitUntil(() => recordingOf('1') === 'on', { timeout: 10_000, interval: 10 });
  const ofTheNewCall = () => told.filter(({ recording }) => recording.sipCallId === '3@desk');
  await vi.waitUntil(() => ofTheNewCall().at(-1)?.recording.state === 'on', { timeout: 10_000, interval: 10 });
  expect(ofTheNewCall().at(-1)?.recording.resumesAt).toBeNull();
});

it('also where no desk has looked at the call since, and where the PBX is away when it is due', async () => {
  longestPauseMs = 200;
  pbx.channels = [customer('none'), agent('PJSIP/kim', '2')];
  await ask(KIM, '2', 'start');
  await ask(KIM, '2', 'pause');
  reloaded('PJSIP/kim', '2', '3');
  pbx.cut({ stay: true });
  await vi.waitUntil(() => link.state() !== 'up', { timeout: 5000, interval: 5 });
  expect(recordingOf('1')).toBe('muted');
  await pbx.mend();
  await vi.waitUntil(() => recordingOf('1') === 'on', { timeout: 20_000, interval: 10 });
});

it('the customer is handed over in a pause: the next agent sees the pause and its end', async () => {
  pbx.channels = [customer('none'), agent('PJSIP/kim', '2')];
  await ask(KIM, '2', 'start');
  const paused = await ask(KIM, '2', 'pause');
  reloaded('PJSIP/lee', '2', '4');
  expect(await ask(LEE, '4', 'look')).toMatchObject({ state: 'paused', resumesAt: paused.resumesAt });
});

it('the call is over in a pause: nothing is asked of a channel that is gone', async () => {
  longestPauseMs = 100;
  pbx.channels = [customer('none'), agent('PJSIP/kim', '2')];
  await ask(KIM, '2', 'start');
  await ask(KIM, '2', 'pause');
  for (const channel of [...pbx.channels]) hangUp(channel);
  await heardAll();
  // A pause of the next call, by whose end that of the first would have ended, too.
  pbx.channels = [{ ...customer('on'), name: 'PJSIP/trunk-9', uniqueid: '9' }, agent('PJSIP/kim', '10')];
  const before = pbx.actions.length;
  await ask(KIM, '10', 'pause');
  await vi.waitUntil(() => recordingOf('9') === 'on', { timeout: 10_000, interval: 10 });
  const asked = pbx.actions.slice(before).filter(({ Action }) => Action === 'MixMonitorMute');
  expect(new Set(asked.map(({ Channel }) => Channel))).toEqual(new Set(['PJSIP/trunk-9', 'PJSIP/kim-10']));
});
