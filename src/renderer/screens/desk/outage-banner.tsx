import { Button } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { SyncStatus } from '../../../shared/host-types.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { duration } from '../../lib/format.ts';
import classes from './desk.module.css';
import type { DeskUi } from './desk-target.ts';

/** Shorter absences are nobody's concern: the mark in the status bar tells of them. */
const SHOWN_AFTER_MS = 30_000;
const LOCKS_SOON_MS = 60 * 60_000;

/** The centre is away: since when, that work goes on, how much waits, and until when the desk may go on without it. */
export function OutageBanner({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(10_000);
  const status = useStore(desk.sync.store, (state) => state.status);
  const lease = useStore(desk.session.store, ({ session }) =>
    session?.status === 'signed_in' ? Date.parse(session.leaseUntil) : null,
  );
  const since = status ? outageSince(status, now) : null;
  if (!status || since === null) return null;
  const left = lease === null ? null : lease - now;
  const soon = left !== null && left < LOCKS_SOON_MS;
  return (
    <div className={classes.banner} data-kind={soon ? 'harm' : 'warn'} role="status">
      <IconCloudOff size={16} aria-hidden="true" />
      <span>
        <strong title={format.exact(since)}>{t('outage.since', { at: format.listTime(since, now) })}</strong>{' '}
        {soon ? t('outage.locks', { time: duration(left) }) : t('outage.works')}{' '}
        {status.pending > 0 && t('outage.kept', { n: format.number(status.pending) })}
      </span>
      <Button
        variant="default"
        aria-keyshortcuts="Alt+I"
        rightSection={<KeyHint act="sync" />}
        onClick={() => ui.setSheet('sync')}
      >
        {t('outage.more')}
      </Button>
    </div>
  );
}

const AWAY: readonly string[] = ['CENTRE_UNREACHABLE', 'CENTRE_NONSENSE', 'OTHER_RELEASE'];

/** The last contact before an outage that is long enough to speak of; null: there is none, or there never was a contact. */
export function outageSince({ phase, problem, lastContactAt }: SyncStatus, now: number): string | null {
  const away = phase === 'offline' && problem !== null && AWAY.includes(problem.code);
  if (!away || lastContactAt === null || now - Date.parse(lastContactAt) < SHOWN_AFTER_MS) return null;
  return lastContactAt;
}
