// A dead line: from the moment when everything goes silent (sockets stay open, nobody answers) to "noticed", and from the moment
// when it heals to "registered again". The phone itself, in Node, over real WebSockets.
import { isRegistered, type NodePhone, nodePhone } from '../fakes/node-phone.ts';
import { SipPeer } from '../fakes/sip-peer.ts';
import { reportSpread } from './lib/figures.ts';

const PHONES = 10;
const ROUNDS = 2;
/** So long the line stays dead after the phone noticed. */
const DARK_MS = 4000;

interface Times {
  noticed: number;
  healed: number;
}

async function round(peer: SipPeer, { until }: NodePhone): Promise<Times> {
  await until(isRegistered);
  const began = performance.now();
  peer.frozen = true;
  await until((state) => !isRegistered(state));
  const noticed = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, DARK_MS));
  peer.frozen = false;
  const healing = performance.now();
  await until(isRegistered);
  return { noticed, healed: performance.now() - healing };
}

/** Each phone on a PBX of its own: they must not heal in step. */
async function measure(): Promise<Times[]> {
  const peer = await SipPeer.start({ username: 'agent1', password: 'bench' });
  const phone = nodePhone(peer.account());
  phone.phone.start();
  const times: Times[] = [];
  try {
    for (let i = 0; i < ROUNDS; i += 1) times.push(await round(peer, phone));
  } finally {
    await phone.phone.stop();
    await peer.stop();
  }
  return times;
}

const times = (await Promise.all(Array.from({ length: PHONES }, measure))).flat();
reportSpread(
  'Black hole to noticed, no call',
  times.map(({ noticed }) => noticed),
  { p95: 10_000 },
);
reportSpread(
  'Healed to registered again',
  times.map(({ healed }) => healed),
  { p95: 5_000 },
);
