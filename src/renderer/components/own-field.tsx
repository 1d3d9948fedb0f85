import { NativeSelect, TextInput } from '@mantine/core';
import type { CustomField, CustomValues, FieldValue } from '../../shared/customer.ts';
import { MASKED } from '../../shared/masking.ts';
import { useWords, type Words } from '../i18n.ts';

// The fields that a business added, of customers, cases and products: one way to write them, one way to read them.

interface InputProps {
  field: CustomField;
  /** As typed; '' is nothing said. */
  value: string;
  /** What an empty one means. */
  empty: string;
  size?: 'xs' | 'sm';
  onChange: (value: string) => void;
}

/** One field to type or to choose in, under its label. */
export function OwnFieldInput({ field, value, empty, size = 'sm', onChange }: InputProps) {
  const { t, language } = useWords();
  const label = field.label[language];
  const choices = choicesOf(field, t);
  if (choices) {
    return (
      <NativeSelect
        label={label}
        size={size}
        data={[{ value: '', label: empty }, ...choices]}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      label={label}
      size={size}
      type={field.type === 'date' ? 'date' : isNumber(field) ? 'number' : 'text'}
      step="any"
      maxLength={2000}
      placeholder={empty}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface InputsProps extends Pick<InputProps, 'empty' | 'size'> {
  fields: readonly CustomField[];
  /** By key, as typed. */
  typed: Readonly<Record<string, string>>;
  onChange: (typed: Readonly<Record<string, string>>) => void;
}

/** Several fields, one after another. */
export function OwnFieldInputs({ fields, typed, onChange, ...rest }: InputsProps) {
  return fields.map((field) => (
    <OwnFieldInput
      key={field.id}
      field={field}
      value={typed[field.key] ?? ''}
      onChange={(value) => onChange({ ...typed, [field.key]: value })}
      {...rest}
    />
  ));
}

const isNumber = ({ type }: CustomField) => type === 'number' || type === 'money';

function choicesOf({ type, choices }: CustomField, t: Words['t']) {
  if (type === 'boolean') return ['yes', 'no'].map((answer) => ({ value: answer, label: t(answer) }));
  return type === 'choice' ? choices.map((choice) => ({ value: choice, label: choice })) : null;
}

/** What was typed, as the value that the field has. */
export function typedValue(type: CustomField['type'] | undefined, text: string): FieldValue {
  if (type === 'number' || type === 'money') return Number(text);
  return type === 'boolean' ? text === 'yes' : text.trim();
}

/** The fields in which something was typed, by key. */
export function typedValues(typed: Readonly<Record<string, string>>, fields: readonly CustomField[]): CustomValues {
  const said = fields.filter(({ key }) => (typed[key] ?? '').trim() !== '');
  return Object.fromEntries(said.map(({ key, type }) => [key, typedValue(type, typed[key] ?? '')]));
}

/** A value in words; null where there is none. */
export function ownValue({ key, type }: CustomField, custom: CustomValues, { t, format }: Words): string | null {
  const value = custom[key];
  if (value === undefined || value === null || value === '') return null;
  if (value === MASKED) return MASKED;
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (type === 'date' && typeof value === 'string') return format.day(value.slice(0, 10));
  if (typeof value === 'number') return format.number(value);
  return String(value);
}

/** `label: value` of every field that has one. */
export function ownLines(fields: readonly CustomField[], custom: CustomValues | undefined, words: Words): string[] {
  return fields.flatMap((field) => {
    const value = ownValue(field, custom ?? {}, words);
    return value === null ? [] : [`${field.label[words.language]}: ${value}`];
  });
}
