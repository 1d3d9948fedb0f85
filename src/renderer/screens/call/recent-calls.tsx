import { IconPhoneIncoming, IconPhoneOff, IconPhoneOutgoing } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { PastCall } from '../../../shared/host-types.ts';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { DialTarget } from '../desk/desk-target.ts';
import classes from './call.module.css';
import { useColleagueName } from './colleague-name.ts';

const SHOWN = 6;

/** The agent's last calls under the dial field: one press takes the number again. Numbers stay masked, the host dials them. */
export function RecentCalls({ onPick }: { onPick: (target: DialTarget) => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const [calls, setCalls] = useState<readonly PastCall[]>([]);
  useEffect(() => {
    let there = true;
    // Without them a number is typed: nothing to tell.
    desk.api.call.history({}).then(
      (answer) => there && setCalls(answer.calls.filter((call) => call.phone !== null).slice(0, SHOWN)),
      () => undefined,
    );
    return () => {
      there = false;
    };
  }, [desk]);
  if (calls.length === 0) return null;
  return (
    <ul className={classes.colleagues} aria-label={t('call:recent')}>
      {calls.map((call) => (
        <li key={call.callId}>
          <RecentCall call={call} onPick={onPick} />
        </li>
      ))}
    </ul>
  );
}

function RecentCall({ call, onPick }: { call: PastCall; onPick: (target: DialTarget) => void }) {
  const { t, format } = useWords();
  const now = useNow(30_000);
  const phone = call.phone ?? '';
  const colleague = useColleagueName(phone);
  const way = call.direction === 'out' ? 'out' : call.answered ? 'in' : 'missed';
  const Icon = { in: IconPhoneIncoming, out: IconPhoneOutgoing, missed: IconPhoneOff }[way];
  const { callId, customerId } = call;
  return (
    <button
      type="button"
      className={classes.colleague}
      data-way={way}
      onClick={() => onPick({ number: phone, customerId, contactPointId: null, callId })}
    >
      <Icon size={15} aria-label={t(`call:recent_way.${way}`)} />
      <strong>{call.customerName ?? colleague}</strong>
      {call.customerName !== null && <span>{phone}</span>}
      <span className={classes.presenceWord} title={format.exact(call.startedAt)}>
        {format.relative(call.startedAt, now)}
      </span>
    </button>
  );
}
