import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { DeskCalls } from '../../fakes/phone-page/desk-calls.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';

// A desk that nobody looks at: its page throttled in the background, its machine asleep.

let browser: BrowserPhone;
let peer: SipPeer;
let desk: PhonePage | null = null;

beforeAll(async () => {
  browser = await BrowserPhone.launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
});
afterEach(async () => {
  expect(desk?.errors).toEqual([]);
  await desk?.close();
  desk = null;
  await peer.stop();
});

/** What a browser does to a page in the background, and more: none of its own timers rings within the next minutes. */
function throttle(): void {
  const { setTimeout: start, setInterval: repeat } = window;
  window.setTimeout = ((work: TimerHandler, wait = 0, ...more: unknown[]) =>
    start(work, wait + 300_000, ...more)) as typeof window.setTimeout;
  window.setInterval = ((work: TimerHandler, wait = 0, ...more: unknown[]) =>
    repeat(work, wait + 300_000, ...more)) as typeof window.setInterval;
}

test('a page whose timers never ring stays registered, sees a dead line, rings and answers', async () => {
  peer.options.expires = 10;
  desk = await browser.open(peer.account(), throttle);
  await desk.registered();
  // Refreshed by the worker's timer, at half of ten seconds.
  await peer.next((one) => one.kind === 'REGISTER' && /response=/.test(one.raw), peer.heard.length);
  const { far, callId } = await new DeskCalls(desk, peer).answered();
  // Half-open: asked after two quiet seconds, and a new socket when nobody answers.
  const known = peer.connections;
  peer.frozen = true;
  await desk.page.waitForFunction(() => window.phonePage.phone().state().registration.state !== 'registered');
  peer.frozen = false;
  await desk.registered();
  expect(peer.connections).toBeGreaterThan(known);
  far.bye();
  await desk.until(callId, { phase: 'ended' });
});

test('every process of the page is stopped in a call and the far side gives up: after it the line is back, the call is over', async () => {
  // A browser of its own: its processes stop, and nobody else's.
  const own = await BrowserPhone.launch();
  try {
    desk = await own.open(peer.account());
    await desk.registered();
    const { callId } = await new DeskCalls(desk, peer).answered();
    const devtools = await own.browser.newBrowserCDPSession();
    const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
    const pids = processInfo.map(({ id }) => id).filter((id) => id > 1);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    // Longer than the phone takes for a sleep (5 s); the PBX has let the connection and the customer go meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    const since = peer.heard.length;
    peer.cut();
    for (const pid of pids) process.kill(pid, 'SIGCONT');
    const asked = await peer.next((one) => one.kind === 'INVITE', since);
    peer.answer(asked, '481 Call/Transaction Does Not Exist');
    await desk.until(callId, { phase: 'ended', end: { result: 'answered', by: 'there', sipStatus: 481 } });
    await desk.registered();
    expect(peer.bindings.size).toBe(1);
    expect(await desk.page.evaluate(() => [window.phonePage.openPeers(), window.phonePage.liveTracks()])).toEqual([
      0, 0,
    ]);
    await peer.invite().next('180');
  } finally {
    await own.close();
  }
});
