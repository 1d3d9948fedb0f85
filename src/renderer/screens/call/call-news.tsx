import { useStore } from 'zustand';
import type { PhoneCall } from '../../../telephony/phone-types.ts';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import classes from './call.module.css';
import { troubleWord } from './call-words.ts';
import { useColleagueName } from './colleague-name.ts';
import { transferProblem } from './handover.ts';

/** What happened to the call on the bar, in whole sentences: a line under it, because beside its keys there is no room for one. */
export function CallNews({ live }: { live: PhoneCall | null }) {
  return (
    <div className={classes.news}>
      <CallTrouble live={live} />
      <TransferState live={live} />
      <NotReached live={live} />
    </div>
  );
}

/** What did not work. */
function CallTrouble({ live }: { live: PhoneCall | null }) {
  const { t } = useWords();
  const trouble = troubleWord(live);
  return (
    trouble && (
      <span className={classes.trouble} role="status">
        {t(trouble)}
      </span>
    )
  );
}

/** Where the customer is being handed to, or why they are still here. */
function TransferState({ live }: { live: PhoneCall | null }) {
  const { t } = useWords();
  const transfer = live?.phase === 'talking' ? live.transfer : null;
  const to = useColleagueName(transfer?.to ?? '');
  if (!transfer) return null;
  const failed = transfer.state === 'failed';
  const why = failed ? t(`call:transfer_why.${transferProblem(transfer.sipStatus)}`) : '';
  return (
    <span className={failed ? classes.trouble : classes.handing} role="status">
      {t(`call:transfer_state.${transfer.state}`, { to, why })}
    </span>
  );
}

/** The colleague who was asked about this customer did not come, and why: the customer is still waiting. */
function NotReached({ live }: { live: PhoneCall | null }) {
  const { t } = useWords();
  const notReached = useStore(useDesk().calls.store, (state) => state.notReached);
  const name = useColleagueName(notReached?.caller.number ?? '');
  if (!notReached || live?.phase !== 'talking' || notReached.consultFor !== live.callId) return null;
  const why = t(`call:transfer_why.${transferProblem(notReached.end?.sipStatus ?? null)}`);
  return (
    <span className={classes.trouble} role="status">
      {t('call:not_reached', { name, why })}
    </span>
  );
}
