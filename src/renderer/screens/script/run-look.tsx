import { useEffect, useState } from 'react';
import type { RunHead } from '../../../shared/contract-script.ts';
import type { DangolError } from '../../../shared/errors.ts';
import type { RunLine } from '../../../shared/script-record.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { LookTarget } from '../desk/desk-target.ts';
import classes from './script.module.css';

/** A run that is over, as it was: what was said in which words and when, and what was answered. Nothing can be changed. */
export function RunLook({ look, onBack }: { look: LookTarget; onBack: () => void }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const [run, setRun] = useState<(RunHead & { lines: RunLine[] }) | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const { customerId, runId } = look;
  useEffect(() => {
    let stale = false;
    desk.api.script.read({ customerId, runId }).then(
      (found) => !stale && setRun(found),
      (error: DangolError) => !stale && setProblem(error),
    );
    return () => {
      stale = true;
    };
  }, [desk, customerId, runId]);
  return (
    <div className={classes.look}>
      <button type="button" className={classes.plain} onClick={onBack}>
        {t('script:look.back')}
      </button>
      {problem && <Problem problem={problem} />}
      {run && (
        <>
          <h3 className={classes.label}>{run.title}</h3>
          <p className={classes.quiet}>
            {t(`script:look.${run.status}`, { name: run.agentName, at: format.exact(run.endedAt) })} ·{' '}
            {t('script:version', { n: run.number })} · <code title={run.hash}>{run.hash.slice(0, 12)}</code>
          </p>
          <ol className={classes.lines}>
            {run.lines.map((line) => (
              <LookLine key={`${line.stepId} ${line.at} ${line.counted}`} line={line} />
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

function LookLine({ line }: { line: RunLine }) {
  const { t, format } = useWords();
  const { kind, said, answer, answerText, at, counted } = line;
  return (
    <li data-counted={counted}>
      <span className={classes.kind}>
        {t(`script:step.${kind}`)} · {format.clockTime(Date.parse(at))}
        {!counted && ` · ${t('script:look.not_counted')}`}
      </span>
      <p>{said}</p>
      {answer !== null && <p className={classes.answered}>{answerText ?? answerWords(answer, kind, t)}</p>}
    </li>
  );
}

function answerWords(
  answer: NonNullable<RunLine['answer']>,
  kind: RunLine['kind'],
  t: (key: string) => string,
): string {
  if (answer === true) return t('script:look.ticked');
  return kind === 'offer' ? t(`script:offer.${String(answer)}`) : String(answer);
}
