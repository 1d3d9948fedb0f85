import { IconFileSearch } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import customer from '../customer/customer.module.css';
import type { DeskUi } from '../desk/desk-target.ts';
import { lead, PLACES } from '../desk/places.ts';
import { mayWriteKnowledge } from '../desk/use-desk-keys.ts';

/** For supervisors: what is held about the customer on screen. Agents have no such button. */
export function PrivacyButton({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const may = useStore(desk.session.store, () => mayWriteKnowledge(desk));
  if (!may) return null;
  return (
    <button type="button" className={customer.peek} onClick={() => lead(() => ui.setSheet('privacy'), PLACES.privacy)}>
      <IconFileSearch size={15} aria-hidden="true" />
      {t('privacy:open')}
      <KeyHint act="privacy" />
    </button>
  );
}
