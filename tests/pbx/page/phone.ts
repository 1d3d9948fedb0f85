// The page of phone-page.ts: one phone, no screen.
import { createPhone } from '../../../src/telephony/phone.ts';
import './phone-globals.ts';

const players = new Map<string, HTMLAudioElement>();
let microphone: Promise<MediaStream> | null = null;
let revision = 0;
let waiting: (() => void)[] = [];

function play(callId: string, remote: MediaStream | null): void {
  if (!remote) {
    players.get(callId)?.remove();
    players.delete(callId);
    return;
  }
  const player = players.get(callId) ?? document.createElement('audio');
  players.set(callId, player);
  player.autoplay = true;
  player.srcObject = remote;
  document.body.append(player);
}

/** A voice that no noise suppression looks at. */
function toneMicrophone(hz: number): MediaStream {
  const context = new AudioContext();
  const voice = new OscillatorNode(context, { frequency: hz });
  const output = context.createMediaStreamDestination();
  voice.connect(new GainNode(context, { gain: 0.4 })).connect(output);
  voice.start();
  return output.stream;
}

globalThis.startTestPhone = (account, voiceHz = null) => {
  const phone = createPhone({
    account,
    country: 'KR',
    media: {
      microphone: () => {
        microphone ??=
          voiceHz === null
            ? navigator.mediaDevices.getUserMedia({ audio: true })
            : Promise.resolve(toneMicrophone(voiceHz));
        return microphone;
      },
      play,
    },
    log: () => undefined,
  });
  phone.subscribe(() => {
    revision += 1;
    for (const tell of waiting) tell();
    waiting = [];
  });
  globalThis.testPhone = phone;
  globalThis.addEventListener('keydown', ({ key }) => {
    const ringing = phone.state().calls.find((call) => call.phase === 'ringing');
    if (key === 'Enter' && ringing) phone.answer(ringing.callId);
  });
  // As the desk does: a page that goes says goodbye.
  globalThis.addEventListener('pagehide', () => phone.abandon());
  phone.start();
};

globalThis.testPhoneAfter = async (known) => {
  if (known === revision) {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      setTimeout(resolve, 500);
    });
  }
  return { revision, state: globalThis.testPhone.state() };
};
