import { Button } from '@mantine/core';
import { IconBellRinging } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import { dueNow, dueOfItem, isWarning } from '../../stores/ledger-store.ts';
import classes from '../desk/desk.module.css';
import type { DeskUi } from '../desk/desk-target.ts';
import { openCustomer } from '../desk/use-desk-keys.ts';
import { Ring } from './ledger-sheet.tsx';

/** What is due now: said, never in the way. The first of them, and how many more. */
export function DueBanner({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(15_000);
  const mine = useStore(desk.ledger.store, (state) => state.mine);
  const seen = useStore(desk.ledger.store, (state) => state.seen);
  const [first, ...others] = dueNow({ mine, seen }, now);
  if (!first) return null;
  const kind = first.type === 'case' ? 'case' : (first.promise.kind ?? 'promise');
  const said = isWarning(first, now) ? 'case_soon' : kind;
  const what = first.type === 'case' ? first.case.subject : first.promise.what;
  return (
    <div className={classes.banner} data-kind="info" role="status">
      <IconBellRinging size={16} aria-hidden="true" />
      <span>
        <strong>{t(`ledger:due_now.${said}`, { when: format.listTime(dueOfItem(first) ?? '', now) })}</strong>{' '}
        {nameOf(t, first.customer)} · {what}
        {others.length > 0 && ` · ${t('ledger:and_more', { n: others.length })}`}
      </span>
      {kind === 'callback' && <Ring item={first} ui={ui} />}
      <Button size="xs" variant="default" onClick={() => openCustomer(desk, first.customer.id)}>
        {t('ledger:open')}
      </Button>
      <Button size="xs" variant="default" onClick={() => desk.ledger.dismiss(first, now)}>
        {t('ledger:dismiss')}
      </Button>
    </div>
  );
}
