import { Button } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { MergeChoice, MergePreview } from '../../../shared/contract-identity.ts';
import type { EditableField, FieldValue } from '../../../shared/customer.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { newId } from '../../../shared/ids.ts';
import { factInWords, ownFieldOf } from '../../components/own-field.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords, type Words } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import classes from './identity.module.css';

interface MergeFormProps {
  preview: MergePreview;
  onSwap: () => void;
  onDone: () => void;
}

/** Two columns: who stays, who goes. What differs is chosen with the arrow keys, Enter merges. */
export function MergeForm({ preview, onSwap, onDone }: MergeFormProps) {
  const desk = useDesk();
  const { t } = useWords();
  const [takes, setTakes] = useState<Readonly<Record<string, 'kept' | 'gone'>>>(() =>
    Object.fromEntries(preview.choices.map(({ field, take }) => [field, take])),
  );
  const [problem, setProblem] = useState<DangolError | null>(null);
  const [busy, setBusy] = useState(false);
  // One act, however often it is sent.
  const mergeId = useRef(newId());
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // The agent asked for this sheet: the keys go on in what there is to decide.
    form.current?.querySelector<HTMLElement>('input:checked, button[type="submit"]')?.focus();
  }, []);
  const merge = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const take = preview.choices.map(({ field }) => field).filter((field) => takes[field] === 'gone');
    const pair = { mergeId: mergeId.current, customerId: preview.kept.id, goneId: preview.gone.id };
    desk.api.identity.merge({ ...pair, take }).then(onDone, (error: unknown) => {
      setBusy(false);
      setProblem(toDangolError(error));
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    const isChoice = event.target instanceof HTMLInputElement && event.target.type === 'radio';
    if (event.key === 'Enter' && isChoice && !event.nativeEvent.isComposing) {
      event.preventDefault();
      form.current?.requestSubmit();
    }
  };
  return (
    <form ref={form} className={classes.form} aria-label={t('identity:title')} onSubmit={merge} onKeyDown={onKeyDown}>
      <div className={classes.sides}>
        <Side title={t('identity:stays')} who={preview.kept} />
        <Side title={t('identity:goes')} who={preview.gone} />
      </div>
      {preview.choices.map((choice) => (
        <Choice
          key={choice.field}
          choice={choice}
          preview={preview}
          take={takes[choice.field] ?? choice.take}
          onTake={(take) => setTakes({ ...takes, [choice.field]: take })}
        />
      ))}
      <Consequences preview={preview} />
      {problem && <Problem problem={problem} />}
      <div className={classes.row}>
        <Button type="submit" loading={busy} rightSection={<kbd className={classes.kbd}>Enter</kbd>}>
          {t('identity:merge')}
        </Button>
        <Button variant="default" leftSection={<IconArrowsExchange size={15} />} onClick={onSwap}>
          {t('identity:swap')}
        </Button>
      </div>
    </form>
  );
}

function Side({ title, who }: { title: string; who: MergePreview['kept'] }) {
  const { t } = useWords();
  return (
    <div className={classes.side}>
      <span className={classes.dim}>{title}</span>
      <strong>{nameOf(t, who)}</strong>
      <span>{[who.customerNumber, t(`customer:tier.${who.tier}`)].filter(Boolean).join(' · ')}</span>
      {who.phone && <span>{who.phone}</span>}
    </div>
  );
}

interface ChoiceProps {
  choice: MergeChoice;
  preview: MergePreview;
  take: 'kept' | 'gone';
  onTake: (take: 'kept' | 'gone') => void;
}

function Choice({ choice, preview, take, onTake }: ChoiceProps) {
  const words = useWords();
  const { field, hidden } = choice;
  return (
    <fieldset className={classes.choice}>
      <legend>{fieldName(preview, field, words)}</legend>
      <div className={classes.sides}>
        {(['kept', 'gone'] as const).map((side) => (
          <label key={side} className={classes.value}>
            <input type="radio" name={field} checked={take === side} onChange={() => onTake(side)} />
            {shownValue(choice[side], field, preview, words)}
          </label>
        ))}
      </div>
      {hidden && <p className={classes.dim}>{words.t('identity:alike')}</p>}
    </fieldset>
  );
}

function fieldName({ customFields }: MergePreview, field: EditableField, { t, language }: Words): string {
  if (!field.startsWith('custom.')) return t(`customer:field.${field}`);
  return ownFieldOf(field, customFields)?.label[language] ?? field.slice('custom.'.length);
}

function shownValue(value: FieldValue, field: EditableField, preview: MergePreview, words: Words): string {
  // The year of a masked birthday is not theirs.
  if (field === 'birthday' && value) return words.format.monthDay(String(value));
  return factInWords(value, field, preview.customFields, words);
}

const COUNTED = ['contacts', 'notes', 'cases', 'promises', 'holdings'] as const;

/** What the merge means, in words. */
function Consequences({ preview }: { preview: MergePreview }) {
  const { t } = useWords();
  const { moves, refused } = preview;
  const counted = COUNTED.filter((what) => moves[what] > 0).map((what) =>
    t(`identity:count.${what}`, { n: moves[what] }),
  );
  const channels = [...new Set(refused.map(({ channel }) => t(`customer:consent.${channel}`)))];
  return (
    <ul className={classes.consequences}>
      <li>{counted.length > 0 ? t('identity:moves', { what: counted.join(', ') }) : t('identity:moves_nothing')}</li>
      {moves.points.length > 0 && <li>{t('identity:points', { what: moves.points.join(', ') })}</li>}
      {channels.length > 0 && <li className={classes.warn}>{t('identity:refused', { what: channels.join(', ') })}</li>}
      <li>{t('identity:reversible')}</li>
    </ul>
  );
}
