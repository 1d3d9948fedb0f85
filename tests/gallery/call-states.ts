import type { PbxAgent, RecordingState } from '../../src/shared/pbx.ts';
import type { PhoneCall } from '../../src/telephony/phone-types.ts';
import { fixedId } from '../fakes/desk-fixtures.ts';
import type { FakeHost } from '../fakes/fake-host.ts';
import { consulting, type GalleryState, type GalleryWorld, ringing, talking, tick } from './states.ts';

/** What the PBX says of the agent of the fixtures, in a business that is linked to it. */
function atPbx(part: Partial<PbxAgent> = {}): PbxAgent {
  const asOf = new Date(Date.now() - 2000).toISOString();
  return {
    ...{ agentId: fixedId(1), run: fixedId(940), seq: 10, link: 'up', linkSince: asOf, reachable: true, asOf },
    ...{ state: { state: 'available' }, since: asOf, changedBy: 'agent' },
    seats: [
      { queue: 'support', paused: false, waiting: 3, longestSince: new Date(Date.now() - 74_000).toISOString() },
      { queue: 'billing', paused: false, waiting: 1, longestSince: new Date(Date.now() - 12_000).toISOString() },
    ],
    ...part,
  };
}

const linked = ({ state }: FakeHost) => {
  state.pbx = atPbx();
};

async function dialling(
  world: GalleryWorld,
  part: Partial<Extract<PhoneCall, { phase: 'dialling' }>>,
): Promise<string> {
  await world.ready();
  const callId = world.desk.line.phone()?.call('+821000001234') ?? '';
  world.line.change(callId, (call) => (call.phase === 'dialling' ? { ...call, ...part } : call));
  await tick();
  return callId;
}

const talk = (world: GalleryWorld, callId: string, part: Partial<Extract<PhoneCall, { phase: 'talking' }>>) =>
  world.line.change(callId, (call) => (call.phase === 'talking' ? { ...call, ...part } : call));

/** In a call whose recording is as told. */
async function recorded(world: GalleryWorld, state: RecordingState): Promise<string> {
  const callId = await ringing(world);
  world.host.state.recordings.set(`${callId}@wire`, state);
  world.line.talk(callId, Date.now() - 95_000);
  world.desk.calls.focus({ kind: 'call', callId });
  await tick(150);
  return callId;
}

/** The states of a call, of its recording and of the agent at the PBX that `states.ts` has no room for. */
export const CALL_STATES: Readonly<Record<string, GalleryState>> = {
  dialling: { play: async (world) => void (await dialling(world, { ringingThere: false })) },
  'ringing-there': { play: async (world) => void (await dialling(world, { ringingThere: true })) },
  'ended-busy': {
    play: async (world) => {
      world.line.end(await dialling(world, {}), { result: 'busy', by: 'there', sipStatus: 486 });
    },
  },
  'sound-gone': { play: async (world) => talk(world, await talking(world), { media: 'interrupted' }) },
  'resume-failed': {
    play: async (world) => talk(world, await talking(world), { hold: 'held', muted: true, holdProblem: 'timeout' }),
  },
  'colleague-busy': {
    play: async (world) => {
      const { consult } = await consulting(world, false);
      world.line.end(consult, { result: 'busy', by: 'there', sipStatus: 486 });
    },
  },
  'queues-waiting': { prepare: linked, play: ({ ready }) => ready() },
  'queues-in-call': { prepare: linked, play: async (world) => void (await talking(world)) },
  'changed-by-supervisor': {
    prepare: linked,
    play: async ({ ready, host }) => {
      await ready();
      const agent = atPbx({ seq: 20, state: { state: 'break', reason: 'meal' }, changedBy: 'pbx' });
      host.state.pbx = agent;
      host.emit({ type: 'pbx', agent });
    },
  },
  'recording-on': { prepare: linked, play: async (world) => void (await recorded(world, 'on')) },
  'recording-paused': {
    prepare: linked,
    play: async (world) => {
      await recorded(world, 'on');
      world.press('KeyC', { alt: true });
      await tick(150);
    },
  },
  'recording-not-paused': {
    prepare: linked,
    play: async (world) => {
      await recorded(world, 'on');
      world.host.state.failing.set('pbx.recording', { code: 'PBX_UNREACHABLE', next: 'wait' });
      world.press('KeyC', { alt: true });
      await tick(150);
    },
  },
  'recording-unknown': { prepare: linked, play: async (world) => void (await recorded(world, 'unknown')) },
  voicemail: {
    play: async ({ ready, line }) => {
      await ready();
      line.tell({ voicemail: { newMessages: 3, oldMessages: 5 } });
    },
  },
};
