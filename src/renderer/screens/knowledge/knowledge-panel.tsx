import { type ReactNode, useRef, useState } from 'react';
import type { DangolError } from '../../../shared/errors.ts';
import type { KnowledgeAbout, KnowledgeHit, KnowledgeUse } from '../../../shared/knowledge.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { ArticleView } from './article-view.tsx';
import { type CiteInto, cite, safeBeside } from './cite.ts';
import { HitList } from './hit-list.tsx';
import classes from './knowledge.module.css';
import { useReading } from './use-knowledge.ts';

/** An article as the keys mean it: the one that is read, or the one that is chosen in the list. */
export type Pressed = Pick<KnowledgeHit, 'id' | 'code' | 'number' | 'title' | 'shortAnswer'>;
export type Press = (article: Pressed, use: KnowledgeUse) => void;

interface PanelProps {
  into: CiteInto;
  about: KnowledgeAbout;
  occasionId: string | null;
  /** Below the list, not below an article. */
  children?: ReactNode;
}

/** Knowledge beside what is written: what fits, search, the article; cited and judged by one key each. */
export function KnowledgePanel({ into, about, occasionId, children }: PanelProps) {
  const desk = useDesk();
  const { t } = useWords();
  const { reading, show, again } = useReading(occasionId);
  const [text, setText] = useState('');
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<DangolError | null>(null);
  const press: Press = (article, use) => {
    if (use === 'cited' && !cite(into, article, t)) return;
    const { id: articleId, number } = article;
    desk.api.knowledge.use({ articleId, number, use, occasionId: occasionId ?? articleId }).then(
      ({ counted }) => {
        setProblem(null);
        const helped = counted ? 'said_helped' : `said_helped_before.${into}`;
        setSaid(t(use === 'cited' ? `knowledge:said_cited.${into}` : `knowledge:${helped}`));
        again();
      },
      (error: unknown) => setProblem(toDangolError(error)),
    );
  };
  // Back from an article the search field has the focus again.
  const cameBack = useRef(false);
  const open = (id: string | null) => {
    cameBack.current = id === null;
    setSaid('');
    show(id);
  };
  const news = (
    <>
      <p className={classes.said} role="status" data-safe={safeBeside(into)}>
        {said}
      </p>
      {problem && <Problem problem={problem} />}
    </>
  );
  return (
    <>
      {reading.state === 'open' ? (
        <ArticleView open={reading.open} into={into} onBack={() => open(null)} onPress={press} news={news} />
      ) : (
        <>
          {reading.state === 'failed' && <Problem problem={reading.problem} onRetry={again} />}
          <HitList
            focused={cameBack.current}
            into={into}
            text={text}
            onText={setText}
            about={about}
            onOpen={open}
            onPress={press}
            news={news}
          />
        </>
      )}
      {reading.state !== 'open' && children}
    </>
  );
}
