import { Button } from '@mantine/core';
import { useState } from 'react';
import type { DangolError } from '../../../shared/errors.ts';
import type { ArticleDraft, KnowledgeVersionInfo, KnowledgeVersionList } from '../../../shared/knowledge-authoring.ts';
import { Problem } from '../../components/problem.tsx';
import { useNow } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { wordDifference } from '../../lib/word-difference.ts';
import { draftOf, textOf } from './article-draft.ts';
import classes from './authoring.module.css';
import type { ArticleAtWork } from './use-article.ts';

interface VersionsProps {
  work: ArticleAtWork;
  list: KnowledgeVersionList;
  draft: ArticleDraft;
}

/** Every version, the newest first: compared with what is in the editor, taken into it, or published as it is. */
export function Versions({ work, list, draft }: VersionsProps) {
  const { t } = useWords();
  const [looked, setLooked] = useState<{ number: number; text: string } | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const look = (number: number) =>
    work.readVersion(number).then(
      ({ content }) => {
        setLooked({ number, text: textOf(draftOf(content, number)) });
        setProblem(null);
      },
      (error: unknown) => setProblem(toDangolError(error)),
    );
  return (
    <section className={classes.versions} data-place="versions" aria-label={t('knowledge:authoring.versions')}>
      <h3>{t('knowledge:authoring.versions')}</h3>
      {problem && <Problem problem={problem} />}
      <ul className={classes.list}>
        {list.versions.map((version) => (
          <Version
            key={version.number}
            version={version}
            published={version.number === list.head.published}
            work={work}
            onLook={() => void look(version.number)}
          />
        ))}
      </ul>
      {looked && (
        <section className={classes.difference} aria-label={t('knowledge:authoring.look')}>
          <h4>{t('knowledge:authoring.difference_mine', { from: looked.number })}</h4>
          <Difference before={looked.text} after={textOf(draft)} />
        </section>
      )}
    </section>
  );
}

interface VersionProps {
  version: KnowledgeVersionInfo;
  published: boolean;
  work: ArticleAtWork;
  onLook: () => void;
}

function Version({ version, published, work, onLook }: VersionProps) {
  const { t, format } = useWords();
  const now = useNow(60_000);
  const { number, savedBy: by, savedAt, basedOn, title } = version;
  return (
    <li className={classes.version}>
      <span className={classes.grow}>
        <strong>{t('knowledge:authoring.saved', { number, by, when: format.relative(savedAt, now) })}</strong>{' '}
        <span className={classes.dim}>
          {basedOn !== null && t('knowledge:authoring.based_on', { number: basedOn })} {title}
        </span>
      </span>
      {published && (
        <span className={classes.state} data-live>
          {t('knowledge:authoring.current')}
        </span>
      )}
      <Button size="xs" variant="default" onClick={onLook}>
        {t('knowledge:authoring.look')}
      </Button>
      <Button size="xs" variant="default" disabled={work.busy} onClick={() => void work.restore(number)}>
        {t('knowledge:authoring.restore')}
      </Button>
      {!published && (
        <Button size="xs" variant="default" disabled={work.busy} onClick={() => void work.publish(number)}>
          {t('knowledge:authoring.publish_this')}
        </Button>
      )}
    </li>
  );
}

/** In words: what was put in and what was taken out, also for whoever sees no colours. */
function Difference({ before, after }: { before: string; after: string }) {
  const { t } = useWords();
  if (before === after) return <p className={classes.none}>{t('knowledge:authoring.same')}</p>;
  return (
    <p className={classes.words}>
      {wordDifference(before, after).map(({ kind, text }, index) => {
        const key = `${index} ${kind}`;
        if (kind === 'added') return <ins key={key}>{text}</ins>;
        if (kind === 'removed') return <del key={key}>{text}</del>;
        return <span key={key}>{text}</span>;
      })}
    </p>
  );
}
