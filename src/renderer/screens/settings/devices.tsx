import { Button, Select, Switch } from '@mantine/core';
import { useStore } from 'zustand';
import type { DeskSettings } from '../../../shared/host-types.ts';
import { LevelBar } from '../../components/level-bar.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { Place } from '../../sound/desk-audio.ts';
import { choosable, type DeviceKind, findDevice, remember } from '../../sound/device-choice.ts';
import { Row, type SaveSettings } from './row.tsx';
import classes from './settings.module.css';

const PLACES = [
  { kind: 'audioinput', setting: 'microphone', word: 'settings.microphone' },
  { kind: 'audiooutput', setting: 'speaker', word: 'settings.speaker' },
  { kind: 'audiooutput', setting: 'ringDevice', word: 'settings.ring_device' },
] as const;

interface DevicesProps {
  settings: DeskSettings;
  save: SaveSettings;
}

/** Which microphone, where calls are heard and where it rings; each by itself, also while a call is on. */
export function Devices({ settings, save }: DevicesProps) {
  const desk = useDesk();
  const { t } = useWords();
  const audio = useStore(desk.audio.store);
  const named = audio.devices.some((device) => device.label !== '');
  return (
    <>
      <MicrophoneTrouble />
      {named &&
        PLACES.map((place) => (
          <Row key={place.setting} label={t(place.word)}>
            <DeviceChoice {...place} label={t(place.word)} settings={settings} save={save} />
            {place.setting === 'microphone' && <LevelBar side="here" label={t('audio:level_here')} />}
            <Missing place={audio[place.setting === 'ringDevice' ? 'ring' : place.setting]} />
          </Row>
        ))}
      <Processing settings={settings} save={save} />
      <HeadsetButtonsRow />
    </>
  );
}

/** Why there is no microphone, and what to do. Quiet where it is open, or was not needed yet and is allowed. */
export function MicrophoneTrouble() {
  const desk = useDesk();
  const { t } = useWords();
  const { microphone, devices } = useStore(desk.audio.store);
  const named = devices.some((device) => device.label !== '');
  const { status } = microphone;
  if (status === 'open' || status === 'opening' || (status === 'closed' && named)) return null;
  return (
    <Row label={t('settings.devices')}>
      {status !== 'closed' && <span className={classes.harm}>{t(`audio:trouble.${status}`)}</span>}
      <Button variant="default" onClick={() => void desk.audio.warm()}>
        {t(status === 'closed' ? 'settings.allow_microphone' : 'retry')}
      </Button>
    </Row>
  );
}

interface DeviceChoiceProps extends DevicesProps {
  kind: DeviceKind;
  setting: 'microphone' | 'speaker' | 'ringDevice';
  label: string;
}

function DeviceChoice({ kind, setting, label, settings, save }: DeviceChoiceProps) {
  const desk = useDesk();
  const { t } = useWords();
  const devices = useStore(desk.audio.store, (audio) => audio.devices);
  const remembered = settings[setting];
  const there = choosable(devices, kind);
  const found = findDevice(devices, kind, remembered);
  const away = remembered && !found ? [{ value: 'away', label: remembered.label || remembered.id.slice(0, 8) }] : [];
  return (
    <Select
      aria-label={label}
      data={[
        ...there.map((device) => ({ value: device.deviceId, label: device.label || device.deviceId.slice(0, 8) })),
        ...away,
      ]}
      value={found?.deviceId ?? (remembered ? 'away' : null)}
      placeholder={t('settings.system_default')}
      clearable
      clearButtonProps={{ 'aria-label': t('settings.system_default') }}
      onChange={(value) => {
        if (value === 'away') return;
        const device = there.find((one) => one.deviceId === value);
        save({ [setting]: device ? remember(device) : null });
      }}
    />
  );
}

function Missing({ place }: { place: Place }) {
  const { t } = useWords();
  if (!place.chosenMissing) return null;
  const instead = place.label ?? t('settings.system_default');
  return <span className={classes.warn}>{t('audio:chosen_missing', { instead })}</span>;
}

const PROCESSING = ['noiseSuppression', 'echoCancellation', 'autoGain'] as const;

function Processing({ settings, save }: DevicesProps) {
  const { t } = useWords();
  return (
    <Row label={t('audio:processing.title')}>
      {PROCESSING.map((name) => (
        <Switch
          key={name}
          size="sm"
          label={t(`audio:processing.${name}`)}
          checked={settings[name]}
          onChange={(event) => save({ [name]: event.currentTarget.checked })}
        />
      ))}
    </Row>
  );
}

function HeadsetButtonsRow() {
  const desk = useDesk();
  const { t } = useWords();
  const { status, name } = useStore(desk.headset.store);
  return (
    <Row label={t('audio:buttons.title')}>
      <span className={status === 'busy' || status === 'no_buttons' ? classes.harm : classes.quiet}>
        {t(`audio:buttons.${status}`, { name: name ?? '' })}
      </span>
      {status !== 'unsupported' && status !== 'connected' && (
        <Button variant="default" onClick={() => void desk.headset.connect()}>
          {t('audio:buttons.connect')}
        </Button>
      )}
    </Row>
  );
}
