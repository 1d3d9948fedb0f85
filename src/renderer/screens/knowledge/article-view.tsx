import { ActionIcon } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { PLACES } from '../desk/places.ts';
import { type CiteInto, safeBeside } from './cite.ts';
import classes from './knowledge.module.css';
import type { Press } from './knowledge-panel.tsx';
import { Markdown } from './markdown.tsx';
import { PressButtons } from './press-buttons.tsx';
import type { OpenArticle } from './use-knowledge.ts';

interface ArticleViewProps {
  open: OpenArticle;
  into: CiteInto;
  onBack: () => void;
  onPress: Press;
  /** What the last press did. */
  news: ReactNode;
}

/** One article to read; Esc leads back to the list. */
export function ArticleView({ open, into, onBack, onPress, news }: ArticleViewProps) {
  const { t, format } = useWords();
  const now = useNow(60_000);
  const { article, cited, helped, used } = open;
  const title = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another article is read from its beginning
  useEffect(() => title.current?.focus(), [article.id]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    event.stopPropagation();
    onBack();
  };
  return (
    <article className={classes.article} data-safe={safeBeside(into)} onKeyDown={onKeyDown}>
      <div className={classes.pressRow}>
        <ActionIcon variant="subtle" aria-label={t('knowledge:back')} title={t('knowledge:back')} onClick={onBack}>
          <IconArrowLeft size={18} />
        </ActionIcon>
        <PressButtons article={article} into={into} used={used} onPress={onPress} />
      </div>
      {news}
      <h3 ref={title} id={PLACES.article} className={classes.title} tabIndex={-1}>
        {article.title}
      </h3>
      <p className={classes.facts} title={format.exact(article.publishedAt)}>
        {t('knowledge:version', { code: article.code, number: article.number })} ·{' '}
        {t('knowledge:published', { by: article.publishedBy, when: format.relative(article.publishedAt, now) })} ·{' '}
        {t('knowledge:counts', { cited, helped })}
      </p>
      <p className={classes.shortAnswer}>{article.shortAnswer}</p>
      <Markdown text={article.body} />
      {article.topics.length > 0 && (
        <p className={classes.facts}>{t('knowledge:topics', { topics: article.topics.join(', ') })}</p>
      )}
    </article>
  );
}
