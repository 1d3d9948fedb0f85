import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import classes from './attention.module.css';
import { DraftsList } from './drafts-list.tsx';
import { HeldItem } from './held-item.tsx';
import { TeamHeld } from './team-held.tsx';
import { UnassignedList } from './unassigned-list.tsx';

/** What the centre refused: it blocks nothing, it is not lost, and somebody decides. */
export function AttentionSheet() {
  const desk = useDesk();
  const { t } = useWords();
  const { items, ofOthers, state, problem } = useStore(desk.sync.store, ({ attention }) => attention);
  const leads = useStore(
    desk.session.store,
    ({ session }) => session?.status === 'signed_in' && ['supervisor', 'administrator'].includes(session.agent.role),
  );
  useEffect(() => {
    void desk.sync.readAttention();
  }, [desk]);
  const asking = items.filter((item) => !item.kept);
  const kept = items.filter((item) => item.kept);
  return (
    <>
      <p className={classes.lead}>{t('attention.lead')}</p>
      {problem && <Problem problem={problem} onRetry={() => void desk.sync.readAttention()} />}
      {state === 'ready' && !problem && items.length + ofOthers === 0 && (
        <p className={classes.none}>{t('attention.none')}</p>
      )}
      <ul className={classes.list}>
        {[...asking, ...kept].map((item) => (
          <HeldItem key={item.opId} item={item} />
        ))}
      </ul>
      {ofOthers > 0 && <p className={classes.none}>{t('attention.of_others', { n: ofOthers })}</p>}
      {leads && <TeamHeld />}
      <DraftsList />
      <UnassignedList />
    </>
  );
}
