import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { ScreenBoundary } from '../../components/error-boundary.tsx';
import { useWords } from '../../i18n.ts';
import { AttentionSheet } from '../attention/attention-sheet.tsx';
import { AuthoringSheet } from '../authoring/authoring-sheet.tsx';
import { MergeSheet } from '../identity/merge-sheet.tsx';
import { KnowledgeSheet } from '../knowledge/knowledge-sheet.tsx';
import { LedgerSheet } from '../ledger/ledger-sheet.tsx';
import { MessageSheet } from '../messages/message-sheet.tsx';
import { PracticeSheet } from '../practice/practice-sheet.tsx';
import { PrivacySheet } from '../privacy/privacy-sheet.tsx';
import { ScriptSheet } from '../script/script-sheet.tsx';
import { KeysSheet } from '../settings/keys-sheet.tsx';
import { SettingsSheet } from '../settings/settings-sheet.tsx';
import { ShiftCheckSheet } from '../shift-check/shift-check-sheet.tsx';
import { SyncSheet } from '../sync/sync-sheet.tsx';
import classes from './desk.module.css';
import type { DeskUi, SheetName } from './desk-target.ts';

/** What a locked desk may show. */
const WITHOUT_CUSTOMERS: readonly SheetName[] = ['settings', 'shift_check', 'keys'];

/** Of nobody in particular: also while others see the screen. */
const SAFE: readonly SheetName[] = [...WITHOUT_CUSTOMERS, 'practice', 'authoring'];

/** What is written there stands beside how it will look. */
const WIDE: readonly SheetName[] = ['authoring'];
/** What is read out stands in large letters. */
const ROOMY: readonly SheetName[] = ['script'];

/** Side sheets: beside the call, never over its keys; no overlay, nothing is blocked. */
export function Sheets({ ui, open }: { ui: DeskUi; open: boolean }) {
  if (!ui.sheet || !(open || WITHOUT_CUSTOMERS.includes(ui.sheet))) return null;
  const close = () => ui.setSheet(null);
  return (
    <div className={classes.sheetFrame}>
      <Sheet key={ui.sheet} name={ui.sheet} onClose={close}>
        <ScreenBoundary name={ui.sheet}>{sheetBody(ui.sheet, ui)}</ScreenBoundary>
      </Sheet>
    </div>
  );
}

function sheetBody(name: SheetName, ui: DeskUi): ReactNode {
  switch (name) {
    case 'practice':
      return <PracticeSheet ui={ui} />;
    case 'knowledge':
      return <KnowledgeSheet ui={ui} />;
    case 'authoring':
      return <AuthoringSheet />;
    case 'script':
      return <ScriptSheet ui={ui} />;
    case 'ledger':
      return <LedgerSheet ui={ui} />;
    case 'message':
      return <MessageSheet ui={ui} />;
    case 'same_person':
      return <MergeSheet ui={ui} />;
    case 'privacy':
      return <PrivacySheet />;
    case 'attention':
      return <AttentionSheet />;
    case 'sync':
      return <SyncSheet ui={ui} />;
    case 'settings':
      return <SettingsSheet ui={ui} />;
    case 'shift_check':
      return <ShiftCheckSheet ui={ui} />;
    case 'keys':
      return <KeysSheet />;
  }
}

function Sheet({ name, onClose, children }: { name: SheetName; onClose: () => void; children: ReactNode }) {
  const { t } = useWords();
  const sheet = useRef<HTMLElement>(null);
  useEffect(() => {
    // The agent asked for it, so the focus may come here; it goes back to where it was.
    const before = document.activeElement;
    sheet.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    event.stopPropagation();
    onClose();
  };
  return (
    <aside
      ref={sheet}
      className={classes.sheet}
      data-wide={WIDE.includes(name)}
      data-safe={SAFE.includes(name) || undefined}
      data-roomy={ROOMY.includes(name)}
      tabIndex={-1}
      aria-label={t(`keys:${name}`)}
      onKeyDown={onKeyDown}
    >
      <div className={classes.sheetHead} data-safe>
        <h2>{t(`keys:${name}`)}</h2>
        <ActionIcon aria-label={t('close')} onClick={onClose}>
          <IconX size={18} />
        </ActionIcon>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable for those who scroll by key */}
      <section className={classes.sheetBody} tabIndex={0} aria-label={t(`keys:${name}`)}>
        {children}
      </section>
    </aside>
  );
}
