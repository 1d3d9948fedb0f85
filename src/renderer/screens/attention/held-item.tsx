import { Button } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { DangolError } from '../../../shared/errors.ts';
import type { AttentionItem } from '../../../shared/host-types.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { openCustomer } from '../desk/use-desk-keys.ts';
import classes from './attention.module.css';
import { Discard, Edit } from './held-forms.tsx';

/** One act that the centre refused: what it was, why, what helps, and the decisions about it. */
export function HeldItem({ item }: { item: AttentionItem }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(60_000);
  const edit = useStore(desk.sync.store, ({ edits }) => edits[item.opId]);
  const [discarding, setDiscarding] = useState(false);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const retry = (text: string | null) => void desk.sync.retry(item.opId, text).then(setProblem);
  const why = item.reason === 'quarantined' ? 'quarantined' : item.code;
  return (
    <li className={classes.item} data-kept={item.kept}>
      <div className={classes.itemHead}>
        <strong>{t(`attention.kind.${item.kind.replace('.', '_')}`)}</strong>
        <span title={format.exact(item.claimedAt)}>
          {item.kept && `${t('attention.kept')} · `}
          {item.authorName} · {format.relative(item.claimedAt, now)}
        </span>
      </div>
      {item.summary !== '' && !edit && <p className={classes.summary}>{item.summary}</p>}
      <p className={classes.reason}>
        {why === 'quarantined' ? t('attention.quarantined') : t(`attention.code.${why}`)}{' '}
        <span>{t(`attention.what_now.${why}`)}</span>
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
      {!edit && discarding && (
        <Discard
          onDone={(reason) => void desk.sync.discard(item.opId, reason).then(setProblem)}
          onBack={() => setDiscarding(false)}
        />
      )}
      {!edit && !discarding && (
        <Decisions item={item} retry={retry} discard={() => setDiscarding(true)} setProblem={setProblem} />
      )}
    </li>
  );
}

interface DecisionsProps {
  item: AttentionItem;
  retry: (text: string | null) => void;
  discard: () => void;
  setProblem: (problem: DangolError | null) => void;
}

function Decisions({ item, retry, discard, setProblem }: DecisionsProps) {
  const desk = useDesk();
  const { t } = useWords();
  const { opId, customerId } = item;
  const isNote = item.kind === 'note.save';
  const edit = () => void desk.sync.beginEdit(opId).then(setProblem);
  return (
    <div className={classes.acts}>
      {item.code !== 'ERASED' && (
        <Button onClick={() => (isNote ? edit() : retry(null))}>
          {t(isNote ? 'attention.edit' : 'attention.retry')}
        </Button>
      )}
      <Button variant="default" onClick={discard}>
        {t('attention.discard')}
      </Button>
      {!item.kept && (
        <Button variant="default" onClick={() => void desk.sync.keep(opId).then(setProblem)}>
          {t('attention.keep')}
        </Button>
      )}
      {customerId !== null && item.code !== 'ERASED' && (
        <Button variant="subtle" onClick={() => openCustomer(desk, customerId)}>
          {t('attention.show_customer')}
        </Button>
      )}
    </div>
  );
}
