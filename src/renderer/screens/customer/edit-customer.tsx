import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { type CustomField, type EditableField, type FieldValue, fieldsOf } from '../../../shared/customer.ts';
import type { Customer360 } from '../../../shared/customer-360.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { Drop } from '../../components/drop.tsx';
import {
  isSaid,
  OwnFieldInput,
  ownFieldOf,
  type Typed,
  type TypedValues,
  typedValue,
} from '../../components/own-field.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import { fieldName } from './contested.tsx';
import classes from './customer.module.css';

/** Corrects facts of the customer. What is left empty stays as it is, so nothing has to be unmasked for it. */
export function EditCustomer({ view }: { view: Customer360 }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  // Whom only the centre knows is nobody's to change here.
  if (view.version === null && view.mark === 'centre') return null;
  const control = (
    <button
      type="button"
      data-place="edit-customer"
      className={classes.peek}
      aria-expanded={open}
      aria-keyshortcuts="Alt+Shift+E"
      title={`${t('customer:edit.title')} (${keyOf('edit_customer')})`}
      onClick={() => setOpen(!open)}
    >
      <IconPencil size={15} aria-hidden="true" />
      {t('customer:edit.do')}
    </button>
  );
  return (
    <Drop open={open} onClose={() => setOpen(false)} label={t('customer:edit.title')} width={320} control={control}>
      <EditForm view={view} onDone={() => setOpen(false)} />
    </Drop>
  );
}

function EditForm({ view, onDone }: { view: Customer360; onDone: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const [typed, setTyped] = useState<TypedValues>({});
  const [problem, setProblem] = useState<DangolError | null>(null);
  const changes = changesOf(typed, view.customFields);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (changes.length === 0) return;
    desk.api.customer
      .update({ customerId: view.customer.id, changes })
      .then(onDone, (error: unknown) => setProblem(toDangolError(error)));
  };
  const fields: EditableField[] = [
    ...(['name', 'birthday', 'language'] as const),
    ...fieldsOf(view.customFields, 'customer').map(({ key }) => `custom.${key}` as const),
  ];
  return (
    <form className={classes.editForm} onSubmit={save}>
      <p className={classes.dim}>{t('customer:edit.lead')}</p>
      {fields.map((field) => (
        <Field
          key={field}
          view={view}
          field={field}
          value={typed[field]}
          onChange={(value) => setTyped({ ...typed, [field]: value })}
        />
      ))}
      {problem && <Problem problem={problem} />}
      <Button type="submit" disabled={changes.length === 0}>
        {t('customer:edit.save')}
      </Button>
    </form>
  );
}

interface FieldProps {
  view: Customer360;
  field: EditableField;
  value: Typed | undefined;
  onChange: (value: Typed) => void;
}

function Field({ view, field, value, onChange }: FieldProps) {
  const words = useWords();
  const { t } = words;
  const empty = t('customer:edit.unchanged');
  const own = ownFieldOf(field, view.customFields);
  if (own) {
    const now = view.customer.custom[own.key];
    return <OwnFieldInput field={own} value={value} now={now} empty={empty} onChange={onChange} />;
  }
  const text = typeof value === 'string' ? value : '';
  const label = fieldName(view, field, words);
  if (field === 'language') {
    const data = ['ko', 'en'].map((code) => ({ value: code, label: t(`customer:language.${code}`) }));
    const all = [{ value: '', label: empty }, ...data];
    return <NativeSelect label={label} data={all} value={text} onChange={(e) => onChange(e.currentTarget.value)} />;
  }
  return (
    <TextInput
      label={label}
      type={field === 'birthday' ? 'date' : 'text'}
      placeholder={empty}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** What was typed, as the values that the fields have. An empty field is one that stays. */
export function changesOf(
  typed: TypedValues,
  own: readonly CustomField[],
): { field: EditableField; value: FieldValue; was?: string[] }[] {
  return Object.entries(typed)
    .filter(([, said]) => isSaid(said))
    .map(([field, said]) => ({
      ...{ field, value: typedValue(ownFieldOf(field, own)?.type, said) },
      ...(typeof said === 'string' ? {} : { was: said.seen }),
    }));
}
