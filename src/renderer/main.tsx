import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import './styles.css';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { newId } from '../shared/ids.ts';
import { createPhone } from '../telephony/phone.ts';
import { App } from './app.tsx';
import { createDesk } from './desk.ts';
import { createHostClient, wiresOfThisShell } from './host-client.ts';
import { watchTyping } from './lib/focus.ts';
import { createPhoneMedia } from './sound/phone-media.ts';
import { createRinger } from './sound/ringer.ts';

// The page policy forbids eval; zod's compiled parsers would try it first and be reported.
z.config({ jitless: true });

const desk = createDesk({
  host: createHostClient(wiresOfThisShell(window)),
  createPhone,
  media: createPhoneMedia(document),
  ringer: createRinger(new AudioContext({ latencyHint: 'interactive' })),
  windowId: newId(),
  systemLanguage: navigator.language,
  now: Date.now,
  busy: watchTyping(document).busy,
  paint: flushSync,
  log: (event, data) => console.debug('desk', event, data ?? ''),
});

window.addEventListener('pagehide', desk.leave);
desk.start();

const root = document.getElementById('root');
if (root) createRoot(root).render(<App desk={desk} />);
