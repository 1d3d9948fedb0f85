import { Button, Textarea, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DangolError } from '../../../shared/errors.ts';
import type { AttentionItem } from '../../../shared/host-types.ts';
import { NOTE_MAX_LENGTH } from '../../../shared/interaction.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { HeldEdit } from '../../stores/sync-store.ts';
import classes from './attention.module.css';
import { DraftsList } from './drafts-list.tsx';
import { UnassignedList } from './unassigned-list.tsx';

/** What the centre refused: it blocks nothing, it is not lost, and somebody decides. */
export function AttentionSheet() {
  const desk = useDesk();
  const { t } = useWords();
  const { items, ofOthers, state, problem } = useStore(desk.sync.store, ({ attention }) => attention);
  useEffect(() => {
    void desk.sync.readAttention();
  }, [desk]);
  return (
    <>
      <p className={classes.lead}>{t('attention.lead')}</p>
      {problem && <Problem problem={problem} onRetry={() => void desk.sync.readAttention()} />}
      {state === 'ready' && !problem && items.length + ofOthers === 0 && (
        <p className={classes.none}>{t('attention.none')}</p>
      )}
      <ul className={classes.list}>
        {items.map((item) => (
          <Item key={item.opId} item={item} />
        ))}
      </ul>
      {ofOthers > 0 && <p className={classes.none}>{t('attention.of_others', { n: ofOthers })}</p>}
      <DraftsList />
      <UnassignedList />
    </>
  );
}

function Item({ item }: { item: AttentionItem }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(60_000);
  const edit = useStore(desk.sync.store, ({ edits }) => edits[item.opId]);
  const [discarding, setDiscarding] = useState(false);
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
      {item.summary !== '' && !edit && <p className={classes.summary}>{item.summary}</p>}
      <p className={classes.reason}>
        {item.reason === 'quarantined' ? t('attention.quarantined') : t(`attention.code.${item.code}`)}
      </p>
      {problem && <Problem problem={problem} />}
      {edit && (
        <Edit
          edit={edit}
          onType={(text) => desk.sync.edit(item.opId, text)}
          onDone={retry}
          onBack={() => desk.sync.endEdit(item.opId)}
        />
      )}
      {!edit && !discarding && (
        <div className={classes.acts}>
          <Button onClick={() => (isNote ? void desk.sync.beginEdit(item.opId).then(setProblem) : retry(null))}>
            {t(isNote ? 'attention.edit' : 'attention.retry')}
          </Button>
          <Button variant="default" onClick={() => setDiscarding(true)}>
            {t('attention.discard')}
          </Button>
        </div>
      )}
      {!edit && discarding && (
        <Discard
          onDone={(reason) => void desk.sync.discard(item.opId, reason).then(setProblem)}
          onBack={() => setDiscarding(false)}
        />
      )}
    </li>
  );
}

interface EditProps {
  edit: HeldEdit;
  onType: (text: string) => void;
  onDone: (text: string | null) => void;
  onBack: () => void;
}

/** The whole note, never its summary. The words stay in the store: a sheet that is closed loses none of them. */
function Edit({ edit, onType, onDone, onBack }: EditProps) {
  const { t } = useWords();
  const { original, text } = edit;
  return (
    <div className={classes.form}>
      <Textarea
        size="sm"
        autosize
        minRows={3}
        maxRows={16}
        maxLength={NOTE_MAX_LENGTH}
        aria-label={t('note.title')}
        value={text}
        onChange={(event) => onType(event.currentTarget.value)}
      />
      <div className={classes.acts}>
        <Button disabled={text.trim() === ''} onClick={() => onDone(text === original ? null : text)}>
          {t('attention.retry')}
        </Button>
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
