import type { ReactNode } from 'react';
import { KeyHint } from '../../components/key-hint.tsx';
import type { Desk } from '../../desk.ts';
import { useWords } from '../../i18n.ts';
import { type KeyAct, keyOf } from '../../keys/key-table.ts';
import classes from './call.module.css';
import { callAct } from './call-keys.ts';

interface ActProps {
  act: Extract<KeyAct, 'answer' | 'decline' | 'hang_up' | 'mute' | 'hold'>;
  desk: Desk;
  callId: string;
  icon: ReactNode;
  label?: string;
  on?: boolean;
  busy?: boolean;
  /** False where the key means another call. */
  keyed?: boolean;
  tone?: 'answer' | 'end';
}

/** One thing to do with one call: what its key does, too. */
export function Act({ act, desk, callId, icon, label, on, busy = false, keyed = true, tone }: ActProps) {
  const { t } = useWords();
  return (
    <button
      type="button"
      className={classes.act}
      data-safe
      data-tone={tone}
      data-on={on}
      aria-pressed={on}
      aria-busy={busy}
      aria-keyshortcuts={keyed ? keyOf(act) : undefined}
      disabled={busy}
      onClick={() => callAct(act, desk, callId)}
    >
      {icon}
      <span>{label ?? t(`call:${act}`)}</span>
      {keyed && <KeyHint act={act} />}
    </button>
  );
}
