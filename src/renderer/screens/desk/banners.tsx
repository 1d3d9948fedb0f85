import { Button, Progress } from '@mantine/core';
import {
  IconAlertTriangle,
  IconDeviceDesktop,
  IconPlugConnectedX,
  IconRefresh,
  IconVolumeOff,
} from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { duration } from '../../lib/format.ts';
import { DueBanner } from '../ledger/due-banner.tsx';
import classes from './desk.module.css';
import type { DeskUi } from './desk-target.ts';
import { OutageBanner } from './outage-banner.tsx';
import { StateChangedBanner } from './queue-news.tsx';

/** What the agent must know now, most urgent first. They take height from the history, never from the note. */
export function Banners({ ui }: { ui: DeskUi }) {
  return (
    <>
      <HostGone />
      <Outdated />
      <SoundOff />
      <Elsewhere />
      <StateChangedBanner />
      <DueBanner ui={ui} />
      <OutageBanner ui={ui} />
      <StoreWarning ui={ui} />
      <Bootstrap />
    </>
  );
}

function Banner({ kind, icon, children }: { kind: 'warn' | 'harm' | 'info'; icon: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.banner} data-kind={kind} role="status" data-safe>
      {icon}
      {children}
    </div>
  );
}

function HostGone() {
  const desk = useDesk();
  const { t } = useWords();
  const { status, since } = useStore(desk.connection);
  const failed = useStore(desk.shell.store, (shell) => shell.hostFailed);
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (status !== 'gone') return;
    const timer = setTimeout(() => setLate(true), Math.max(0, since + 5000 - desk.now()));
    return () => clearTimeout(timer);
  }, [desk, status, since]);
  if (status !== 'gone') return null;
  if (failed) return <Problem problem={failed} />;
  return (
    <Banner kind="harm" icon={<IconPlugConnectedX size={16} />}>
      <span>
        <strong>{t('host_gone.what')}</strong> {t(late ? 'host_gone.late' : 'host_gone.safe')}
      </span>
    </Banner>
  );
}

function Outdated() {
  const desk = useDesk();
  const { t } = useWords();
  const outdated = useStore(desk.session.store, (state) => state.outdated);
  if (!outdated) return null;
  return (
    <Banner kind="warn" icon={<IconRefresh size={16} />}>
      <span>{t('outdated')}</span>
      <Button variant="default" onClick={() => window.location.reload()}>
        {t('reload')}
      </Button>
    </Banner>
  );
}

function SoundOff() {
  const desk = useDesk();
  const { t } = useWords();
  const off = useStore(desk.ringer.sound, (sound) => sound.status === 'off');
  if (!off) return null;
  return (
    <Banner kind="warn" icon={<IconVolumeOff size={16} />}>
      <strong>{t('sound_off.what')}</strong> <span>{t('sound_off.do')}</span>
    </Banner>
  );
}

function Elsewhere() {
  const desk = useDesk();
  const { t } = useWords();
  const elsewhere = useStore(desk.line.store, (line) => line.claim === 'elsewhere');
  if (!elsewhere) return null;
  return (
    <Banner kind="info" icon={<IconDeviceDesktop size={16} />}>
      <span>{t('elsewhere.what')}</span>
      <Button variant="default" onClick={() => void desk.line.takeOver().catch(() => undefined)}>
        {t('elsewhere.take_over')}
      </Button>
    </Banner>
  );
}

function StoreWarning({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const store = useStore(desk.session.store, (state) => state.store);
  if (!store) return null;
  const words = () => {
    if (store.outbox === 'memory') return t('store.memory');
    if (store.lostOperations === null) return t('store.lost_unknown');
    return store.lostOperations > 0 ? t('store.lost', { n: store.lostOperations }) : t('store.repaired');
  };
  if (store.outbox === 'encrypted') return null;
  return (
    <Banner
      kind={store.outbox === 'salvaged' && store.lostOperations === 0 ? 'info' : 'harm'}
      icon={<IconAlertTriangle size={16} />}
    >
      <span>{words()}</span>
      <Button variant="default" onClick={() => ui.setSheet('settings')}>
        {t('store.more')}
      </Button>
    </Banner>
  );
}

function Bootstrap() {
  const desk = useDesk();
  const { t, format } = useWords();
  const status = useStore(desk.sync.store, (state) => state.status);
  if (status?.phase !== 'bootstrapping' || !status.progress) return null;
  const { done, total, secondsLeft, rowsPerSecond } = status.progress;
  return (
    <div className={classes.progress} role="status" data-safe>
      <span>{t('bootstrap.what')}</span>
      <Progress value={total > 0 ? (done / total) * 100 : 0} aria-label={t('bootstrap.what')} />
      <span>{t('bootstrap.count', { done: format.number(done), total: format.number(total) })}</span>
      {rowsPerSecond != null && <span>{t('bootstrap.rate', { n: format.number(rowsPerSecond) })}</span>}
      {secondsLeft !== null && <span>{t('bootstrap.left', { time: duration(secondsLeft * 1000) })}</span>}
    </div>
  );
}
