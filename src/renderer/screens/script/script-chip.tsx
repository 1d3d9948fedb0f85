import { IconScript } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { wordsOf } from '../../../shared/script.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { toScript } from '../desk/use-desk-keys.ts';
import classes from '../note/note.module.css';
import { useScriptList, useScriptPlace } from './use-script.ts';

/** Beside the note: which script this call has or should have. It only says so; the key opens it. */
export function ScriptChip({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t, language } = useWords();
  const { key, of } = useScriptPlace();
  const slot = useStore(desk.scripts.store, ({ slots }) => slots[key]);
  const ended = useStore(desk.scripts.store, ({ over }) => over[key] !== undefined);
  const { hits } = useScriptList(of, of.callId !== null && !slot);
  const best = hits?.find(({ fits }) => fits);
  const title = slot ? wordsOf(slot.run.version.content.title, language) : best ? wordsOf(best.title, language) : null;
  const words =
    title && (slot || !ended) ? t(slot ? 'script:chip.running' : 'script:chip.fits', { title }) : t('keys:script');
  return (
    <button
      type="button"
      className={classes.followUp}
      aria-keyshortcuts={keyOf('script')}
      aria-expanded={ui.sheet === 'script'}
      onClick={() => (ui.sheet === 'script' ? ui.setSheet(null) : toScript(ui))}
    >
      <IconScript size={14} aria-hidden="true" />
      {words} <KeyHint act="script" />
    </button>
  );
}
