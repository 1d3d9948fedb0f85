import { Button } from '@mantine/core';
import { IconHeadphonesOff, IconHeadset, IconMicrophoneOff } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { DeviceNotice } from '../../sound/desk-audio.ts';
import classes from './desk.module.css';
import type { DeskUi } from './desk-target.ts';

const GOOD_NEWS_MS = 6_000;

/** What a device did by itself, and a microphone that cannot be used although calls come. */
export function DeviceBanners({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const { notice, microphone } = useStore(desk.audio.store);
  const back = notice?.what.endsWith('_back') ?? false;
  useEffect(() => {
    if (!back) return;
    const timer = setTimeout(() => desk.audio.dismissNotice(), GOOD_NEWS_MS);
    return () => clearTimeout(timer);
  }, [desk, back]);
  const trouble = ['denied', 'missing', 'busy'].includes(microphone.status);
  const gone = notice?.what === 'microphone_lost' && notice.instead === null;
  if (notice && (!trouble || gone)) return <Notice notice={notice} gone={gone} ui={ui} />;
  if (!trouble) return null;
  return (
    <div className={classes.banner} data-kind="harm" role="alert">
      <IconMicrophoneOff size={16} />
      <span>{t(`audio:trouble.${microphone.status}`)}</span>
      <Button variant="default" onClick={() => void desk.audio.warm()}>
        {t('retry')}
      </Button>
    </div>
  );
}

function Notice({ notice, gone, ui }: { notice: DeviceNotice; gone: boolean; ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const { what, label, instead } = notice;
  const good = what.endsWith('_back');
  return (
    <div className={classes.banner} data-kind={gone ? 'harm' : good ? 'info' : 'warn'} role={good ? 'status' : 'alert'}>
      {good ? <IconHeadset size={16} /> : <IconHeadphonesOff size={16} />}
      <span>
        {gone ? t('audio:notice.microphone_gone') : t(`audio:notice.${what}`, { label, instead: instead ?? '' })}
      </span>
      {!good && (
        <Button variant="default" onClick={() => ui.setSheet('settings')}>
          {t('audio:check.to_settings')}
        </Button>
      )}
      {!gone && (
        <Button variant="default" onClick={() => desk.audio.dismissNotice()}>
          {t('close')}
        </Button>
      )}
    </div>
  );
}
