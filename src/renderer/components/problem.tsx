import { Button } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { DangolError } from '../../shared/errors.ts';
import { useWords } from '../i18n.ts';
import classes from './components.module.css';

export interface ProblemProps {
  problem: DangolError;
  /** What can be done about it here. */
  onRetry?: (() => void) | undefined;
  children?: ReactNode;
}

/** A failure in words: what happened, what is safe, what to do. */
export function Problem({ problem, onRetry, children }: ProblemProps) {
  const { t } = useWords();
  return (
    <div className={classes.problem} role="alert" data-safe>
      <IconAlertCircle size={16} stroke={1.8} aria-hidden="true" />
      <div>
        <strong>{t(`errors:${problem.code}.what`)}</strong>
        <div>{t(`errors:${problem.code}.safe`)}</div>
        <div className={classes.problemNext}>{t(`errors:next.${problem.next}`)}</div>
        {children}
      </div>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {t('retry')}
        </Button>
      )}
    </div>
  );
}
