import { Button, SegmentedControl } from '@mantine/core';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { LedgerItem } from '../../../shared/contract-follow-up.ts';
import { MarkBadge } from '../../components/mark.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import { dueOfItem, idOfItem } from '../../stores/ledger-store.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { openCustomer } from '../desk/use-desk-keys.ts';
import { CaseClockLine, hasClock } from './case-clock.tsx';
import classes from './ledger.module.css';
import { SettleCase, SettlePromise } from './settle-menu.tsx';

/** What is owed to customers, overdue first: by this agent, or by anybody, because whoever answers keeps it. */
export function LedgerSheet({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const { mine, all, whose, more, state, problem } = useStore(desk.ledger.store);
  useEffect(() => {
    void desk.ledger.read();
  }, [desk]);
  const items = whose === 'mine' ? mine : (all ?? []);
  return (
    <>
      <SegmentedControl
        fullWidth
        aria-label={t('ledger:whose')}
        value={whose}
        data={[
          { value: 'mine', label: t('ledger:mine') },
          { value: 'all', label: t('ledger:all') },
        ]}
        onChange={(value) => desk.ledger.show(value === 'all' ? 'all' : 'mine')}
      />
      {problem && <Problem problem={problem} onRetry={() => void desk.ledger.read()} />}
      {state === 'ready' && !problem && items.length === 0 && <p className={classes.none}>{t('ledger:none')}</p>}
      <ul className={classes.list}>
        {items.map((item) => (
          <Line key={idOfItem(item)} item={item} ui={ui} />
        ))}
      </ul>
      {more && <p className={classes.none}>{t('ledger:more')}</p>}
    </>
  );
}

function Line({ item, ui }: { item: LedgerItem; ui: DeskUi }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(30_000);
  const practice = useStore(desk.sync.store, ({ status }) => status?.practiceStore ?? false);
  const due = dueOfItem(item);
  const late = due !== null && Date.parse(due) < now;
  const { what, kind, owner, mark } = factsOf(item);
  // Without a due time of its own its clock says all.
  const byClock = item.type === 'case' && item.case.dueAt === null && hasClock(item.case, now);
  return (
    <li className={classes.item} data-late={late}>
      <div className={classes.itemHead}>
        <span className={classes.kind}>{t(`ledger:kind.${kind}`)}</span>
        {byClock ? (
          <CaseClockLine row={item.case} now={now} />
        ) : (
          <span className={late ? classes.late : classes.due} title={due ? format.exact(due) : undefined}>
            {due === null
              ? t('ledger:no_due')
              : t(late ? 'customer:due_past' : 'customer:due', { when: format.relative(due, now) })}
          </span>
        )}
        {item.type === 'promise' ? <SettlePromise promise={item.promise} /> : <SettleCase row={item.case} />}
      </div>
      <p className={classes.text}>{what}</p>
      {item.type === 'case' && !byClock && <CaseClockLine row={item.case} now={now} />}
      {item.type === 'case' && item.case.escalated && (
        <p className={classes.dim}>
          {t('ledger:escalated', { name: item.case.escalated.byName, why: item.case.escalated.why })}
        </p>
      )}
      <div className={classes.itemFoot}>
        <button type="button" className={classes.customer} onClick={() => openCustomer(desk, item.customer.id)}>
          {nameOf(t, item.customer)}
        </button>
        <span className={classes.dim}>{owner}</span>
        {mark !== 'centre' && <MarkBadge mark={mark} practice={practice} />}
        {kind === 'callback' && <Ring item={item} ui={ui} />}
      </div>
    </li>
  );
}

function factsOf(item: LedgerItem) {
  if (item.type === 'case') {
    const { number, subject, ownerName, mark } = item.case;
    return { what: number === '' ? subject : `#${number} ${subject}`, kind: 'case' as const, owner: ownerName, mark };
  }
  const { what, kind = 'promise', owner, byAgentName, mark } = item.promise;
  return { what, kind, owner: owner?.name ?? byAgentName, mark };
}

/** A callback rings through with the same screen: the customer opens, and the strip has the number. */
export function Ring({ item, ui }: { item: LedgerItem; ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const registered = useStore(desk.line.store, (line) => line.registration.state === 'registered');
  if (item.type !== 'promise' || !item.customer.phone) return null;
  const { phone, id: customerId } = item.customer;
  const contactPointId = item.promise.contactPointId ?? null;
  const ring = () => {
    openCustomer(desk, customerId);
    if (contactPointId !== null) ui.setDial({ number: phone, customerId, contactPointId });
  };
  return (
    <Button size="xs" variant="default" disabled={!registered} onClick={ring}>
      {t('customer:facts.call')}
    </Button>
  );
}
