import { createPhone } from '../../../src/telephony/phone.ts';

// The same text node under our own phone: what guard, caller identity and call machine cost before any screen.
const account = JSON.parse(decodeURIComponent(location.hash.slice(1)));
let shown = 0;

const phone = createPhone({
  account,
  country: 'KR',
  media: { microphone: () => navigator.mediaDevices.getUserMedia({ audio: true }), play: () => {} },
  log: () => {},
});
phone.subscribe(({ calls }) => {
  const call = calls.at(-1);
  if (call?.phase === 'ended') return phone.forget(call.callId);
  if (call?.phase !== 'ringing') return;
  const line = document.createElement('p');
  line.setAttribute('elementtiming', `bare-${shown++}`);
  line.textContent = call.caller.number;
  document.body.replaceChildren(line);
});
phone.start();
