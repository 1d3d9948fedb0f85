import { Button, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { GateRefusal } from '../../../shared/host-types.ts';
import { useWords } from '../../i18n.ts';
import classes from './call.module.css';

/** The number wants no advertising: whoever calls about service reads it first. */
export function Listed() {
  const { t } = useWords();
  return (
    <div className={classes.refused} role="alert">
      <IconAlertTriangle size={16} aria-hidden="true" />
      <div>{t('call:dial_listed')}</div>
      <Button type="submit" variant="default">
        {t('call:dial_listed_do')}
      </Button>
    </div>
  );
}

interface RefusedProps {
  refusals: readonly GateRefusal[];
  reason: string;
  onReason: (reason: string) => void;
}

/** Why the gate says no, and the reason that passes it where one may. */
export function Refused({ refusals, reason, onReason }: RefusedProps) {
  const { t, format } = useWords();
  const overridable = refusals.every((refusal) => refusal.overridable);
  const words = (refusal: GateRefusal) => {
    const data = Object.fromEntries(
      Object.entries(refusal.data).map(([key, value]) => [key, isInstant(value) ? format.exact(value) : value]),
    );
    return t(`call:refusal.${refusal.rule}`, data);
  };
  return (
    <div className={classes.refused} role="alert">
      <IconAlertTriangle size={16} aria-hidden="true" />
      <div>
        {refusals.map((refusal) => (
          <div key={refusal.rule}>{words(refusal)}</div>
        ))}
        <div className={classes.dialNote}>{t(overridable ? 'call:override_hint' : 'call:override_never')}</div>
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
          <Button type="submit" variant="default" disabled={reason.trim().length < 2}>
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
