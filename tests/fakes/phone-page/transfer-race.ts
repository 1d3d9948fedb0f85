import type { FarCall } from '../sip-far-call.ts';
import type { SipPeer } from '../sip-peer.ts';
import type { PhonePage } from './browser-phone.ts';
import { CONTACT, type DeskCalls } from './desk-calls.ts';

export interface RaceParts {
  desk: PhonePage;
  peer: SipPeer;
  calls: DeskCalls;
  /** 0 to 1; the same numbers for a seed. */
  random: () => number;
}

type Act = 'accept' | 'refuse' | 'trying' | 'done' | 'busy' | 'bye' | 'hangUp' | 'again' | 'resume' | 'unpark';
const ACTS: readonly Act[] = [
  'accept',
  'accept',
  'refuse',
  'trying',
  'done',
  'busy',
  'bye',
  'hangUp',
  'again',
  'resume',
  'unpark',
];

/**
 * One blind transfer in which PBX, customer and agent do things in any order, milliseconds apart.
 * @returns what was wrong, null for nothing: the agent lost a customer whom nobody had taken, a request went without an answer,
 * or something of the call is left.
 */
export async function raceTransfer({ desk, peer, calls, random }: RaceParts): Promise<string | null> {
  const first = peer.heard.length;
  const { far, callId } = await calls.answered();
  const oblige = agreeToAll(far, calls);
  const did: Act[] = [];
  let asked = 0;
  await desk.page.evaluate((id) => window.phonePage.phone().transfer(id, '102'), callId);
  for (let step = 0; step < 5; step += 1) {
    await new Promise((resolve) => setTimeout(resolve, random() * 30));
    const act = ACTS[Math.floor(random() * ACTS.length)] ?? 'trying';
    did.push(act);
    if (act === 'bye') {
      far.bye();
      asked += 1;
      break;
    }
    if (act === 'trying' || act === 'done' || act === 'busy') asked += 1;
    await perform(act, far, peer, desk, callId, first);
  }
  if (!did.includes('bye')) {
    const lost = await lostWithout(desk, did, callId);
    if (lost) return `${did.join(' ')}: the customer was let go`;
    far.bye();
    asked += 1;
  }
  await desk.until(callId, { phase: 'ended' });
  await desk.act('forget', callId);
  oblige.stop();
  return (await leftOver(desk, peer, first, asked)) ?? null;
}

function agreeToAll(far: FarCall, calls: DeskCalls): { stop: () => void } {
  let stopped = false;
  const serve = async () => {
    while (!stopped) {
      const invite = await far.next('INVITE');
      if (!stopped) await calls.agree(invite);
    }
  };
  serve().catch(() => {});
  return {
    stop: () => {
      stopped = true;
    },
  };
}

async function perform(act: Act, far: FarCall, peer: SipPeer, desk: PhonePage, callId: string, first: number) {
  const refer = peer.heard.slice(first).findLast((one) => one.kind === 'REFER');
  switch (act) {
    case 'accept':
      if (refer) peer.answer(refer, '202 Accepted', CONTACT);
      return;
    case 'refuse':
      if (refer) peer.answer(refer, '403 Forbidden');
      return;
    case 'trying':
      far.notify('100 Trying');
      return;
    case 'done':
      far.notify('200 OK', { over: true });
      return;
    case 'busy':
      far.notify('486 Busy Here', { over: true });
      return;
    case 'hangUp':
    case 'resume':
      await desk.act(act, callId);
      return;
    case 'again':
      await desk.page.evaluate((id) => window.phonePage.phone().transfer(id, '103'), callId);
      return;
    case 'unpark':
      await desk.page.evaluate((id) => window.phonePage.phone().setMuted(id, false), callId);
      return;
    case 'bye':
      return;
  }
}

/** Nobody said that somebody else has the customer, and nobody hung up: then the call must be there. */
async function lostWithout(desk: PhonePage, did: readonly Act[], callId: string): Promise<boolean> {
  if (did.includes('done') || did.includes('hangUp')) return false;
  return desk.page.evaluate((id) => {
    const call = window.phonePage
      .phone()
      .state()
      .calls.find((one) => one.callId === id);
    return call?.phase !== 'talking';
  }, callId);
}

async function leftOver(desk: PhonePage, peer: SipPeer, first: number, asked: number): Promise<string | null> {
  const answers = () =>
    peer.heard.slice(first).filter((one) => /^[2-6]\d\d$/.test(one.kind) && /^(NOTIFY|BYE)$/.test(one.method)).length;
  for (let look = 0; look < 100; look += 1) {
    const left = await desk.page.evaluate(() => window.phonePage.openPeers() + window.phonePage.liveTracks());
    if (left === 0 && answers() >= asked) return null;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return `${answers()} of ${asked} requests answered, or something of the call is left`;
}
