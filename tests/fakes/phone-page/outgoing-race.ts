import type { Heard } from '../sip-peer.ts';
import { FarLeg } from './far-leg.ts';
import { pause, pick } from './race-tools.ts';
import type { RaceParts } from './transfer-race.ts';

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
export async function hangUpAgainstProgress(parts: RaceParts, first: number): Promise<string | null> {
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
export async function fork(parts: RaceParts, first: number): Promise<string | null> {
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
