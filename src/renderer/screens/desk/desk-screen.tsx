import { Button } from '@mantine/core';
import { IconUrgent } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { SessionState } from '../../../shared/host-types.ts';
import { ScreenBoundary } from '../../components/error-boundary.tsx';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk, useShownCall } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import { CallBar } from '../call/call-bar.tsx';
import { CapsuleStrip } from '../call/capsule-strip.tsx';
import { DialStrip } from '../call/dial-strip.tsx';
import { OtherCalls } from '../call/other-calls.tsx';
import { ParkedCalls } from '../call/parked-calls.tsx';
import { RecordingStrip } from '../call/recording.tsx';
import { TransferStrip } from '../call/transfer-strip.tsx';
import { CustomerScreen } from '../customer/customer-screen.tsx';
import { FollowUpStrip } from '../ledger/follow-up-strip.tsx';
import { NoteDock } from '../note/note-dock.tsx';
import { type ShutSession, SignInCard } from '../sign-in/sign-in-card.tsx';
import { Banners } from './banners.tsx';
import classes from './desk.module.css';
import { type DeskUi, EMPTY_DIAL, type SheetName } from './desk-target.ts';
import { DeviceBanners } from './device-banners.tsx';
import { Finder } from './finder.tsx';
import { Rail } from './rail.tsx';
import { Announcer, RingEdge } from './ring-signs.tsx';
import { ScreenGuard } from './screen-guard.tsx';
import { Sheets } from './sheets.tsx';
import { StatusBar } from './status-bar.tsx';
import { useDeskKeys } from './use-desk-keys.ts';

/**
 * The desk: one screen for the whole call. Call keys above, note below, always in the same place. Locked in a call it stays,
 * without anything of a customer; after a sign-out the note goes too, which is nobody's then.
 */
export function DeskScreen({ session }: { session: SessionState }) {
  const desk = useDesk();
  const open = session.status === 'signed_in';
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const [dial, setDial] = useState<DeskUi['dial']>(null);
  const [transfer, setTransfer] = useState(false);
  const [keypad, setKeypad] = useState(false);
  const [finder, setFinder] = useState(false);
  const [trail, setTrail] = useState<DeskUi['trail']>([]);
  const [followUp, setFollowUp] = useState(false);
  const [look, setLook] = useState<DeskUi['look']>(null);
  const [letter, setLetter] = useState<DeskUi['letter']>(null);
  const ui: DeskUi = {
    ...{ sheet, setSheet, dial, setDial, transfer, setTransfer },
    ...{
      look,
      setLook,
      letter,
      setLetter,
      followUp,
      setFollowUp,
      keypad,
      setKeypad,
      finder,
      setFinder,
      trail,
      setTrail,
    },
  };
  useDeskKeys(ui);
  const tel = useStore(desk.shell.store, (shell) => shell.tel);
  useEffect(() => {
    if (tel) setDial({ ...EMPTY_DIAL, number: tel.number });
  }, [tel]);
  return (
    <div className={classes.desk}>
      <ReloadGuard />
      <ScreenGuard />
      <RingEdge />
      <Announcer />
      <Rail ui={ui} agent={open ? session.agent : null} />
      <div className={classes.top}>
        <Banners ui={ui} />
        <StatusBar ui={ui} open={open} />
        <ScreenBoundary name="call">
          <CallBar ui={ui} />
          <RecordingStrip />
          <OtherCalls ui={ui} />
          {open && <ParkedCalls />}
          <DeviceBanners ui={ui} />
          {transfer && <TransferStrip ui={ui} />}
          {open && <CapsuleStrip />}
          {open && dial && <DialStrip key={`${dial.number} ${dial.callId ?? ''}`} ui={ui} dial={dial} />}
          {!open && dial && <DialStrip ui={ui} dial={EMPTY_DIAL} shut />}
        </ScreenBoundary>
      </div>
      <main className={classes.main}>
        <ScreenBoundary name="customer">
          {open ? <CustomerScreen ui={ui} /> : <BesideTheCall session={session} ui={ui} />}
        </ScreenBoundary>
      </main>
      <div className={classes.dock}>
        {open && followUp && <FollowUpStrip onClose={() => setFollowUp(false)} />}
        <ScreenBoundary name="note">{session.status !== 'signed_out' && <NoteDock ui={ui} />}</ScreenBoundary>
      </div>
      <Sheets ui={ui} open={open} />
      {open && <Finder ui={ui} />}
    </div>
  );
}

function BesideTheCall({ session, ui }: { session: ShutSession; ui: DeskUi }) {
  const { t } = useWords();
  return (
    <div className={classes.besideCall}>
      <Button
        variant="default"
        leftSection={<IconUrgent size={16} />}
        rightSection={<KeyHint act="dial" />}
        aria-keyshortcuts={keyOf('dial')}
        onClick={() => ui.setDial(ui.dial ? null : EMPTY_DIAL)}
      >
        {t('call:dial_emergency')}
      </Button>
      <SignInCard session={session} inCall />
    </div>
  );
}

/**
 * Closing or leaving the page in a call ends the call: the browser asks first. A component, so that a call that changes renders
 * this and not the whole desk.
 */
function ReloadGuard(): null {
  const desk = useDesk();
  const live = useStore(desk.calls.store, ({ calls }) => calls.some((call) => call.stage === 'live'));
  const shown = useShownCall();
  useEffect(() => {
    if (!live) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [live]);
  useEffect(() => {
    document.body.dataset.stage = shown?.stage ?? 'idle';
  }, [shown?.stage]);
  return null;
}
