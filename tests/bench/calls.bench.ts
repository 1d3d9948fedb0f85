// 1,000 calls in a row, each rung, answered with audio and ended by the caller: what they leave behind in the page.
import { BrowserPhone } from '../fakes/phone-page/browser-phone.ts';
import { SipPeer } from '../fakes/sip-peer.ts';
import { report, reportSpread } from './lib/figures.ts';

const CALLS = Number(process.env.DANGOL_BENCH_CALLS ?? 1000);
/** The first calls fill caches and compile code; growth is counted from there. */
const WARM_UP = 50;

const browser = await BrowserPhone.launch();
const peer = await SipPeer.start({ username: 'agent1', password: 'bench' });
const desk = await browser.open(peer.account());
try {
  await desk.registered();
  const devtools = await desk.page.context().newCDPSession(desk.page);
  const heap = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    await devtools.send('HeapProfiler.collectGarbage');
    return (await devtools.send('Runtime.getHeapUsage')).usedSize / 1e6;
  };
  const took: number[] = [];
  let before = Number.NaN;
  for (let n = 0; n < WARM_UP + CALLS; n += 1) {
    if (n === WARM_UP) before = await heap();
    const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
    const { callId } = await desk.call('ringing');
    const pressed = performance.now();
    await desk.act('answer', callId);
    const ok = await far.next('200', 'INVITE');
    await desk.page.evaluate((sdp) => window.phonePage.farAccept(sdp), ok.text.body);
    far.ack();
    await desk.talking({ media: 'connected' });
    took.push(performance.now() - pressed);
    far.bye();
    await far.next('200', 'BYE');
    await desk.call('ended');
    await desk.act('forget', callId);
    // What the test page itself writes down is not the phone's.
    await desk.page.evaluate(() => {
      const { states, log, judged } = window.phonePage;
      for (const kept of [states, log, judged]) kept.length = 0;
      window.phonePage.played = {};
    });
    peer.heard.length = 0;
  }
  const grown = (await heap()) - before;
  const left = await desk.page.evaluate(() => window.phonePage.openPeers());
  const note = `${CALLS} calls`;
  report({ name: 'Heap grown by calls in a row', value: Math.max(0, grown), unit: 'MB', atMost: 10, note });
  report({ name: 'Peer connections left open', value: left, unit: 'count', atMost: 0, note });
  reportSpread('Answer pressed to audio connected, both ends in one page', took.slice(WARM_UP));
} finally {
  await desk.close();
  await peer.stop();
  await browser.close();
}
