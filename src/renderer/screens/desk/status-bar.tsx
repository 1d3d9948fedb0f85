import {
  IconAlertTriangle,
  IconCheck,
  IconCloudOff,
  IconPhone,
  IconPhoneOff,
  IconRefresh,
  IconSearch,
} from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { SyncStatus } from '../../../shared/host-types.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords, type Words } from '../../i18n.ts';
import { AgentStateMenu } from './agent-state-menu.tsx';
import { CertificateTrouble } from './certificate-trouble.tsx';
import classes from './desk.module.css';
import type { DeskUi } from './desk-target.ts';
import { LineMeter } from './line-meter.tsx';
import { useLineWord } from './line-word.ts';
import { QueueNews } from './queue-news.tsx';
import { ScreenLamp } from './screen-guard.tsx';
import { VoicemailLamp } from './voicemail-lamp.tsx';

/** @param props.open false while the desk is locked in a call: then only the line is of interest. */
export function StatusBar({ ui, open }: { ui: DeskUi; open: boolean }) {
  const { t } = useWords();
  return (
    <header className={classes.status} data-safe>
      {open && <AgentStateMenu />}
      <Line />
      <CertificateTrouble />
      {open && <QueueNews />}
      <LineMeter />
      <VoicemailLamp />
      <ScreenLamp />
      <span className={classes.spacer} />
      {open && (
        <button type="button" className={classes.find} onClick={() => ui.setFinder(true)} aria-keyshortcuts="Control+K">
          <IconSearch size={14} aria-hidden="true" />
          {t('status.find')}
          <KeyHint act="find" />
        </button>
      )}
      {open && <SyncMark ui={ui} />}
    </header>
  );
}

/** Where the line is, in words. Good news is quiet. */
function Line() {
  const desk = useDesk();
  const { registration, wish } = useStore(desk.line.store);
  const word = useLineWord();
  const good = registration.state === 'registered' || registration.state === 'connecting';
  const quiet = good || wish.state === 'break';
  const Icon = good ? IconPhone : IconPhoneOff;
  return (
    <span className={classes.line} data-bad={!quiet} role="status">
      <Icon size={15} stroke={1.8} aria-hidden="true" />
      {word}
    </span>
  );
}

const SYNC_ICONS = {
  signed_out: IconCloudOff,
  bootstrapping: IconRefresh,
  idle: IconCheck,
  working: IconRefresh,
  offline: IconCloudOff,
} as const;

function SyncMark({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(10_000);
  const status = useStore(desk.sync.store, (state) => state.status);
  if (!status) return null;
  const Icon = status.attention > 0 ? IconAlertTriangle : SYNC_ICONS[status.phase];
  const age = status.lastContactAt ? format.relative(status.lastContactAt, now) : t('sync.never');
  return (
    <button
      type="button"
      className={classes.sync}
      data-phase={status.phase}
      title={status.lastContactAt ? t('sync.last_contact', { at: format.exact(status.lastContactAt) }) : undefined}
      aria-keyshortcuts="Alt+I"
      onClick={() => ui.setSheet(status.attention > 0 ? 'attention' : 'sync')}
    >
      <Icon size={15} stroke={2} aria-hidden="true" />
      {syncWords(status, age, t)}
    </button>
  );
}

function syncWords(status: SyncStatus, age: string, t: Words['t']): string {
  if (status.attention > 0) return t('sync.attention', { n: status.attention });
  switch (status.phase) {
    case 'offline':
      return status.pending > 0 ? t('sync.offline_pending', { n: status.pending, age }) : t('sync.offline', { age });
    case 'bootstrapping':
      return t('sync.bootstrapping');
    case 'signed_out':
      return t('sync.signed_out');
    default:
      if (status.pending > 0) return t('sync.pending', { n: status.pending });
      return t(status.practiceStore ? 'sync.at_practice_centre' : 'sync.at_centre', { age });
  }
}
