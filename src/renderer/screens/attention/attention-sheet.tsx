import { Button, Textarea, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DangolError } from '../../../shared/errors.ts';
import type { AttentionItem } from '../../../shared/host-types.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import classes from './attention.module.css';

/** What the centre refused: it blocks nothing, it is not lost, and somebody decides. */
export function AttentionSheet() {
  const desk = useDesk();
  const { t } = useWords();
  const { items, state, problem } = useStore(desk.sync.store, ({ attention }) => attention);
  useEffect(() => {
    void desk.sync.readAttention();
  }, [desk]);
  return (
    <>
      <p className={classes.lead}>{t('attention.lead')}</p>
      {problem && <Problem problem={problem} onRetry={() => void desk.sync.readAttention()} />}
      {state === 'ready' && !problem && items.length === 0 && <p className={classes.none}>{t('attention.none')}</p>}
      <ul className={classes.list}>
        {items.map((item) => (
          <Item key={item.opId} item={item} />
        ))}
      </ul>
    </>
  );
}

function Item({ item }: { item: AttentionItem }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(60_000);
  const [mode, setMode] = useState<'closed' | 'edit' | 'discard'>('closed');
  const [problem, setProblem] = useState<DangolError | null>(null);
  const isNote = item.kind === 'note.save';
  const retry = (text: string | null) => void desk.sync.retry(item.opId, text).then(setProblem);
  return (
    <li className={classes.item}>
      <div className={classes.itemHead}>
        <strong>{t(`attention.kind.${item.kind.replace('.', '_')}`)}</strong>
        <span title={format.exact(item.claimedAt)}>
          {item.authorName} · {format.relative(item.claimedAt, now)}
        </span>
      </div>
      <p className={classes.summary}>{item.summary}</p>
      <p className={classes.reason}>
        {item.reason === 'quarantined' ? t('attention.quarantined') : t(`attention.code.${item.code}`)}
      </p>
      {problem && <Problem problem={problem} />}
      {mode === 'closed' && (
        <div className={classes.acts}>
          <Button onClick={() => (isNote ? setMode('edit') : retry(null))}>
            {t(isNote ? 'attention.edit' : 'attention.retry')}
          </Button>
          <Button variant="default" onClick={() => setMode('discard')}>
            {t('attention.discard')}
          </Button>
        </div>
      )}
      {mode === 'edit' && <Edit text={item.summary} onDone={retry} onBack={() => setMode('closed')} />}
      {mode === 'discard' && (
        <Discard
          onDone={(reason) => void desk.sync.discard(item.opId, reason).then(setProblem)}
          onBack={() => setMode('closed')}
        />
      )}
    </li>
  );
}

function Edit({ text, onDone, onBack }: { text: string; onDone: (text: string | null) => void; onBack: () => void }) {
  const { t } = useWords();
  const [edited, setEdited] = useState(text);
  return (
    <div className={classes.form}>
      <Textarea
        size="sm"
        autosize
        minRows={3}
        aria-label={t('note.title')}
        value={edited}
        onChange={(event) => setEdited(event.currentTarget.value)}
      />
      <div className={classes.acts}>
        <Button onClick={() => onDone(edited === text ? null : edited)}>{t('attention.retry')}</Button>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </div>
  );
}

function Discard({ onDone, onBack }: { onDone: (reason: string) => void; onBack: () => void }) {
  const { t } = useWords();
  const [reason, setReason] = useState('');
  return (
    <div className={classes.form}>
      <TextInput
        size="sm"
        label={t('attention.discard_reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={classes.acts}>
        <Button color="red" disabled={reason.trim().length < 2} onClick={() => onDone(reason.trim())}>
          {t('attention.discard_do')}
        </Button>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </div>
  );
}
