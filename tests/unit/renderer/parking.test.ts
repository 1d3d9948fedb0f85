import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PbxFeatures } from '../../../src/shared/central-api.ts';
import { signedIn } from '../../fakes/desk-fixtures.ts';
import { createFakeHost } from '../../fakes/fake-host.ts';
import { readyWorld, type World } from './world.ts';

// Parking and pick-up, where the PBX offers them; tests/pbx/parking.test.ts has Asterisk.

let world: World;
const open: World[] = [];

async function deskWith(features: PbxFeatures): Promise<World> {
  const host = createFakeHost();
  const session = signedIn(Date.now());
  if (!session.config?.sip) throw new Error('no line');
  host.state.session = { ...session, config: { ...session.config, sip: { ...session.config.sip, features } } };
  world = await readyWorld({ host });
  open.push(world);
  return world;
}
beforeEach(async () => {
  await deskWith({ parking: ['701', '702'], pickUp: '*8', pickUpFrom: '*8' });
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const passes = (target: string) => {
  world.host.state.verdict = { allowed: true, target, emergency: false, overridden: [], doNotCall: false };
};
const parked = () => world.desk.parking.store.getState().parked.map(({ place }) => place);
const asked = (what: string) => world.until(() => world.line.asked.includes(what));

async function park(place: string): Promise<string> {
  const callId = world.line.ring();
  world.line.talk(callId);
  passes(place);
  await world.desk.parking.park(callId);
  await asked(`transfer ${callId} ${place}`);
  return callId;
}

test('the customer goes to the first place that is free, and is shown there until they are taken', async () => {
  await asked('watch 701 702');
  world.line.tell({ presence: { 701: 'busy', 702: 'idle' } });
  const callId = await park('702');
  expect(parked()).toEqual([]);
  world.line.end(callId, { by: 'here', transferredTo: '702' });
  expect(parked()).toEqual(['702']);
  // The lamp comes a moment after the transfer.
  world.line.tell({ presence: { 701: 'busy', 702: 'idle' } });
  expect(parked()).toEqual(['702']);
  world.line.tell({ presence: { 701: 'busy', 702: 'busy' } });
  await world.desk.parking.takeBack();
  await asked('call 702');
  expect(parked()).toEqual(['702']);
  world.line.tell({ presence: { 701: 'busy', 702: 'idle' } });
  expect(parked()).toEqual([]);
});

test('the PBX does not take them: the customer is where they were, and nothing is shown as parked', async () => {
  const callId = await park('701');
  world.line.end(callId, { by: 'there' });
  expect(parked()).toEqual([]);
});

test('no place is free: it says so, and hands nobody anywhere', async () => {
  world.line.tell({ presence: { 701: 'busy', 702: 'busy' } });
  const callId = world.line.ring();
  world.line.talk(callId);
  await world.desk.parking.park(callId);
  expect(world.desk.parking.store.getState().full).toBe(true);
  expect(world.line.asked.filter((one) => one.startsWith('transfer'))).toEqual([]);
});

test('a PBX without lamps: two are parked in two places, the first who was comes back first', async () => {
  world.line.end(await park('701'), { by: 'here', transferredTo: '701' });
  world.line.end(await park('702'), { by: 'here', transferredTo: '702' });
  passes('701');
  await world.desk.parking.takeBack();
  await asked('call 701');
  expect(parked()).toEqual(['702']);
});

test('pick-up of any call that rings, and of one colleague’s', async () => {
  passes('*8');
  await world.desk.parking.pickUp();
  await asked('call *8');
  passes('*8102');
  await world.desk.parking.pickUp('102');
  await asked('call *8102');
});

test('where the PBX offers nothing, the keys do nothing', async () => {
  await deskWith({});
  const callId = world.line.ring();
  world.line.talk(callId);
  await world.desk.parking.park(callId);
  await world.desk.parking.takeBack();
  await world.desk.parking.pickUp();
  expect(world.line.asked.filter((one) => /^(call|transfer)/.test(one))).toEqual([]);
});
