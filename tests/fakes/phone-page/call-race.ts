import { DeskCalls } from './desk-calls.ts';
import { fork, hangUpAgainstProgress } from './outgoing-race.ts';
import { pause, pick } from './race-tools.ts';
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
  const fault = await inTime(run(kind, parts, first), parts, first);
  if (fault !== null) return { kind, fault };
  const over = await desk.call('ended');
  await desk.act('forget', over.callId);
  await desk.page.evaluate(() => {
    for (const who of ['a', 'b', 'customer']) window.phonePage.farGone(who);
    const { states, log, judged } = window.phonePage;
    for (const kept of [states, log, judged]) kept.length = 0;
  });
  return { kind, fault: await leftOver(parts) };
}

/** A race that goes nowhere is a fault, too. What is left of it is cleared away, so that the next one can run. */
async function inTime(work: Promise<string | null>, { desk, peer }: RaceParts, first: number): Promise<string | null> {
  let stop = () => {};
  const patience = new Promise<string>((resolve) => {
    const timer = setTimeout(() => resolve('nothing happens any more'), 30_000);
    stop = () => clearTimeout(timer);
  });
  const fault = await Promise.race([work, patience]).catch((error: unknown) => String(error));
  stop();
  if (fault === null) return null;
  const heard = peer.heard.slice(first).filter((one) => one.kind !== 'OPTIONS');
  const log = await desk.page.evaluate(() => {
    const phone = window.phonePage.phone();
    for (const { callId } of phone.state().calls) {
      phone.hangUp(callId);
      phone.forget(callId);
    }
    return window.phonePage.log.splice(0).slice(-6);
  });
  return `${fault}; heard ${heard.map(({ kind, method }) => `${kind} ${method}`)}; the phone: ${log.join(', ')}`;
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
