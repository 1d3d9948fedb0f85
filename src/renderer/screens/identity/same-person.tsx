import { Button } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { MergedHere, PerhapsSame } from '../../../shared/contract-identity.ts';
import type { Customer360 } from '../../../shared/customer-360.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { MarkBadge } from '../../components/mark.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import classes from './identity.module.css';
import { useIdentity } from './use-identity.ts';

/** How long a merge stays said above the customer; after that it is found in the sheet. */
const RECENT_MS = 24 * 3_600_000;

/** Quiet lines of who may be the same person, and of who was merged a while ago. Nothing where there is nobody. */
export function SamePerson({ view, ui }: { view: Customer360; ui: DeskUi }) {
  const now = useNow(60_000);
  const { same, merged } = useIdentity(view);
  const recent = merged.filter(({ at }) => now - Date.parse(at) < RECENT_MS);
  return (
    <>
      {same.length > 0 && <Perhaps same={same} ui={ui} />}
      {recent.slice(0, 1).map((one) => (
        <Merged key={one.mergeId} one={one} customerId={view.customer.id} first />
      ))}
    </>
  );
}

function Perhaps({ same, ui }: { same: readonly PerhapsSame[]; ui: DeskUi }) {
  const { t } = useWords();
  return (
    <div className={classes.line}>
      <IconUsers size={15} stroke={1.8} aria-hidden="true" />
      <span>
        {t('identity:perhaps')}{' '}
        {same.map((one, index) => (
          <span key={one.id}>
            {index > 0 && ', '}
            <b>{nameOf(t, one)}</b> {one.customerNumber} ({one.by.map((by) => t(`identity:by.${by}`)).join(' · ')})
          </span>
        ))}
      </span>
      <Button
        size="xs"
        variant="default"
        aria-keyshortcuts="Alt+Shift+M"
        rightSection={<KeyHint act="same_person" />}
        onClick={() => ui.setSheet('same_person')}
      >
        {t('identity:compare')}
      </Button>
    </div>
  );
}

/** Somebody who was merged, and the way back. */
export function Merged({ one, customerId, first = false }: { one: MergedHere; customerId: string; first?: boolean }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(60_000);
  const practice = useStore(desk.sync.store, ({ status }) => status?.practiceStore ?? false);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const undo = () =>
    void desk.api.identity.unmerge({ mergeId: one.mergeId, customerId }).then(
      () => setProblem(null),
      (error: unknown) => setProblem(toDangolError(error)),
    );
  return (
    <div className={classes.line} role="status">
      <IconUsers size={15} stroke={1.8} aria-hidden="true" />
      <span>
        {t('identity:merged')} <b>{nameOf(t, one.customer)}</b> {one.customer.customerNumber}{' '}
        <span className={classes.dim} title={format.exact(one.at)}>
          ({one.byName} · {format.relative(one.at, now)})
        </span>
      </span>
      {one.mark !== 'centre' && <MarkBadge mark={one.mark} practice={practice} />}
      {one.mayUndo ? (
        <Button
          size="xs"
          variant="default"
          data-place={first ? 'undo-merge' : undefined}
          aria-keyshortcuts={first ? 'Alt+Shift+Z' : undefined}
          rightSection={first ? <KeyHint act="undo_merge" /> : undefined}
          onClick={undo}
        >
          {t('identity:undo')}
        </Button>
      ) : (
        <span className={classes.dim}>{t('identity:undo_by_supervisor')}</span>
      )}
      {problem && <Problem problem={problem} />}
    </div>
  );
}
