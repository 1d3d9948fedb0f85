import './no-eval.ts';
import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import './styles.css';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { newId } from '../shared/ids.ts';
import { maskPhone } from '../shared/masking.ts';
import { createPhone } from '../telephony/phone.ts';
import { App } from './app.tsx';
import { createDesk } from './desk.ts';
import { createHostClient, wiresOfThisShell } from './host-client.ts';
import { createI18n } from './i18n.ts';
import { isPaneInUse, watchTyping } from './lib/focus.ts';
import { lateInThisTask } from './phone-news.ts';
import { askWhyOverHttp } from './shell-link.ts';
import { createDeskAudio } from './sound/desk-audio.ts';
import { createEar } from './sound/ear.ts';
import { createRinger } from './sound/ringer.ts';
import type { HidPort } from './stores/headset-store.ts';

const words = createI18n(document.documentElement.lang === 'en' ? 'en' : 'ko');
const ear = new AudioContext({ latencyHint: 'interactive' });
const desk = createDesk({
  shell: window.dangolShell,
  askWhy: window.dangolShell?.kind === 'electron' ? undefined : askWhyOverHttp,
  ringWords: ({ number, e164, withheld }) => {
    void words.changeLanguage(document.documentElement.lang);
    const hidden = withheld || number === null;
    return {
      title: words.t('call:title_ringing'),
      body: hidden ? words.t('call:withheld') : maskPhone(e164 ?? number),
    };
  },
  host: createHostClient(wiresOfThisShell(window)),
  createPhone,
  audio: createDeskAudio({ wire: navigator.mediaDevices, ear: createEar(document, ear) }),
  ringer: createRinger(new AudioContext({ latencyHint: 'interactive' }), ear),
  hid: (navigator as { hid?: HidPort }).hid,
  windowId: newId(),
  systemLanguage: navigator.language,
  now: Date.now,
  busy: watchTyping(document).busy,
  inUse: (key) => isPaneInUse(document, key),
  paint: flushSync,
  soon: lateInThisTask,
  log: (event, data) => console.debug('desk', event, data ?? ''),
});

window.addEventListener('pagehide', desk.leave);
desk.start();

const root = document.getElementById('root');
if (root) createRoot(root).render(<App desk={desk} />);
