import { MantineProvider } from '@mantine/core';
import type { i18n as I18n } from 'i18next';
import { useEffect, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { useStore } from 'zustand';
import type { DangolError } from '../shared/errors.ts';
import { ScreenBoundary } from './components/error-boundary.tsx';
import { Problem } from './components/problem.tsx';
import type { Desk } from './desk.ts';
import { DeskProvider, useDesk } from './desk-context.tsx';
import { createI18n, useWords, WordsProvider } from './i18n.ts';
import { DeskScreen } from './screens/desk/desk-screen.tsx';
import { SignInScreen } from './screens/sign-in/sign-in-screen.tsx';
import { theme } from './theme.ts';

/** Everything on screen. The desk behind it lives outside React: a re-render never touches a call. */
export function App({ desk }: { desk: Desk }) {
  const { language, settings } = useStore(desk.settings.store);
  const [i18n] = useState<I18n>(() => createI18n(language));
  useEffect(() => {
    void i18n.changeLanguage(language);
    document.documentElement.lang = language;
  }, [i18n, language]);
  const scheme = settings.colorScheme;
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      {...(scheme === 'auto' ? {} : { forceColorScheme: scheme })}
    >
      <I18nextProvider i18n={i18n}>
        <WordsProvider>
          <DeskProvider desk={desk}>
            <ScreenBoundary name="desk">
              <Screens />
            </ScreenBoundary>
          </DeskProvider>
        </WordsProvider>
      </I18nextProvider>
    </MantineProvider>
  );
}

function Screens() {
  const desk = useDesk();
  const session = useStore(desk.session.store, (state) => state.session);
  const failed = useStore(desk.shell.store, (shell) => shell.hostFailed);
  const open = session?.status === 'signed_in';
  // Of an open desk nothing here depends on calls: a ring must not render everything again.
  const live = useStore(
    desk.calls.store,
    ({ calls }) => !(open && failed === null) && calls.some((call) => call.stage === 'live'),
  );
  // The first pointer or key unlocks the ring; there is no other way in a browser.
  useEffect(() => {
    const unlock = () => void desk.ringer.unlock().catch(() => undefined);
    unlock();
    window.addEventListener('keydown', unlock, true);
    window.addEventListener('pointerdown', unlock, true);
    return () => {
      window.removeEventListener('keydown', unlock, true);
      window.removeEventListener('pointerdown', unlock, true);
    };
  }, [desk]);
  if (failed?.code === 'DESK_WIPED' && !live) return <Wiped problem={failed} />;
  if (!session) return <Opening />;
  // Whoever is on the line stays in hand until the last call is over, whatever became of the session.
  if (open || live) return <DeskScreen session={session} />;
  return <SignInScreen session={session} />;
}

/** Nothing of anybody is on this machine any more, so nothing of anybody is on its screen. */
function Wiped({ problem }: { problem: DangolError }) {
  const desk = useDesk();
  useEffect(() => desk.customers.clear(), [desk]);
  return (
    <main style={{ padding: 32, maxWidth: 640 }}>
      <Problem problem={problem} />
    </main>
  );
}

/** Only after 150 ms: on a healthy desk the host answers sooner, and nothing should flash. */
function Opening() {
  const { t } = useWords();
  const failed = useStore(useDesk().shell.store, (shell) => shell.hostFailed);
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (failed) return <Problem problem={failed} />;
  return late ? <main style={{ padding: 32 }}>{t('opening')}</main> : null;
}
