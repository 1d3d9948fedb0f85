import { NativeSelect } from '@mantine/core';
import { type RefObject, useState } from 'react';
import type { Language } from '../../../shared/text.ts';
import { blockFor, type TextBlock } from '../../../shared/text-block.ts';
import { useWords } from '../../i18n.ts';
import { fillBlock } from '../../lib/note-words.ts';
import { useMergeValues, useTextBlocks } from '../note/note-entries.ts';
import { putIntoNote } from '../note/use-note-menu.ts';
import classes from './messages.module.css';

interface TemplatesProps {
  /** What the customer speaks. */
  spoken: Language;
  /** Where it goes. */
  field: RefObject<HTMLTextAreaElement | null>;
}

/** Sentences of the business for a letter: those in the customer's language first, and said which one was taken. */
export function Templates({ spoken, field }: TemplatesProps) {
  const { t, language } = useWords();
  const blocks = useTextBlocks();
  const values = useMergeValues(spoken);
  const [taken, setTaken] = useState<'theirs' | 'other' | null>(null);
  const isTheirs = (block: TextBlock) => blockFor(block, spoken).inTheirs;
  const put = (id: string) => {
    const block = blocks.find((one) => one.id === id);
    if (!block || !field.current) return;
    const { text, inTheirs } = blockFor(block, spoken);
    // The page knows the name masked only: the desk fills it in when the letter leaves.
    const filled = fillBlock(text, { ...values(), customer: '{{customer}}', number: null }, (name) =>
      t(`note.field.${name}`),
    );
    putIntoNote(field.current, filled, field.current.selectionStart, field.current.selectionEnd);
    setTaken(inTheirs ? 'theirs' : 'other');
  };
  if (blocks.length === 0) return null;
  const ordered = [...blocks.filter(isTheirs), ...blocks.filter((block) => !isTheirs(block))];
  const theirs = t(`customer:language.${spoken}`);
  const nameOf = (block: TextBlock) =>
    isTheirs(block) ? `${block.label[language]} (${theirs})` : block.label[language];
  return (
    <>
      <NativeSelect
        label={t('message:template')}
        value=""
        onChange={({ currentTarget: { value } }) => put(value)}
        data={[
          { value: '', label: t('message:choose_template') },
          ...ordered.map((block) => ({ value: block.id, label: nameOf(block) })),
        ]}
      />
      <p role="status" className={classes.dim}>
        {taken && t(`message:template_${taken}`, { language: theirs })}
      </p>
    </>
  );
}
