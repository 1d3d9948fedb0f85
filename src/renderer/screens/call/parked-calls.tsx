import { Button } from '@mantine/core';
import { IconParking } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import { duration } from '../../lib/format.ts';
import { featuresOf, type ParkedCall } from '../../stores/parking-store.ts';
import classes from './call.module.css';
import { useCallerNumber } from './caller-line.tsx';

/** Who waits in the PBX's parking places: one line each, this desk's own first, with the way to take them back. */
export function ParkedCalls() {
  const desk = useDesk();
  const { t } = useWords();
  const { parked, full } = useStore(desk.parking.store);
  const own = new Set(parked.map(({ place }) => place));
  const others = useStore(
    desk.line.store,
    useShallow(({ presence }) => (featuresOf(desk).parking ?? []).filter((place) => presence[place] === 'busy')),
  ).filter((place) => !own.has(place));
  return (
    <>
      {full && (
        <p className={classes.dialNote} role="alert">
          {t('call:parking.full')}
        </p>
      )}
      {parked.map((one, nth) => (
        <OwnParked key={one.place} parked={one} first={nth === 0} />
      ))}
      {others.map((place) => (
        <section key={place} className={classes.other} data-tone="held" aria-label={t('call:parking.parked')}>
          <IconParking size={17} aria-hidden="true" />
          <strong>{t('call:parking.place', { place })}</strong>
          <span>{t('call:parking.by_other')}</span>
          <span className={classes.spacer} />
          <TakeBack place={place} keyed={parked.length === 0 && place === others[0]} />
        </section>
      ))}
    </>
  );
}

function OwnParked({ parked, first }: { parked: ParkedCall; first: boolean }) {
  const { t } = useWords();
  const now = useNow(1000);
  const number = useCallerNumber(parked);
  return (
    <section
      className={classes.other}
      data-tone="held"
      data-parked={parked.place}
      aria-label={t('call:parking.parked')}
    >
      <IconParking size={17} aria-hidden="true" />
      <strong>{t('call:parking.place', { place: parked.place })}</strong>
      <div className={classes.otherNumber}>{number}</div>
      <span className={classes.time}>{duration(now - parked.at)}</span>
      <span className={classes.spacer} />
      <TakeBack place={parked.place} keyed={first} />
    </section>
  );
}

function TakeBack({ place, keyed }: { place: string; keyed: boolean }) {
  const desk = useDesk();
  const { t } = useWords();
  return (
    <Button
      variant="default"
      aria-keyshortcuts={keyed ? keyOf('take_back') : undefined}
      rightSection={keyed ? <KeyHint act="take_back" /> : undefined}
      onClick={() => void desk.parking.takeBack(place)}
    >
      {t('call:parking.take_back')}
    </Button>
  );
}

/** In a call, where the PBX has places: the customer waits in one, and anybody may take them back. Without words: the bar is full. */
export function ParkButton({ callId }: { callId: string }) {
  const desk = useDesk();
  const { t } = useWords();
  const offered = useStore(desk.session.store, () => (featuresOf(desk).parking ?? []).length > 0);
  if (!offered) return null;
  return (
    <button
      type="button"
      data-safe
      className={classes.act}
      aria-label={t('call:parking.park')}
      title={`${t('call:parking.park')} (${keyOf('park')})`}
      aria-keyshortcuts={keyOf('park')}
      onClick={() => void desk.parking.park(callId)}
    >
      <IconParking size={17} aria-hidden="true" />
    </button>
  );
}

/** At rest, where the PBX lets a colleague's ringing call be taken. */
export function PickUpButton() {
  const desk = useDesk();
  const { t } = useWords();
  const offered = useStore(desk.session.store, () => featuresOf(desk).pickUp !== undefined);
  if (!offered) return null;
  return (
    <Button
      variant="default"
      size="sm"
      rightSection={<KeyHint act="pick_up" />}
      aria-keyshortcuts={keyOf('pick_up')}
      onClick={() => void desk.parking.pickUp()}
    >
      {t('call:parking.pick_up')}
    </Button>
  );
}
