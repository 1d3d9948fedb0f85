import { Button, TextInput } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { DangolError } from '../../../shared/errors.ts';
import type { KnowledgeHead } from '../../../shared/knowledge-authoring.ts';
import { Problem } from '../../components/problem.tsx';
import type { Desk } from '../../desk.ts';
import { useDesk, useNow } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords, type Words } from '../../i18n.ts';
import { choose } from '../../lib/choose.ts';
import classes from './authoring.module.css';

/** null: a new one. */
type Open = (article: { id: string; isNew: boolean } | null) => void;

/** Every article of the business, as the centre has it now: what agents read, what was saved since, how often it helped. */
export function ArticleShelf({ onOpen }: { onOpen: Open }) {
  const desk = useDesk();
  const { t } = useWords();
  const [articles, setArticles] = useState<readonly KnowledgeHead[] | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const [filter, setFilter] = useState('');
  const read = useCallback(
    () =>
      desk.api.knowledge.author.list({}).then(
        (found) => {
          setArticles(found.articles);
          setProblem(null);
        },
        (error: unknown) => setProblem(toDangolError(error)),
      ),
    [desk],
  );
  useEffect(() => {
    void read();
  }, [read]);
  const shown = articles && choose(articles, filter, ({ code, latest }) => [latest.title, code]);
  return (
    <>
      <p className={classes.lead}>{t('knowledge:authoring.lead')}</p>
      <div className={classes.row}>
        <TextInput
          className={classes.grow}
          aria-label={t('knowledge:authoring.filter')}
          placeholder={t('knowledge:authoring.filter')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <Button onClick={() => onOpen(null)}>{t('knowledge:authoring.new')}</Button>
        <Button variant="default" onClick={() => void read()}>
          {t('knowledge:authoring.refresh')}
        </Button>
      </div>
      {problem && <Problem problem={problem} onRetry={() => void read()} />}
      {articles === null && !problem && <p className={classes.none}>{t('knowledge:authoring.reading')}</p>}
      {articles?.length === 0 && <p className={classes.none}>{t('knowledge:authoring.none')}</p>}
      {articles && articles.length > 0 && shown?.length === 0 && (
        <p className={classes.none}>{t('knowledge:nothing', { text: filter })}</p>
      )}
      <ul className={classes.list}>
        {unsavedOf(desk, articles).map(({ id, title }) => (
          <li key={id}>
            <button type="button" className={classes.item} onClick={() => onOpen({ id, isNew: true })}>
              <span className={classes.itemTitle}>{title.trim() || t('knowledge:authoring.untitled')}</span>
              <span className={classes.state}>{t('knowledge:authoring.state.unsaved')}</span>
            </button>
          </li>
        ))}
        {shown?.map((head) => (
          <Line key={head.id} head={head} onOpen={onOpen} />
        ))}
      </ul>
    </>
  );
}

/** New articles of this author that were never saved: they are nowhere but here. */
function unsavedOf(desk: Desk, articles: readonly KnowledgeHead[] | null): { id: string; title: string }[] {
  const { session } = desk.session.store.getState();
  const author = session?.status === 'signed_in' ? `${session.agent.id} ` : null;
  if (author === null || articles === null) return [];
  return desk.articleDrafts.all().flatMap(([key, { title }]) => {
    const id = key.slice(author.length);
    return key.startsWith(author) && !articles.some((head) => head.id === id) ? [{ id, title }] : [];
  });
}

/** What agents see of it. */
export function stateOf(t: Words['t'], { published, withdrawn, latest }: KnowledgeHead): string {
  if (published === null) return t(`knowledge:authoring.state.${withdrawn ? 'withdrawn' : 'draft'}`);
  const state = published < latest.number ? 'newer' : 'published';
  return t(`knowledge:authoring.state.${state}`, { number: published });
}

function Line({ head, onOpen }: { head: KnowledgeHead; onOpen: Open }) {
  const { t, format } = useWords();
  const now = useNow(60_000);
  const { latest } = head;
  return (
    <li>
      <button type="button" className={classes.item} onClick={() => onOpen({ id: head.id, isNew: false })}>
        <span className={classes.itemTitle}>{latest.title}</span>
        <span className={classes.dim}>{head.code}</span>
        <span className={classes.state} data-live={head.published !== null}>
          {stateOf(t, head)}
        </span>
        <span className={classes.dim} title={format.exact(latest.savedAt)}>
          {t('knowledge:authoring.saved', {
            number: latest.number,
            by: latest.savedBy,
            when: format.relative(latest.savedAt, now),
          })}
        </span>
        <span className={classes.figures}>{t('knowledge:counts', { cited: head.cited, helped: head.helped })}</span>
      </button>
    </li>
  );
}
