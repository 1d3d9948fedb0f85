import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useRef } from 'react';
import type { LetterDraft } from '../../../shared/contract-messages.ts';
import type { Customer360 } from '../../../shared/customer-360.ts';
import type { Interaction } from '../../../shared/interaction.ts';
import { isWaiting, MESSAGE_SUBJECT_MAX, MESSAGE_TEXT_MAX, takesAnswers } from '../../../shared/message.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { Problem } from '../../components/problem.tsx';
import { useWords } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import { addressOfAnswer, titleOf } from '../../lib/message-words.ts';
import type { LetterTarget } from '../desk/desk-target.ts';
import { PLACES } from '../desk/places.ts';
import { KnowledgePanel } from '../knowledge/knowledge-panel.tsx';
import { useAbout } from '../knowledge/use-about.ts';
import classes from './messages.module.css';
import { Original } from './original.tsx';
import { Templates } from './templates.tsx';
import { type LetterAtWork, useLetter } from './use-letter.ts';

interface LetterProps {
  view: Customer360;
  target: LetterTarget | null;
  onDone: () => void;
}

/** What came above, the answer below it. Kept here first, like a note. */
export function Letter({ view, target, onDone }: LetterProps) {
  const { t } = useWords();
  const work = useLetter(view, target);
  const { draft, original, problem, busy } = work;
  const way = wayOf(view, work);
  const ready = draft !== null && way === 'open' && draft.text.trim() !== '' && draft.subject.trim() !== '';
  const finish = async (act: () => Promise<boolean>) => {
    if (await act()) onDone();
  };
  return (
    <section aria-label={t('message:letter')}>
      {problem && <Problem problem={problem} />}
      {original && <Original row={original} />}
      {draft && <Where view={view} draft={draft} work={work} />}
      {way !== 'open' && (
        <p className={classes.late}>{t(`message:${way}`, { label: original?.message?.via?.label ?? '' })}</p>
      )}
      {draft && way !== 'no_answers' && (
        <Words
          view={view}
          draft={draft}
          change={work.change}
          isTalk={original?.channel === 'message' && draft.answers !== null}
        />
      )}
      <div className={classes.row}>
        {way !== 'no_answers' && (
          <Button
            data-place={PLACES.sendLetter}
            loading={busy}
            disabled={!ready}
            rightSection={<KeyHint act="save" />}
            onClick={() => void finish(work.send)}
          >
            {t('message:send')}
          </Button>
        )}
        {original && isWaiting(original) && (
          <Button variant="default" disabled={busy} onClick={() => void finish(work.notNeeded)}>
            {t('message:not_needed')}
          </Button>
        )}
      </div>
      {draft && way !== 'no_answers' && (
        <LetterKnowledge draft={draft} original={original} messageId={work.messageId} />
      )}
    </section>
  );
}

/** What may answer the letter: suggested by its words, put into the answer by one key. */
function LetterKnowledge({
  draft,
  original,
  messageId,
}: Pick<LetterAtWork, 'original' | 'messageId'> & { draft: LetterDraft }) {
  const { t } = useWords();
  const asked = `${original?.subject ?? draft.subject}\n${original?.message?.text ?? ''}`;
  const { about, occasionId } = useAbout({ words: `${draft.text.slice(-1000)}\n${asked}`, messageId });
  return (
    <section id={PLACES.letterKnowledge} aria-labelledby="letter-knowledge-title">
      <h3 id="letter-knowledge-title" className={classes.head}>
        {t('keys:knowledge')} <KeyHint act="knowledge" />
      </h3>
      <KnowledgePanel into="letter" about={about} occasionId={occasionId} />
    </section>
  );
}

/** Whether what is written can go anywhere: no address is known, or the service takes no answers. */
function wayOf(
  view: Customer360,
  { draft, original }: LetterAtWork,
): 'open' | 'nowhere' | 'nowhere_form' | 'no_answers' {
  const hasPoint = view.contactPoints.some(({ kind }) => kind === 'email');
  if (draft === null) return 'open';
  if (draft.answers === null) return hasPoint ? 'open' : 'nowhere';
  if (!takesAnswers(original?.message)) return 'no_answers';
  const isForm = original?.channel === 'web';
  return isForm && !hasPoint && original.message?.address == null ? 'nowhere_form' : 'open';
}

/** Which letter it answers, or where a new one goes. */
function Where({ view, draft, work }: { view: Customer360; draft: LetterDraft; work: LetterAtWork }) {
  const { t } = useWords();
  const incoming = view.timeline.filter(({ interaction: { direction, message } }) => direction === 'in' && message);
  const points = view.contactPoints.filter(({ kind }) => kind === 'email');
  const labelOf = (row: Interaction) => [row.message?.via?.label, titleOf(t, row)].filter(Boolean).join(' · ');
  const to = work.original && addressOfAnswer(work.original, view.contactPoints);
  const known = draft.answers === null || incoming.some(({ interaction }) => interaction.id === draft.answers);
  return (
    <div className={classes.two}>
      <NativeSelect
        label={t('message:answers')}
        value={draft.answers ?? ''}
        onChange={({ currentTarget: { value } }) => void work.answer(value === '' ? null : value)}
        data={[
          { value: '', label: t('message:new') },
          ...(known ? [] : [{ value: draft.answers ?? '', label: work.original ? labelOf(work.original) : '' }]),
          ...incoming.map(({ interaction }) => ({ value: interaction.id, label: labelOf(interaction) })),
        ]}
      />
      {draft.answers === null && points.length > 0 && (
        <NativeSelect
          label={t('message:to')}
          value={draft.contactPointId ?? ''}
          onChange={({ currentTarget: { value } }) => work.change({ contactPointId: value })}
          data={points.map(({ id, value }) => ({ value: id, label: value }))}
        />
      )}
      {draft.answers !== null && (
        <TextInput
          label={t('message:to')}
          readOnly
          value={[nameOf(t, view.customer), to ?? work.original?.message?.via?.label].filter(Boolean).join(' · ')}
        />
      )}
    </div>
  );
}

interface WordsProps {
  view: Customer360;
  draft: LetterDraft;
  change: (part: Partial<LetterDraft>) => void;
  /** A conversation has no subjects. */
  isTalk: boolean;
}

function Words({ view, draft, change, isTalk }: WordsProps) {
  const { t } = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  return (
    <>
      {!isTalk && (
        <TextInput
          label={t('message:subject')}
          maxLength={MESSAGE_SUBJECT_MAX}
          value={draft.subject}
          onChange={({ currentTarget: { value } }) => change({ subject: value })}
        />
      )}
      <Textarea
        ref={field}
        id={PLACES.letter}
        label={t('message:text')}
        autosize
        minRows={8}
        maxRows={18}
        maxLength={MESSAGE_TEXT_MAX}
        value={draft.text}
        onChange={({ currentTarget: { value } }) => change({ text: value })}
        data-autofocus
      />
      <p className={classes.dim}>{t('message:text_hint', { open: '{{', close: '}}' })}</p>
      <Templates spoken={view.customer.language} field={field} />
    </>
  );
}
