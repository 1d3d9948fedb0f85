import { Button, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { GateRefusal } from '../../../shared/host-types.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { createGateTalk, type GateTalk, type Verdict } from '../../stores/gate-talk.ts';
import classes from './call.module.css';

/** Name of the buttons that go on after the gate's word. */
export const GO_ON = 'go_on';

/** One talk with the gate, for as long as the strip is open: an answer to a closed one calls nobody. */
export function useGateTalk(): { talk: GateTalk; verdict: Verdict } {
  const desk = useDesk();
  const [talk] = useState(() => createGateTalk(desk));
  useEffect(() => talk.reset, [talk]);
  return { talk, verdict: useStore(talk.store) };
}

interface GateWordProps {
  verdict: Verdict;
  reason: string;
  onReason: (reason: string) => void;
}

/** What the gate says, under the field of every strip from which somebody can be called. */
export function GateWord({ verdict, reason, onReason }: GateWordProps) {
  switch (verdict.state) {
    case 'listed':
      return <Listed />;
    case 'refused':
      return <Refused {...verdict} reason={reason} onReason={onReason} />;
    case 'error':
      return <Problem problem={verdict.problem} />;
    default:
      return null;
  }
}

/** The number wants no advertising: whoever calls about service reads it first. */
function Listed() {
  const { t } = useWords();
  return (
    <div className={classes.refused} role="alert">
      <IconAlertTriangle size={16} aria-hidden="true" />
      <div>{t('call:dial_listed')}</div>
      <Button type="submit" name={GO_ON} variant="default">
        {t('call:dial_listed_do')}
      </Button>
    </div>
  );
}

interface RefusedProps {
  refusals: readonly GateRefusal[];
  /** A supervisor could pass it. */
  needsRight?: boolean | undefined;
  reason: string;
  onReason: (reason: string) => void;
}

/** Why the gate says no, and the reason that passes it where one may. */
function Refused({ refusals, needsRight, reason, onReason }: RefusedProps) {
  const { t, format } = useWords();
  const overridable = refusals.every((refusal) => refusal.overridable);
  const hint = overridable ? 'override_hint' : needsRight ? 'override_needs_right' : 'override_never';
  const words = (refusal: GateRefusal) => {
    const shown = (value: string | number) => (isInstant(value) ? format.exact(value) : value || t('call:no_hours'));
    const data = Object.fromEntries(Object.entries(refusal.data).map(([key, value]) => [key, shown(value)]));
    return t(`call:refusal.${refusal.rule}`, data);
  };
  return (
    <div className={classes.refused} role="alert">
      <IconAlertTriangle size={16} aria-hidden="true" />
      <div>
        {refusals.map((refusal) => (
          <div key={refusal.rule}>{words(refusal)}</div>
        ))}
        <div className={classes.dialNote}>{t(`call:${hint}`)}</div>
      </div>
      {overridable && (
        <>
          <TextInput
            className={classes.dialField}
            aria-label={t('call:override_reason')}
            placeholder={t('call:override_reason')}
            value={reason}
            onChange={(event) => onReason(event.currentTarget.value)}
          />
          <Button type="submit" name={GO_ON} variant="default" disabled={reason.trim().length < 2}>
            {t('call:override_do')}
          </Button>
        </>
      )}
    </div>
  );
}

function isInstant(value: string | number): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
}
