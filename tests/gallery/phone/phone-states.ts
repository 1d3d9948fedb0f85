import type { PhoneState } from '../../../src/telephony/phone-types.ts';
import type { FarEnd } from './far-end.ts';
import type { PhoneWorld } from './phone-world.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** As slow as this nothing is given up while somebody looks. */
const SLOWLY = 0.001;

const registered = ({ registration }: PhoneState) => registration.state === 'registered';

async function ready(world: PhoneWorld): Promise<void> {
  world.phone.start();
  await world.until(registered);
}

async function ringing(world: PhoneWorld, headers: readonly string[] = []): Promise<{ callId: string; end: FarEnd }> {
  await ready(world);
  const end = await world.pbx.call(headers);
  return { callId: (await world.call('ringing')).callId, end };
}

async function talking(world: PhoneWorld): Promise<{ callId: string; end: FarEnd }> {
  const { callId, end } = await ringing(world);
  world.phone.answer(callId);
  await world.until(({ calls }) => calls.some((call) => call.phase === 'talking' && call.media === 'connected'));
  return { callId, end };
}

const held = ({ calls }: PhoneState) => calls.some((call) => call.phase === 'talking' && call.hold === 'held');

async function onHold(world: PhoneWorld): Promise<string> {
  const { callId } = await talking(world);
  world.phone.hold(callId);
  await world.until(held);
  return callId;
}

/** Somebody is dialled; `status`: what the other end says, if anything. */
async function dialled(world: PhoneWorld, ...statuses: string[]): Promise<string> {
  await ready(world);
  const callId = world.phone.call('01000005678');
  await called(world);
  for (const status of statuses) await world.pbx.newest()?.respond(status);
  return callId;
}

async function called({ pbx, until }: PhoneWorld): Promise<void> {
  while (!pbx.newest()?.isCalled()) await pause(10);
  await until(() => true);
}

async function consulting(world: PhoneWorld, answered = true): Promise<{ callId: string; consultId: string }> {
  const { callId } = await talking(world);
  const consultId = world.phone.consult(callId, '102');
  await called(world);
  await world.pbx.newest()?.respond(answered ? '200 OK' : '180 Ringing');
  if (answered) await world.until(({ calls }) => calls.filter(({ phase }) => phase === 'talking').length === 2);
  await world.until(held);
  return { callId, consultId };
}

async function line(world: PhoneWorld, habit: PhoneWorld['pbx']['habits']['line']): Promise<void> {
  world.pbx.habits.line = habit;
  world.phone.start();
}

async function watched(world: PhoneWorld, state: 'terminated' | 'early' | 'confirmed'): Promise<void> {
  await ready(world);
  world.phone.watch(['102']);
  while (!world.pbx.isAsked('dialog 102')) await pause(10);
  world.pbx.tellPresence('102', state);
}

/** How each state is reached, by what the PBX, the far end and the agent do. */
export const PHONE_STATES: Readonly<Record<string, (world: PhoneWorld) => Promise<unknown>>> = {
  stopped: async () => undefined,
  connecting: (world) => {
    world.hurry(SLOWLY);
    return line(world, 'no_answer');
  },
  registered: ready,
  backup: async (world) => {
    world.pbx.firstAway = true;
    await ready(world);
  },
  unreachable: (world) => line(world, 'unreachable'),
  'no-answer-to-register': async (world) => {
    world.hurry(3);
    await line(world, 'no_answer');
    while (world.pbx.unanswered === 0) await pause(10);
    world.hurry(SLOWLY);
    await world.until(({ registration }) => registration.state === 'retrying');
  },
  'wrong-password': (world) => line(world, 'wrong_password'),
  refused: (world) => line(world, 'refuses'),
  'line-lost': async (world) => {
    await ready(world);
    world.hurry(SLOWLY);
    world.pbx.cut();
  },
  ringing: (world) => ringing(world),
  'ringing-by-itself': (world) => ringing(world, ['Call-Info: <sip:pbx.test>;answer-after=0']),
  'second-ringing': async (world) => {
    await talking(world);
    await world.pbx.call([], '01000007788');
    await world.call('ringing');
  },
  answering: async (world) => {
    world.microphone.status = 'slow';
    world.phone.answer((await ringing(world)).callId);
  },
  dialling: (world) => dialled(world),
  'ringing-there': (world) => dialled(world, '180 Ringing'),
  announcement: (world) => dialled(world, '183 Session Progress'),
  'emergency-without-a-line': async (world) => {
    await line(world, 'unreachable');
    await world.until(({ registration }) => registration.state === 'retrying');
    world.phone.call('119');
  },
  talking,
  muted: async (world) => world.phone.setMuted((await talking(world)).callId, true),
  'sound-on-its-way': async (world) => {
    const { callId, end } = await ringing(world);
    world.hurry(SLOWLY);
    end.vanish();
    world.phone.answer(callId);
  },
  'sound-gone': async (world) => {
    const { end } = await talking(world);
    world.hurry(SLOWLY);
    end.vanish();
  },
  holding: async (world) => {
    const { callId } = await talking(world);
    world.pbx.habits.hold = 'no_answer';
    world.hurry(SLOWLY);
    world.phone.hold(callId);
  },
  held: onHold,
  'hold-refused': async (world) => {
    const { callId } = await talking(world);
    world.pbx.habits.hold = 'refuses';
    world.phone.hold(callId);
  },
  'hold-unanswered': async (world) => {
    const { callId } = await talking(world);
    world.pbx.habits.hold = 'no_answer';
    world.hurry(10);
    world.phone.hold(callId);
  },
  resuming: async (world) => {
    const callId = await onHold(world);
    world.pbx.habits.hold = 'no_answer';
    world.hurry(SLOWLY);
    world.phone.resume(callId);
  },
  'transfer-asked': async (world) => {
    const { callId } = await talking(world);
    world.pbx.habits.transfer = 'no_answer';
    world.phone.transfer(callId, '102');
  },
  'transfer-rings': async (world) => {
    const { callId } = await talking(world);
    world.pbx.habits.transfer = 'rings';
    world.phone.transfer(callId, '102');
  },
  'transfer-failed': async (world) => {
    const { callId } = await talking(world);
    world.pbx.habits.transfer = 'busy';
    world.phone.transfer(callId, '102');
  },
  transferred: async (world) => world.phone.transfer((await talking(world)).callId, '102'),
  'perhaps-transferred': async (world) => {
    const { callId, end } = await talking(world);
    world.pbx.habits.transfer = 'rings';
    world.phone.transfer(callId, '102');
    const trying = ({ calls }: PhoneState) =>
      calls.some((call) => call.phase === 'talking' && call.transfer?.state === 'trying');
    await world.until(trying);
    end.bye();
  },
  'consult-rings': (world) => consulting(world, false),
  consult: (world) => consulting(world),
  'consult-completing': async (world) => {
    const { callId, consultId } = await consulting(world);
    world.pbx.habits.transfer = 'rings';
    world.phone.completeTransfer(callId, consultId);
  },
  conference: async (world) => {
    const { callId, consultId } = await consulting(world);
    const together = ({ calls }: PhoneState) => calls.some((call) => call.phase === 'talking' && call.conference);
    // A page that is slow to make sound has no conference yet: as an agent does, it is asked for again.
    while (!together(world.phone.state())) {
      world.phone.conference(callId, consultId);
      await Promise.race([world.until(together), pause(4_000)]);
    }
  },
  'hung-up-here': async (world) => world.phone.hangUp((await talking(world)).callId),
  'hung-up-there': async (world) => (await talking(world)).end.bye(),
  missed: async (world) => (await ringing(world)).end.cancel(),
  'answered-elsewhere': async (world) => (await ringing(world)).end.cancel(true),
  declined: async (world) => world.phone.decline((await ringing(world)).callId),
  'declined-to-a-colleague': async (world) => world.phone.decline((await ringing(world)).callId, { to: '102' }),
  'cut-while-ringing': async (world) => {
    await ringing(world);
    world.pbx.cut();
  },
  'no-microphone': async (world) => {
    world.microphone.status = 'denied';
    world.phone.answer((await ringing(world)).callId);
  },
  busy: (world) => dialled(world, '180 Ringing', '486 Busy Here'),
  'declined-there': (world) => dialled(world, '180 Ringing', '603 Decline'),
  'nobody-there': (world) => dialled(world, '180 Ringing', '480 Temporarily Unavailable'),
  'no-such-number': (world) => dialled(world, '404 Not Found'),
  'mailbox-3': async (world) => {
    await ready(world);
    while (!world.pbx.isAsked('message-summary')) await pause(10);
    world.pbx.tellMailbox(3);
  },
  'colleague-free': (world) => watched(world, 'terminated'),
  'colleague-rings': (world) => watched(world, 'early'),
  'colleague-talks': (world) => watched(world, 'confirmed'),
  'colleague-not-known': async (world) => {
    await ready(world);
    world.phone.watch(['199']);
  },
};
