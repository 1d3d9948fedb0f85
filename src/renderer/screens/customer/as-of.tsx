import { useStore } from 'zustand';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import classes from './customer.module.css';

const STALE_AFTER_MS = 5 * 60_000;

/** How old this picture may be. Said aloud only when it is old, or the centre is away. */
export function AsOf({ asOf }: { asOf: string | null }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(30_000);
  const offline = useStore(desk.sync.store, ({ status }) => status?.phase === 'offline');
  if (asOf === null) return <span className={classes.stale}>{t('customer:as_of_never')}</span>;
  const stale = offline || now - Date.parse(asOf) > STALE_AFTER_MS;
  return (
    <span className={stale ? classes.stale : classes.dim} title={format.exact(asOf)}>
      {t('customer:as_of', { when: format.relative(asOf, now) })}
    </span>
  );
}
