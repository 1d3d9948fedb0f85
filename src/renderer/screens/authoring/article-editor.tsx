import { ActionIcon, Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { useStore } from 'zustand';
import { KNOWLEDGE_BODY_MAX } from '../../../shared/knowledge.ts';
import type { ArticleDraft } from '../../../shared/knowledge-authoring.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { Markdown } from '../knowledge/markdown.tsx';
import { contentOf } from './article-draft.ts';
import { stateOf } from './article-shelf.tsx';
import classes from './authoring.module.css';
import { type ArticleAtWork, useArticle } from './use-article.ts';
import { Versions } from './versions.tsx';

interface ArticleEditorProps {
  articleId: string;
  isNew: boolean;
  onBack: () => void;
}

/** One article: written on the left, as agents will see it on the right, with its versions. Esc leads back; nothing is lost. */
export function ArticleEditor({ articleId, isNew, onBack }: ArticleEditorProps) {
  const { t } = useWords();
  const work = useArticle(articleId, isNew);
  const { draft, list, problem } = work;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    event.stopPropagation();
    onBack();
  };
  return (
    <section aria-label={t('keys:authoring')} onKeyDown={onKeyDown}>
      <div className={classes.row}>
        <ActionIcon variant="subtle" aria-label={t('knowledge:back')} title={t('knowledge:back')} onClick={onBack}>
          <IconArrowLeft size={18} />
        </ActionIcon>
        {list && (
          <span className={classes.dim}>
            {list.head.code} · {stateOf(t, list.head)} ·{' '}
            {t('knowledge:counts', { cited: list.head.cited, helped: list.head.helped })}
          </span>
        )}
      </div>
      {problem && <Problem problem={problem} onRetry={draft ? undefined : () => void work.load()} />}
      {!draft && !problem && <p className={classes.none}>{t('knowledge:authoring.reading')}</p>}
      {draft && <Acts work={work} draft={draft} />}
      {draft && (
        <div className={classes.two}>
          <Fields draft={draft} change={work.change} />
          <div className={classes.beside}>
            <section aria-label={t('knowledge:authoring.preview')}>
              <h3>{draft.title || t('knowledge:authoring.preview')}</h3>
              {draft.shortAnswer && <p className={classes.answer}>{draft.shortAnswer}</p>}
              <Markdown text={draft.body} />
            </section>
            {list && <Versions work={work} list={list} draft={draft} />}
          </div>
        </div>
      )}
    </section>
  );
}

function Acts({ work, draft }: { work: ArticleAtWork; draft: ArticleDraft }) {
  const { t } = useWords();
  const [sure, setSure] = useState(false);
  const content = contentOf(draft);
  const missing = typeof content === 'string' ? content : null;
  const save = (andPublish: boolean) => {
    if (typeof content !== 'string') void work.save(content, andPublish);
  };
  const { said, busy } = work;
  return (
    <>
      <div className={classes.row}>
        <Button loading={busy} disabled={missing !== null} onClick={() => save(true)}>
          {t('knowledge:authoring.publish')}
        </Button>
        <Button variant="default" disabled={busy || missing !== null} onClick={() => save(false)}>
          {t('knowledge:authoring.save')}
        </Button>
        {work.list?.head.published != null && !sure && (
          <Button variant="default" disabled={busy} onClick={() => setSure(true)}>
            {t('knowledge:authoring.withdraw')}
          </Button>
        )}
        {missing && work.unsaved && (
          <span className={classes.dim}>{t(`knowledge:authoring.${missing}`, { max: KNOWLEDGE_BODY_MAX })}</span>
        )}
        {!missing && work.unsaved && <span className={classes.dim}>{t('knowledge:authoring.unsaved')}</span>}
      </div>
      {sure && (
        <div className={classes.row}>
          <span>{t('knowledge:authoring.withdraw_sure')}</span>
          <Button
            color="red"
            onClick={() => {
              setSure(false);
              void work.withdraw();
            }}
          >
            {t('knowledge:authoring.withdraw_do')}
          </Button>
        </div>
      )}
      <p className={classes.said} role="status" data-warn={said?.word === 'others' || said?.word === 'changed'}>
        {said && t(`knowledge:authoring.${said.word}`, 'number' in said ? { number: said.number } : {})}
      </p>
    </>
  );
}

interface FieldsProps {
  draft: ArticleDraft;
  change: (part: Partial<ArticleDraft>) => void;
}

function Fields({ draft, change }: FieldsProps) {
  const { t } = useWords();
  const label = (name: string) => t(`knowledge:authoring.${name}`);
  return (
    <div className={classes.fields}>
      <TextInput
        label={label('title')}
        autoFocus
        maxLength={200}
        value={draft.title}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      <Textarea
        label={label('short_answer')}
        description={label('short_answer_hint')}
        classNames={{ description: classes.hint ?? '' }}
        rows={3}
        maxLength={600}
        value={draft.shortAnswer}
        onChange={(event) => change({ shortAnswer: event.currentTarget.value })}
      />
      <Textarea
        label={label('body')}
        description={label('body_hint')}
        classNames={{ description: classes.hint ?? '' }}
        rows={12}
        value={draft.body}
        onChange={(event) => change({ body: event.currentTarget.value })}
      />
      <TextInput
        label={label('topics')}
        description={label('topics_hint')}
        classNames={{ description: classes.hint ?? '' }}
        value={draft.topics}
        onChange={(event) => change({ topics: event.currentTarget.value })}
      />
      <TextInput
        label={label('products')}
        description={label('products_hint')}
        classNames={{ description: classes.hint ?? '' }}
        value={draft.products}
        onChange={(event) => change({ products: event.currentTarget.value })}
      />
      <Ties draft={draft} change={change} />
    </div>
  );
}

/** Where such calls come in, and how they end. */
function Ties({ draft, change }: FieldsProps) {
  const desk = useDesk();
  const { t, language } = useWords();
  const { queues, dispositions } = useStore(desk.session.store, ({ catalogue }) => catalogue);
  return (
    <>
      <Checkbox.Group
        label={t('knowledge:authoring.queues')}
        value={[...draft.queues]}
        onChange={(names) => change({ queues: names })}
      >
        <div className={classes.row}>
          {queues.map(({ name, label }) => (
            <Checkbox key={name} value={name} label={label[language]} />
          ))}
        </div>
      </Checkbox.Group>
      <Checkbox.Group
        label={t('knowledge:authoring.dispositions')}
        value={[...draft.dispositions]}
        onChange={(codes) => change({ dispositions: codes })}
      >
        <div className={classes.row}>
          {dispositions.map(({ code, label }) => (
            <Checkbox key={code} value={code} label={label[language]} />
          ))}
        </div>
      </Checkbox.Group>
    </>
  );
}
