import { Button } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { DangolError } from '../../../shared/errors.ts';
import type { TeamHeldWork } from '../../../shared/held-work.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import classes from './attention.module.css';

/** For whoever leads a team: what waits on its desks, and what was let go there. Asked of the centre, so it says when. */
export function TeamHeld() {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(30_000);
  const [found, setFound] = useState<{ work: TeamHeldWork; at: number } | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const read = useCallback(
    () =>
      desk.api.sync.teamHeld({}).then(
        (work) => {
          setFound({ work, at: desk.now() });
          setProblem(null);
        },
        (error: unknown) => setProblem(toDangolError(error)),
      ),
    [desk],
  );
  useEffect(() => {
    void read();
  }, [read]);
  return (
    <section className={classes.drafts} aria-label={t('team_held.title')}>
      <div className={classes.itemHead}>
        <h3 className={classes.subtitle}>{t('team_held.title')}</h3>
        {found && <span>{t('team_held.told', { age: format.relative(found.at, now) })}</span>}
      </div>
      <p className={classes.lead}>{t('team_held.lead')}</p>
      {problem && <Problem problem={problem} onRetry={() => void read()} />}
      {found?.work.held.length === 0 && <p className={classes.none}>{t('team_held.none')}</p>}
      <ul className={classes.list}>
        {found?.work.held.map((one) => (
          <WorkItem key={one.opId} work={one} why={one.reason === 'quarantined' ? 'quarantined' : `code.${one.code}`} />
        ))}
      </ul>
      {found && found.work.discarded.length > 0 && (
        <details>
          <summary>{t('team_held.discarded', { n: found.work.discarded.length })}</summary>
          <ul className={classes.list}>
            {found.work.discarded.map((one) => (
              <WorkItem key={one.opId} work={one} decision={one.decision} />
            ))}
          </ul>
        </details>
      )}
      {found && (
        <Button variant="default" onClick={() => void read()}>
          {t('team_held.refresh')}
        </Button>
      )}
    </section>
  );
}

interface WorkItemProps {
  work: TeamHeldWork['held'][number] | TeamHeldWork['discarded'][number];
  why?: string;
  decision?: string;
}

function WorkItem({ work, why, decision }: WorkItemProps) {
  const { t, format } = useWords();
  const now = useNow(60_000);
  return (
    <li className={classes.item}>
      <div className={classes.itemHead}>
        <strong>{t(`attention.kind.${work.kind.replace('.', '_')}`)}</strong>
        <span title={format.exact(work.claimedAt)}>
          {work.authorName} · {format.relative(work.claimedAt, now)}
        </span>
      </div>
      {why && <p className={classes.why}>{t(`attention.${why}`)}</p>}
      {decision && <p className={classes.why}>{decision}</p>}
    </li>
  );
}
