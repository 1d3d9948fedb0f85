import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { CustomerCandidate } from '../../../shared/customer-360.ts';
import { ChoiceHint } from '../../components/choice-hint.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { choiceProps } from '../../keys/choices.ts';
import { nameOf } from '../../lib/customer-name.ts';
import type { CallTie } from '../../stores/customer-store.ts';
import { AsOf } from './as-of.tsx';
import classes from './customer.module.css';

interface PickerProps {
  paneKey: string;
  candidates: readonly CustomerCandidate[];
  asOf: string | null;
  tie: CallTie | null;
}

/** Several people have this number: who is it? The answer is remembered for the next call. */
export function PickerScreen({ paneKey, candidates, asOf, tie }: PickerProps) {
  const desk = useDesk();
  const { t } = useWords();
  const [remember, setRemember] = useState(true);
  const pick = (id: string) => tie && void desk.customers.pick(paneKey, tie, id, remember);
  return (
    <div className={classes.alone}>
      <h1 className={classes.title} elementtiming="paint-b">
        {t('customer:picker.title', { n: candidates.length })}
      </h1>
      <p className={classes.lead}>{t('customer:picker.text')}</p>
      <CandidateList candidates={candidates} onPick={pick} numbered />
      <div className={classes.row}>
        <Checkbox
          size="xs"
          checked={remember}
          label={t('customer:picker.remember')}
          onChange={(event) => setRemember(event.currentTarget.checked)}
        />
        <AsOf asOf={asOf} />
      </div>
    </div>
  );
}

interface CandidateListProps {
  candidates: readonly CustomerCandidate[];
  onPick: (id: string) => void;
  /** Digits choose, too. */
  numbered?: boolean;
}

export function CandidateList({ candidates, onPick, numbered = false }: CandidateListProps) {
  const { t, format } = useWords();
  const now = useNow(60_000);
  return (
    <ul className={classes.candidates}>
      {candidates.map((candidate, index) => (
        <li key={candidate.id}>
          <strong>{nameOf(t, candidate)}</strong>
          <span className={classes.tier} data-tier={candidate.tier}>
            {t(`customer:tier.${candidate.tier}`)}
          </span>
          <span>{[candidate.phone, candidate.phoneLabel].filter(Boolean).join(' · ')}</span>
          <span className={classes.dim}>{candidate.customerNumber}</span>
          <span
            className={classes.dim}
            title={candidate.lastContactAt ? format.exact(candidate.lastContactAt) : undefined}
          >
            {candidate.lastContactAt
              ? t('customer:last_contact', { when: format.relative(candidate.lastContactAt, now) })
              : t('customer:no_contact')}
          </span>
          <Button
            variant="default"
            rightSection={numbered && <ChoiceHint index={index} />}
            {...(numbered ? choiceProps(index) : {})}
            onClick={() => onPick(candidate.id)}
          >
            {t('customer:picker.this_one')}
          </Button>
        </li>
      ))}
    </ul>
  );
}
