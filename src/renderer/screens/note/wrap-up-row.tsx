import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import type { Disposition } from '../../../shared/work.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { duration } from '../../lib/format.ts';
import type { DeskCall } from '../../stores/call-store.ts';
import { callKey } from '../../work-keys.ts';
import { PLACES } from '../desk/places.ts';
import classes from './note.module.css';

/** How it ended: one digit while no text field has the focus; Esc or Tab leads here from the note. */
export function WrapUpRow({ call }: { call: DeskCall | null }) {
  const desk = useDesk();
  const { t } = useWords();
  const dispositions = useStore(desk.session.store, (state) => state.catalogue.dispositions);
  // Digits choose the customer first, unless the focus is here.
  const picking = useStore(
    desk.customers.store,
    ({ panes }) => call !== null && panes[callKey(call.callId)]?.state === 'several',
  );
  const open = call !== null && call.live?.phase !== 'ringing';
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    buttons.at((at + step) % buttons.length)?.focus();
  };
  return (
    <div className={classes.wrapUp} data-safe>
      <span className={classes.wrapUpLabel}>
        {t('note.wrap_up')} <KeyHint act="wrap_up" />
      </span>
      <div
        id={PLACES.wrapUp}
        className={classes.codes}
        role="radiogroup"
        data-picking={picking}
        aria-label={t('note.wrap_up')}
        onKeyDown={onKeyDown}
      >
        {dispositions.map((row) => (
          <Code key={row.code} row={row} call={call} disabled={!open} />
        ))}
        {dispositions.length === 0 && <span className={classes.none}>{t('note.no_dispositions')}</span>}
      </div>
      {call?.stage === 'wrap_up' && call.endedAt !== null && <WrapUpClock endedAt={call.endedAt} />}
    </div>
  );
}

function Code({ row, call, disabled }: { row: Disposition; call: DeskCall | null; disabled: boolean }) {
  const desk = useDesk();
  const { language } = useWords();
  const chosen = call?.dispositionCode === row.code;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a radio input would be a text-field-like focus for the digit keys
    <button
      type="button"
      role="radio"
      className={classes.code}
      aria-checked={chosen}
      disabled={disabled}
      onClick={() => call && desk.calls.setDisposition(call.callId, row.code)}
    >
      {row.key && (
        <span className="key" aria-hidden="true">
          {row.key}
        </span>
      )}
      {row.label[language]}
    </button>
  );
}

/** Counts towards the time that the business gives for it; beyond, it says so and nothing else happens. */
function WrapUpClock({ endedAt }: { endedAt: number }) {
  const desk = useDesk();
  const { t } = useWords();
  const now = useNow(1000);
  const limit = useStore(desk.session.store, ({ session }) =>
    session?.status === 'signed_in' ? (session.config?.wrapUpSeconds ?? 0) : 0,
  );
  const over = limit > 0 && now - endedAt > limit * 1000;
  return (
    <span className={classes.wrapClock} data-over={over} role="timer">
      {t(over ? 'note.wrap_clock_over' : 'note.wrap_clock')} <b>{duration(now - endedAt)}</b>
      {limit > 0 && ` / ${duration(limit * 1000)}`}
    </span>
  );
}
