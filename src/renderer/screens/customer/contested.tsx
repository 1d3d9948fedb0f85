import { Button } from '@mantine/core';
import { IconArrowsSplit2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { ContestedField, EditableField, FieldValue } from '../../../shared/customer.ts';
import type { Customer360 } from '../../../shared/customer-360.ts';
import { valueOfField } from '../../../shared/customer-edit.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { factInWords, ownFieldOf } from '../../components/own-field.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords, type Words } from '../../i18n.ts';
import classes from './customer.module.css';

/** A fact that two desks changed without knowing of each other: both values, whose and when. One act takes the other one. */
export function Contested({ view, now }: { view: Customer360; now: number }) {
  const { t } = useWords();
  const { contested = [] } = view.customer;
  if (contested.length === 0) return null;
  return (
    <section className={classes.contested} aria-label={t('customer:contested.title')}>
      {contested.map((one, index) => (
        <Line key={`${one.field} ${one.at}`} view={view} one={one} now={now} first={index === 0} />
      ))}
    </section>
  );
}

interface LineProps {
  view: Customer360;
  one: ContestedField;
  now: number;
  /** The one that the key means. */
  first: boolean;
}

function Line({ view, one, now, first }: LineProps) {
  const desk = useDesk();
  const words = useWords();
  const { t, format } = words;
  const [problem, setProblem] = useState<DangolError | null>(null);
  const { field, at } = one;
  const settle = (take: 'other' | 'current') =>
    void desk.api.customer.settle({ customerId: view.customer.id, field, at, take }).then(
      () => setProblem(null),
      (error: unknown) => setProblem(toDangolError(error)),
    );
  const said = (name: string | null, when: string) => (
    <span className={classes.dim} title={format.exact(when)}>
      ({name ?? t('customer:contested.from_data')} · {format.relative(when, now)})
    </span>
  );
  const values = contestedValues(view, one, words);
  return (
    <div className={classes.contestedLine}>
      <IconArrowsSplit2 size={15} stroke={1.8} aria-hidden="true" />
      <span>
        <b>{fieldName(view, field, words)}</b> {t('customer:contested.now')} <strong>{values.now}</strong>{' '}
        {said(one.wonByName, one.wonAt)} · {t('customer:contested.other')} <strong>{values.other}</strong>{' '}
        {said(one.byName, at)}
        {values.alike && <span className={classes.dim}> {t('customer:contested.alike')}</span>}
      </span>
      <Button
        variant="default"
        data-place={first ? 'take-other' : undefined}
        aria-keyshortcuts={first ? 'Alt+Shift+O' : undefined}
        rightSection={first ? <KeyHint act="take_other" /> : undefined}
        onClick={() => settle('other')}
      >
        {t('customer:contested.take')}
      </Button>
      <Button variant="subtle" onClick={() => settle('current')}>
        {t('customer:contested.stay')}
      </Button>
      {problem && <Problem problem={problem} />}
    </div>
  );
}

/** What the field is called: the business's own ones have a name of their own. */
export function fieldName(view: Customer360, field: EditableField, { t, language }: Words): string {
  if (!field.startsWith('custom.')) return t(`customer:field.${field}`);
  return ownFieldOf(field, view.customFields)?.label[language] ?? field.slice('custom.'.length);
}

/** Both values as the screen shows them. `alike`: what tells them apart is behind the mask. */
export function contestedValues(view: Customer360, { field, value }: ContestedField, words: Words) {
  // The year of a masked birthday is not theirs.
  const show = (one: FieldValue) =>
    field === 'birthday' && !view.unmasked && one
      ? words.format.monthDay(String(one))
      : factInWords(one, field, view.customFields, words);
  const now = show(valueOfField(view.customer, field));
  const other = show(value);
  return { now, other, alike: !view.unmasked && now === other };
}
