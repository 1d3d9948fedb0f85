import { Button, SegmentedControl, Select, Slider } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DeskSettings, StoreStatus } from '../../../shared/host-types.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import classes from './settings.module.css';

export function SettingsSheet() {
  const desk = useDesk();
  const { t, language } = useWords();
  const { settings, problem } = useStore(desk.settings.store);
  const save = (change: Partial<DeskSettings>) => void desk.settings.save(change);
  return (
    <div className={classes.settings}>
      {problem && <Problem problem={problem} />}
      <Row label={t('settings.language')}>
        <SegmentedControl
          fullWidth
          aria-label={t('settings.language')}
          value={language}
          data={[
            { value: 'ko', label: '한국어' },
            { value: 'en', label: 'English' },
          ]}
          onChange={(value) => save({ language: value === 'en' ? 'en' : 'ko' })}
        />
      </Row>
      <Row label={t('settings.scheme')}>
        <SegmentedControl
          fullWidth
          aria-label={t('settings.scheme')}
          value={settings.colorScheme}
          data={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: t(`settings.scheme_${value}`) }))}
          onChange={(value) => save({ colorScheme: value === 'light' || value === 'dark' ? value : 'auto' })}
        />
      </Row>
      <Devices settings={settings} save={save} />
      <RingVolume settings={settings} save={save} />
      <StoreFacts />
    </div>
  );
}

function Row({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className={classes.row}>
      <span className={classes.label}>{label}</span>
      {children}
    </div>
  );
}

type SaveSettings = (change: Partial<DeskSettings>) => void;

const DEVICES = [
  { kind: 'audioinput', setting: 'microphoneId', word: 'settings.microphone' },
  { kind: 'audiooutput', setting: 'speakerId', word: 'settings.speaker' },
  { kind: 'audiooutput', setting: 'ringDeviceId', word: 'settings.ring_device' },
] as const;

/** Absent on a page that is not secure. */
const mediaDevices = () => navigator.mediaDevices as MediaDevices | undefined;

/** Names of devices are told only after the microphone was allowed: until then there is a button for that. */
function Devices({ settings, save }: { settings: DeskSettings; save: SaveSettings }) {
  const { t } = useWords();
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  const [blocked, setBlocked] = useState(false);
  useEffect(() => {
    const media = mediaDevices();
    if (!media) return;
    const read = () => void media.enumerateDevices().then(setDevices, () => undefined);
    read();
    media.addEventListener('devicechange', read);
    return () => media.removeEventListener('devicechange', read);
  }, []);
  const named = devices.some((device) => device.label !== '');
  const allow = async () => {
    try {
      const media = mediaDevices();
      const stream = await media?.getUserMedia({ audio: true });
      for (const track of stream?.getTracks() ?? []) track.stop();
      setDevices((await media?.enumerateDevices()) ?? []);
    } catch {
      setBlocked(true);
    }
  };
  return (
    <>
      {!named && (
        <Row label={t('settings.devices')}>
          <Button variant="default" onClick={() => void allow()}>
            {t('settings.allow_microphone')}
          </Button>
          {blocked && <span className={classes.harm}>{t('settings.microphone_blocked')}</span>}
        </Row>
      )}
      {named &&
        DEVICES.map(({ kind, setting, word }) => (
          <Row key={setting} label={t(word)}>
            <Select
              aria-label={t(word)}
              data={devices
                .filter((device) => device.kind === kind && device.deviceId !== '' && device.deviceId !== 'default')
                .map((device) => ({ value: device.deviceId, label: device.label || device.deviceId.slice(0, 8) }))}
              value={settings[setting]}
              placeholder={t('settings.system_default')}
              clearable
              onChange={(value) => save({ [setting]: value })}
            />
          </Row>
        ))}
    </>
  );
}

function RingVolume({ settings, save }: { settings: DeskSettings; save: SaveSettings }) {
  const desk = useDesk();
  const { t } = useWords();
  const [volume, setVolume] = useState(settings.ringVolume);
  const tryOut = () => {
    desk.ringer.ring();
    setTimeout(
      () => desk.calls.store.getState().calls.every((call) => call.live?.phase !== 'ringing') && desk.ringer.stop(),
      2000,
    );
  };
  return (
    <Row label={t('settings.ring_volume')}>
      <Slider
        size="sm"
        thumbLabel={t('settings.ring_volume')}
        min={0}
        max={1}
        step={0.05}
        value={volume}
        label={(value) => `${Math.round(value * 100)}%`}
        onChange={setVolume}
        onChangeEnd={(value) => save({ ringVolume: value })}
      />
      {volume === 0 && <span className={classes.harm}>{t('settings.ring_silent')}</span>}
      <Button variant="default" onClick={tryOut}>
        {t('settings.ring_try')}
      </Button>
    </Row>
  );
}

/** How safely this desk keeps what is not yet at the centre. */
function StoreFacts() {
  const desk = useDesk();
  const { t } = useWords();
  const { store, version, session } = useStore(desk.session.store);
  const facts = (status: StoreStatus) => [
    t(`settings.outbox_${status.outbox}`),
    t(`settings.cache_${status.cache}`),
    t(`settings.key_${status.keyStore}`),
    ...(status.lostOperations === null ? [t('store.lost_unknown')] : []),
    ...(status.lostOperations ? [t('store.lost', { n: status.lostOperations })] : []),
  ];
  return (
    <Row label={t('settings.store')}>
      <ul className={classes.facts}>
        {store && facts(store).map((fact) => <li key={fact}>{fact}</li>)}
        {session && <li>{t('sign_in.centre', { address: session.centralUrl })}</li>}
        <li>{t('settings.version', { version })}</li>
      </ul>
    </Row>
  );
}
