import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Agent } from '../../../shared/agent.ts';
import { ScreenBoundary } from '../../components/error-boundary.tsx';
import { useDesk, useShownCall } from '../../desk-context.tsx';
import { CallBar } from '../call/call-bar.tsx';
import { DialStrip } from '../call/dial-strip.tsx';
import { OtherCalls } from '../call/other-calls.tsx';
import { CustomerScreen } from '../customer/customer-screen.tsx';
import { NoteDock } from '../note/note-dock.tsx';
import { Banners } from './banners.tsx';
import classes from './desk.module.css';
import { type DeskUi, EMPTY_DIAL, type SheetName } from './desk-target.ts';
import { Finder } from './finder.tsx';
import { Rail } from './rail.tsx';
import { Announcer, RingEdge } from './ring-signs.tsx';
import { Sheets } from './sheets.tsx';
import { StatusBar } from './status-bar.tsx';
import { useDeskKeys } from './use-desk-keys.ts';

/** The desk: one screen for the whole call. Call keys above, note below, always in the same place. */
export function DeskScreen({ agent }: { agent: Agent }) {
  const desk = useDesk();
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const [dial, setDial] = useState<DeskUi['dial']>(null);
  const [keypad, setKeypad] = useState(false);
  const [finder, setFinder] = useState(false);
  const ui: DeskUi = { sheet, setSheet, dial, setDial, keypad, setKeypad, finder, setFinder };
  useDeskKeys(ui);
  useReloadGuard();
  const tel = useStore(desk.shell.store, (shell) => shell.tel);
  useEffect(() => {
    if (tel) setDial({ ...EMPTY_DIAL, number: tel.number });
  }, [tel]);
  return (
    <div className={classes.desk}>
      <RingEdge />
      <Announcer />
      <Rail ui={ui} agent={agent} />
      <div className={classes.top}>
        <Banners ui={ui} />
        <StatusBar ui={ui} />
        <ScreenBoundary name="call">
          <CallBar ui={ui} />
          <OtherCalls />
          {dial && <DialStrip key={dial.number} ui={ui} dial={dial} />}
        </ScreenBoundary>
      </div>
      <main className={classes.main}>
        <ScreenBoundary name="customer">
          <CustomerScreen ui={ui} />
        </ScreenBoundary>
      </main>
      <div className={classes.dock}>
        <ScreenBoundary name="note">
          <NoteDock />
        </ScreenBoundary>
      </div>
      <Sheets ui={ui} />
      <Finder ui={ui} />
    </div>
  );
}

/** Closing or leaving the page in a call ends the call: the browser asks first. */
function useReloadGuard(): void {
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
}
