import { IconPhoneIncoming, IconPhoneOff, IconPhoneOutgoing } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { PastCall } from '../../../shared/host-types.ts';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { DialTarget } from '../desk/desk-target.ts';
import classes from './call.module.css';
import { useColleagueName } from './colleague-name.ts';

const SHOWN = 6;

/** The agent's last calls, newest first. Not `wanted`: none, because nobody is signed in. */
export function useRecentCalls(wanted: boolean): readonly PastCall[] {
  const desk = useDesk();
  const [calls, setCalls] = useState<readonly PastCall[]>([]);
  useEffect(() => {
    if (!wanted) return;
    let there = true;
    // Without them a number is typed: nothing to tell.
    desk.api.call.history({}).then(
      (answer) => there && setCalls(answer.calls.filter((call) => call.phone !== null)),
      () => undefined,
    );
    return () => {
      there = false;
    };
  }, [desk, wanted]);
  return calls;
}

/** What the dial strip takes over from a call: its number stays masked, and the host dials it. */
export function dialAgain({ phone, callId, customerId }: PastCall): DialTarget {
  return { number: phone ?? '', customerId, contactPointId: null, callId };
}

interface RecentCallsProps {
  calls: readonly PastCall[];
  /** What Enter takes. */
  redial: PastCall | undefined;
  onPick: (call: PastCall) => void;
}

/** Under the dial field: one press takes the number again. */
export function RecentCalls({ calls, redial, onPick }: RecentCallsProps) {
  const { t } = useWords();
  if (calls.length === 0) return null;
  // The one that was called last is always there: Enter means it.
  const shown = calls.filter((call, index) => index < SHOWN - 1 || call === redial).slice(0, SHOWN);
  return (
    <ul className={classes.colleagues} aria-label={t('call:recent')}>
      {shown.map((call) => (
        <li key={call.callId}>
          <RecentCall call={call} again={call === redial} onPick={onPick} />
        </li>
      ))}
    </ul>
  );
}

function RecentCall({ call, again, onPick }: { call: PastCall; again: boolean; onPick: (call: PastCall) => void }) {
  const { t, format } = useWords();
  const now = useNow(30_000);
  const phone = call.phone ?? '';
  const colleague = useColleagueName(phone);
  const way = call.direction === 'out' ? 'out' : call.answered ? 'in' : 'missed';
  const Icon = { in: IconPhoneIncoming, out: IconPhoneOutgoing, missed: IconPhoneOff }[way];
  return (
    <button
      type="button"
      className={classes.colleague}
      data-way={way}
      aria-keyshortcuts={again ? 'Enter' : undefined}
      title={again ? t('call:redial') : undefined}
      onClick={() => onPick(call)}
    >
      <Icon size={15} aria-label={t(`call:recent_way.${way}`)} />
      <strong>{call.customerName ?? colleague}</strong>
      {call.customerName !== null && <span>{phone}</span>}
      <span className={classes.presenceWord} title={format.exact(call.startedAt)}>
        {format.relative(call.startedAt, now)}
      </span>
      {again && (
        <span className="key" aria-hidden="true">
          Enter
        </span>
      )}
    </button>
  );
}
