import { useRef, useState } from 'react';
import type { DangolError } from '../../../shared/errors.ts';
import type { KnowledgeHit, KnowledgeUse } from '../../../shared/knowledge.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { mayWriteKnowledge } from '../desk/use-desk-keys.ts';
import { ArticleView } from './article-view.tsx';
import { citeIntoNote } from './cite.ts';
import { HitList } from './hit-list.tsx';
import classes from './knowledge.module.css';
import { useAbout } from './use-about.ts';
import { useReading } from './use-knowledge.ts';

/** An article as the keys mean it: the one that is read, or the one that is chosen in the list. */
export type Pressed = Pick<KnowledgeHit, 'id' | 'code' | 'number' | 'title' | 'shortAnswer'>;
export type Press = (article: Pressed, use: KnowledgeUse) => void;

/** Knowledge beside the note: what fits the call, search, the article; cited and judged by one key each. */
export function KnowledgeSheet({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const { about, occasionId } = useAbout();
  const { reading, show, again } = useReading(occasionId);
  const [text, setText] = useState('');
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<DangolError | null>(null);
  const press: Press = (article, use) => {
    if (use === 'cited' && !citeIntoNote(article, t)) return;
    const { id: articleId, number } = article;
    desk.api.knowledge.use({ articleId, number, use, occasionId: occasionId ?? articleId }).then(
      ({ counted }) => {
        setProblem(null);
        setSaid(t(`knowledge:${use === 'cited' ? 'said_cited' : counted ? 'said_helped' : 'said_helped_before'}`));
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
      <p className={classes.said} role="status">
        {said}
      </p>
      {problem && <Problem problem={problem} />}
    </>
  );
  return (
    <>
      {reading.state === 'open' ? (
        <ArticleView open={reading.open} onBack={() => open(null)} onPress={press} news={news} />
      ) : (
        <>
          {reading.state === 'failed' && <Problem problem={reading.problem} onRetry={again} />}
          <HitList
            focused={cameBack.current}
            text={text}
            onText={setText}
            about={about}
            onOpen={open}
            onPress={press}
            news={news}
          />
        </>
      )}
      {mayWriteKnowledge(desk) && reading.state !== 'open' && (
        <button type="button" className={classes.write} onClick={() => ui.setSheet('authoring')}>
          {t('keys:authoring')}
        </button>
      )}
    </>
  );
}
