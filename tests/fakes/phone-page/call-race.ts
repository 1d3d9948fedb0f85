import type { Heard } from '../sip-peer.ts';
import { DeskCalls } from './desk-calls.ts';
import { FarLeg } from './far-leg.ts';
import type { RaceParts } from './transfer-race.ts';

const KINDS = ['cancel', 'hang up', 'hang up', 'glare', 'both hang up', 'fork', 'fork'] as const;
const AGENT = ['answer', 'answer', 'answer', 'decline', 'answer and hang up'] as const;

/** One race: what ran against what, and what was wrong (null: nothing). */
export interface RaceResult {
  kind: string;
  fault: string | null;
}

/**
 * One call in which PBX, caller and agent act milliseconds apart: CANCEL against the answer, hang-up before any response,
 * both asking at once, forked early dialogs. In the end both sides must agree that it is over, every 2xx has its ACK, every
 * confirmed dialog its BYE, and nothing may be left in the page.
 */
export async function raceCall(parts: RaceParts): Promise<RaceResult> {
  const { desk, random } = parts;
  const kind = pick(KINDS, random);
  const first = parts.peer.heard.length;
  const fault = await run(kind, parts, first);
  const over = await desk.call('ended');
  await desk.act('forget', over.callId);
  await desk.page.evaluate(() => {
    for (const who of ['a', 'b', 'customer']) window.phonePage.farGone(who);
    const { states, log, judged } = window.phonePage;
    for (const kept of [states, log, judged]) kept.length = 0;
  });
  return { kind, fault: fault ?? (await leftOver(parts)) };
}

function run(kind: (typeof KINDS)[number], parts: RaceParts, first: number): Promise<string | null> {
  switch (kind) {
    case 'cancel':
      return cancelAgainstAnswer(parts);
    case 'hang up':
      return hangUpAgainstProgress(parts, first);
    case 'glare':
      return glare(parts);
    case 'both hang up':
      return bothHangUp(parts);
    case 'fork':
      return fork(parts, first);
  }
}

function pick<T>(from: readonly T[], random: () => number): T {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The caller gives up somewhere around the agent's key. */
async function cancelAgainstAnswer({ desk, peer, random }: RaceParts): Promise<string | null> {
  const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
  const { callId } = await desk.call('ringing');
  const act = pick(AGENT, random);
  const acting = act === 'decline' ? desk.act('decline', callId) : desk.act('answer', callId);
  await pause(random() * 25);
  if (act === 'answer and hang up') await desk.act('hangUp', callId);
  far.cancel();
  await acting;
  const outcome = await Promise.race([far.next('487', 'INVITE'), far.next('486', 'INVITE'), far.next('200', 'INVITE')]);
  if (outcome.kind !== '200') {
    far.ack(true);
    return null;
  }
  far.ack();
  // Answered in the last moment: the caller, who wants no call any more, ends it; or the agent has already.
  const bye = far.next('BYE').then((one) => peer.answer(one, '200 OK'));
  bye.catch(() => {});
  far.bye();
  const ended = await Promise.race([far.next('200', 'BYE'), far.next('481', 'BYE')]);
  return ended.kind === '200' || ended.kind === '481' ? null : ended.kind;
}

/** What a PBX does by itself to the phone's side of a call: 200 and 487 to a CANCEL, 200 to a BYE. */
function obey(parts: RaceParts, invite: Heard, legs: readonly FarLeg[], first: number) {
  const { peer } = parts;
  const state = { final: false, stopped: false };
  let seen = first;
  const serve = async () => {
    while (!state.stopped) {
      await peer.next(() => true, seen);
      for (const one of peer.heard.slice(seen)) {
        if (one.kind === 'CANCEL') {
          peer.answer(one, '200 OK');
          if (!state.final) legs[0]?.say('487 Request Terminated');
          state.final = true;
        }
        if (one.kind === 'BYE' && legs.some((leg) => leg.isMine(one))) peer.answer(one, '200 OK');
      }
      seen = peer.heard.length;
    }
  };
  serve().catch(() => {});
  return {
    state,
    /** A final response, unless there was one. @returns whether it went out. */
    final: (leg: FarLeg, status: string, sdp = '') => {
      if (state.final && !status.startsWith('2')) return false;
      state.final = true;
      leg.say(status, sdp);
      return true;
    },
    invite,
  };
}

async function dialled({ desk, peer }: RaceParts, first: number): Promise<{ callId: string; invite: Heard }> {
  const callId = await desk.page.evaluate(() => window.phonePage.phone().call('6001'));
  return { callId, invite: await peer.next('INVITE', first) };
}

const sdpFor = ({ desk }: RaceParts, invite: Heard, who: string) =>
  desk.page.evaluate(([sdp, name]) => window.phonePage.farAnswer(sdp, name), [invite.text.body, who] as const);

/** Hung up before, between or behind 100, 180, 183 and 200. */
async function hangUpAgainstProgress(parts: RaceParts, first: number): Promise<string | null> {
  const { desk, random } = parts;
  const { callId, invite } = await dialled(parts, first);
  const leg = new FarLeg(parts.peer, invite, 'a');
  const sdp = random() < 0.7 ? await sdpFor(parts, invite, 'a') : '';
  const pbx = obey(parts, invite, [leg], first);
  const hangingUp = pause(random() * 30).then(() => desk.act('hangUp', callId));
  let answered = false;
  for (const status of ['100 Trying', '180 Ringing', '183 Session Progress', '200 OK', '486 Busy Here']) {
    await pause(random() * 8);
    // A PBX that has refused the INVITE says nothing more; its 200 may still be on the way when the CANCEL comes.
    if (pbx.state.final || random() < 0.3) continue;
    if (status.startsWith('1')) leg.say(status, status.startsWith('183') ? sdp : '');
    else if (status.startsWith('2') && sdp === '') continue;
    else if (pbx.final(leg, status, sdp)) answered = status.startsWith('2');
  }
  await hangingUp;
  // A CANCEL waits for a first sign (RFC 3261 section 9.1).
  if (!pbx.state.final) leg.say('180 Ringing');
  const fault = answered ? await closed(parts, [leg]) : await finalFor(pbx.state);
  pbx.state.stopped = true;
  return fault;
}

/** Two phones ring for the call; one or both answer, perhaps as the agent hangs up. */
async function fork(parts: RaceParts, first: number): Promise<string | null> {
  const { desk, random } = parts;
  const { callId, invite } = await dialled(parts, first);
  const [a, b] = [new FarLeg(parts.peer, invite, 'a'), new FarLeg(parts.peer, invite, 'b')];
  const [sdpA, sdpB] = [await sdpFor(parts, invite, 'a'), await sdpFor(parts, invite, 'b')];
  const pbx = obey(parts, invite, [a, b], first);
  for (const [leg, sdp] of [
    [a, sdpA],
    [b, sdpB],
  ] as const) {
    const early = random() < 0.5;
    leg.say(early ? '183 Session Progress' : '180 Ringing', early ? sdp : '');
    await pause(random() * 8);
  }
  const hangingUp = pause(random() * 40).then(() => desk.act('hangUp', callId));
  const answering = random() < 0.4 ? [a, b] : [pick([a, b], random)];
  const answered: FarLeg[] = [];
  for (const leg of answering) {
    await pause(random() * 15);
    if (!pbx.state.final || answered.length > 0) {
      pbx.final(leg, '200 OK', leg === a ? sdpA : sdpB);
      answered.push(leg);
    }
  }
  await hangingUp;
  const fault = answered.length > 0 ? await closed(parts, answered) : await finalFor(pbx.state);
  pbx.state.stopped = true;
  return fault;
}

/** Every dialog that was confirmed has its ACK and its BYE. */
async function closed({ peer }: RaceParts, legs: readonly FarLeg[]): Promise<string | null> {
  const missing = () =>
    legs.flatMap((leg) => ['ACK', 'BYE'].flatMap((kind) => (leg.heard(kind) ? [] : [kind, leg.tag])));
  for (let look = 0; look < 200 && missing().length > 0; look += 1) await pause(20);
  return missing().length === 0 ? null : `missing ${missing().join(' ')} after ${peer.heard.map((one) => one.kind)}`;
}

async function finalFor(state: { final: boolean }): Promise<string | null> {
  for (let look = 0; look < 200 && !state.final; look += 1) await pause(20);
  return state.final ? null : 'no CANCEL came';
}

/** Hold here and a re-INVITE from there at once: in the end the customer is parked, and nobody's INVITE is open. */
async function glare({ desk, peer, random }: RaceParts): Promise<string | null> {
  const calls = new DeskCalls(desk, peer);
  const { far, callId } = await calls.answered();
  const offer = await desk.page.evaluate(() => window.phonePage.farSdp());
  let open = false;
  const holding = pause(random() * 6).then(() => desk.act('hold', callId));
  await pause(random() * 6);
  open = true;
  far.request('INVITE', offer);
  const theirs = (async () => {
    const answer = await Promise.race([far.next('200', 'INVITE'), far.next('491', 'INVITE')]);
    far.ack(answer.kind === '491');
    open = false;
  })();
  await holding;
  let parked = false;
  while (!parked) {
    const invite = await far.next('INVITE');
    if (open && random() < 0.5) peer.answer(invite, '491 Request Pending');
    else {
      await theirs;
      await calls.agree(invite);
      parked = /^a=sendonly/m.test(invite.text.body);
    }
  }
  await theirs;
  await desk.until(callId, { hold: 'held' });
  far.bye();
  return (await far.next('200', 'BYE')).kind === '200' ? null : 'BYE refused';
}

async function bothHangUp({ desk, peer, random }: RaceParts): Promise<string | null> {
  const { far, callId } = await new DeskCalls(desk, peer).answered();
  const hangingUp = pause(random() * 5).then(() => desk.act('hangUp', callId));
  far.next('BYE').then(
    (bye) => peer.answer(bye, '200 OK'),
    () => {},
  );
  await pause(random() * 5);
  far.bye();
  await Promise.race([far.next('200', 'BYE'), far.next('481', 'BYE')]);
  await hangingUp;
  return null;
}

async function leftOver({ desk }: RaceParts): Promise<string | null> {
  for (let look = 0; look < 100; look += 1) {
    const left = await desk.page.evaluate(() => window.phonePage.openPeers() + window.phonePage.liveTracks());
    if (left === 0) return null;
    await pause(20);
  }
  return 'something of the call is left in the page';
}
