import { Button, NativeSelect, SegmentedControl, Slider } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { DeskSettings, StoreStatus } from '../../../shared/host-types.ts';
import { DIAL_KEYS } from '../../../shared/shell-bridge.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { Arrange } from './arrange.tsx';
import { Devices } from './devices.tsx';
import { Row, type SaveSettings } from './row.tsx';
import classes from './settings.module.css';

export function SettingsSheet({ ui }: { ui: DeskUi }) {
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
      <Row label={t('audio:check.title')}>
        <Button
          variant="default"
          onClick={() => ui.setSheet('shift_check')}
          rightSection={<KeyHint act="shift_check" />}
        >
          {t('audio:check.start')}
        </Button>
      </Row>
      <Arrange />
      <Devices settings={settings} save={save} />
      <RingVolume settings={settings} save={save} />
      <Row label={t('settings.auto_answer')}>
        <SegmentedControl
          fullWidth
          aria-label={t('settings.auto_answer')}
          value={settings.autoAnswer}
          data={(['off', 'asked', 'always'] as const).map((value) => ({
            value,
            label: t(`settings.auto_answer_${value}`),
          }))}
          onChange={(value) => save({ autoAnswer: value === 'off' || value === 'always' ? value : 'asked' })}
        />
      </Row>
      {desk.shell.dialKeys && <DialKeyRow settings={settings} save={save} />}
      <StoreFacts />
    </div>
  );
}

/** Electron: the key that brings a number from any program into the dial box. */
function DialKeyRow({ settings, save }: { settings: DeskSettings; save: SaveSettings }) {
  const desk = useDesk();
  const { t } = useWords();
  const taken = useStore(desk.shell.store, (shell) => shell.dialKeyTaken);
  const keys = DIAL_KEYS.map((key) => ({ value: key, label: key.replace('Control', 'Ctrl').replaceAll('+', ' + ') }));
  return (
    <Row label={t('settings.dial_key')}>
      <NativeSelect
        aria-label={t('settings.dial_key')}
        value={settings.dialKey ?? ''}
        data={[{ value: '', label: t('settings.dial_key_off') }, ...keys]}
        onChange={(event) => {
          const chosen = DIAL_KEYS.find((key) => key === event.currentTarget.value);
          save({ dialKey: chosen ?? null });
        }}
      />
      <span>{t('settings.dial_key_hint')}</span>
      {taken && <span className={classes.harm}>{t('settings.dial_key_taken')}</span>}
    </Row>
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
