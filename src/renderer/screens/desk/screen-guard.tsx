import { IconEyeOff } from '@tabler/icons-react';
import { useEffect, useLayoutEffect } from 'react';
import { useStore } from 'zustand';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import classes from './desk.module.css';

/**
 * While others see the screen every text of the desk is drawn as dots, but for what stands under `data-safe` (styles.css): what is
 * forgotten there is hidden, not shown. Pictures and lists that the system draws go, and titles do not come up.
 */
export function ScreenGuard(): null {
  const { shared } = useStore(useDesk().screen.store);
  useLayoutEffect(() => {
    if (!shared) return;
    document.body.dataset.shared = 'true';
    return () => {
      delete document.body.dataset.shared;
    };
  }, [shared]);
  useEffect(() => {
    if (!shared) return;
    const untitle = ({ target }: Event) => {
      if (!(target instanceof Element)) return;
      const titled = target.closest('[title]');
      if (titled && !titled.closest('[data-safe]')) titled.removeAttribute('title');
    };
    window.addEventListener('pointerover', untitle, true);
    return () => window.removeEventListener('pointerover', untitle, true);
  }, [shared]);
  return null;
}

/** Says that it is so, and ends it. */
export function ScreenLamp() {
  const desk = useDesk();
  const { t } = useWords();
  const { shared } = useStore(desk.screen.store);
  if (!shared) return null;
  return (
    <button
      type="button"
      className={classes.shared}
      aria-keyshortcuts={keyOf('share_screen')}
      onClick={() => desk.screen.toggle()}
    >
      <IconEyeOff size={15} stroke={1.8} aria-hidden="true" />
      {t('shared.lamp')}
      <KeyHint act="share_screen" />
    </button>
  );
}
