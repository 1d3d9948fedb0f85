import '../../src/renderer/no-eval.ts';
import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import '../../src/renderer/styles.css';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { createStore } from 'zustand/vanilla';
import { App } from '../../src/renderer/app.tsx';
import { createDesk } from '../../src/renderer/desk.ts';
import { createHostClient } from '../../src/renderer/host-client.ts';
import { isPaneInUse, isTextField, watchTyping } from '../../src/renderer/lib/focus.ts';
import type { Ringer, SoundState } from '../../src/renderer/sound/ringer.ts';
import { newId } from '../../src/shared/ids.ts';
import { createFakeAudio } from '../fakes/fake-audio.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { createFakeLine } from '../fakes/fake-phone.ts';
import { PhonePage } from './phone/phone-page.tsx';
import { PHONE_STATES } from './phone/phone-states.ts';
import { type GalleryWorld, STATES, shutSession } from './states.ts';

/** Rings without sound: the gallery is looked at, not heard. */
function quietRinger(status: SoundState['status']): Ringer {
  const nothing = () => undefined;
  const sound = createStore<SoundState>(() => ({ status }));
  return {
    sound,
    ring: nothing,
    knock: nothing,
    stop: nothing,
    setVolume: nothing,
    setDevice: async () => true,
    unlock: async () => undefined,
  };
}

declare global {
  interface Window {
    /** For tests/e2e/gallery.spec.ts: what the fakes can be told while a state is on screen. */
    gallery?: GalleryWorld;
  }
}

async function show(name: string, query: URLSearchParams): Promise<void> {
  const state = STATES[name];
  const root = document.getElementById('root');
  if (!state || !root) return;
  const host = createFakeHost();
  const line = createFakeLine();
  const audio = createFakeAudio();
  host.state.settings = {
    ...host.state.settings,
    language: query.get('lang') === 'en' ? 'en' : 'ko',
    colorScheme: query.get('scheme') === 'dark' ? 'dark' : 'light',
  };
  state.prepare?.(host);
  const desk = createDesk({
    host: createHostClient(host.wires),
    createPhone: line.createPhone,
    audio,
    ringer: quietRinger(state.silent ? 'off' : 'ready'),
    windowId: newId(),
    systemLanguage: 'ko',
    now: Date.now,
    busy: watchTyping(document).busy,
    inUse: (key) => isPaneInUse(document, key),
    paint: flushSync,
    log: () => undefined,
  });
  desk.start();
  createRoot(root).render(<App desk={desk} />);
  const world: GalleryWorld = {
    audio,
    host,
    line,
    desk,
    ready: () => until(() => desk.line.store.getState().registration.state === 'registered'),
    become: (status) => {
      host.state.session = shutSession(status);
      host.emit({ type: 'session', session: host.state.session });
    },
    wear: async (colorScheme) => {
      desk.settings.take({ ...desk.settings.store.getState().settings, colorScheme });
      await until(() => document.documentElement.dataset.mantineColorScheme === colorScheme);
      const ending = document.getAnimations().filter((one) => one instanceof CSSTransition);
      await Promise.allSettled(ending.map(({ finished }) => finished));
    },
    press: (code, { alt = false, ctrl = false, shift = false } = {}) => {
      window.dispatchEvent(
        new KeyboardEvent('keydown', {
          code,
          altKey: alt,
          ctrlKey: ctrl,
          shiftKey: shift,
          bubbles: true,
          cancelable: true,
        }),
      );
    },
    type: typeInto,
  };
  window.gallery = world;
  await until(() => desk.session.store.getState().session !== null);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await state.play?.(world);
  await document.fonts.ready;
  await new Promise((resolve) => setTimeout(resolve, 250));
  document.body.dataset.gallery = 'ready';
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Into the field that has the focus, or the note. */
function typeInto(text: string): void {
  const focused = document.activeElement;
  const field = isTextField(focused) ? focused : document.getElementById('note-field');
  if (!isTextField(field)) return;
  field.focus();
  document.execCommand('insertText', false, text);
}

const query = new URLSearchParams(window.location.search);
const name = query.get('state');
const phone = query.get('phone');
if (name) void show(name, query);
else {
  const root = document.getElementById('root');
  if (root) createRoot(root).render(phone === null ? <Index /> : <PhonePage name={phone} />);
}

function Index() {
  const variants = ['lang=ko&scheme=light', 'lang=ko&scheme=dark', 'lang=en&scheme=light', 'lang=en&scheme=dark'];
  return (
    <main style={{ padding: 24, overflow: 'auto', height: '100%' }}>
      <h1>Gallery</h1>
      <h2>The phone, without a host</h2>
      <p style={{ columns: 4 }}>
        {Object.keys(PHONE_STATES).map((state) => (
          <a key={state} href={`?phone=${state}`} style={{ display: 'block' }}>
            {state}
          </a>
        ))}
      </p>
      <h2>The desk</h2>
      <table>
        <tbody>
          {Object.keys(STATES).map((state) => (
            <tr key={state}>
              <th style={{ textAlign: 'left' }}>{state}</th>
              {variants.map((variant) => (
                <td key={variant} style={{ paddingLeft: 16 }}>
                  <a href={`?state=${state}&${variant}`}>{variant.replace(/\w+=/g, '').replace('&', ' ')}</a>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </main>
  );
}
