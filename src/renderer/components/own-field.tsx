import { MultiSelect, NativeSelect, TextInput } from '@mantine/core';
import {
  type CustomField,
  type CustomValues,
  choiceName,
  type EditableField,
  type FieldValue,
  fieldsOf,
} from '../../shared/customer.ts';
import { saysNothing } from '../../shared/customer-edit.ts';
import { MASKED } from '../../shared/masking.ts';
import { useWords, type Words } from '../i18n.ts';
import classes from './components.module.css';

// The fields that a business added, of customers, cases and products: one way to write them, one way to read them.

/** Several choices: those that are ticked, and those that were shown as ticked when the first was touched. */
export interface Ticked {
  chosen: string[];
  seen: string[];
}
/** As typed; '' is nothing said. */
export type Typed = string | Ticked;
/** By key. */
export type TypedValues = Readonly<Record<string, Typed>>;

interface InputProps {
  field: CustomField;
  /** undefined: nobody touched it. */
  value: Typed | undefined;
  /** What stands there: of several choices those are ticked that are. */
  now?: FieldValue | undefined;
  /** What an empty one means. */
  empty: string;
  size?: 'xs' | 'sm';
  onChange: (value: Typed) => void;
}

/** One field to type or to choose in, under its label. */
export function OwnFieldInput(props: InputProps) {
  const { field, value, empty, size = 'sm', onChange } = props;
  const { t, language } = useWords();
  if (field.type === 'choices') return <SeveralChoices {...props} />;
  const label = field.type === 'money' ? `${field.label[language]} (${currencyOf(field)})` : field.label[language];
  const choices = choicesOf(field, { t, language });
  const text = typeof value === 'string' ? value : '';
  if (choices) {
    return (
      <NativeSelect
        label={label}
        size={size}
        data={[{ value: '', label: empty }, ...choices]}
        value={text}
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
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/**
 * Any number of choices: typing narrows them, the arrow keys and Enter choose, Backspace takes the last one away. Of masked ones
 * nobody sees what stands there: what is ticked is added to it.
 */
function SeveralChoices({ field, value, now, empty, size = 'sm', onChange }: InputProps) {
  const { t, language } = useWords();
  // A choice that the business has taken back is not one that could be saved.
  const standing = Array.isArray(now) ? now.filter((one) => field.choices.includes(one)) : [];
  const ticked = typeof value === 'object' ? value : null;
  const chosen = ticked?.chosen ?? standing;
  const seen = ticked?.seen ?? (Array.isArray(now) ? now : []);
  return (
    <MultiSelect
      label={field.label[language]}
      description={now === MASKED && seen.length === 0 ? t('choices_masked') : undefined}
      classNames={{ description: classes.hint ?? '' }}
      size={size}
      data={choicesOf(field, { t, language }) ?? []}
      value={chosen}
      searchable
      hidePickedOptions
      placeholder={chosen.length === 0 ? empty : ''}
      nothingFoundMessage={t('no_choice')}
      // Inside the popover that it stands in: outside of it a click would close that.
      comboboxProps={{ withinPortal: false }}
      onChange={(next) => onChange({ chosen: next, seen })}
    />
  );
}

interface InputsProps extends Pick<InputProps, 'empty' | 'size'> {
  fields: readonly CustomField[];
  typed: TypedValues;
  /** What stands there, by key. */
  custom?: CustomValues | undefined;
  onChange: (typed: TypedValues) => void;
}

/** Several fields, one after another. */
export function OwnFieldInputs({ fields, typed, custom, onChange, ...rest }: InputsProps) {
  return fields.map((field) => (
    <OwnFieldInput
      key={field.id}
      field={field}
      value={typed[field.key]}
      now={custom?.[field.key]}
      onChange={(value) => onChange({ ...typed, [field.key]: value })}
      {...rest}
    />
  ));
}

const isNumber = ({ type }: CustomField) => type === 'number' || type === 'money';
const currencyOf = ({ currency = 'KRW' }: CustomField) => currency;

function choicesOf(field: CustomField, { t, language }: Pick<Words, 't' | 'language'>) {
  if (field.type === 'boolean') return ['yes', 'no'].map((answer) => ({ value: answer, label: t(answer) }));
  if (field.type !== 'choice' && field.type !== 'choices') return null;
  return field.choices.map((choice) => ({ value: choice, label: choiceName(field, choice)[language] }));
}

/** What was typed, as the value that the field has. */
export function typedValue(type: CustomField['type'] | undefined, typed: Typed): FieldValue {
  if (typeof typed !== 'string') return typed.chosen;
  if (type === 'number' || type === 'money') return Number(typed);
  return type === 'boolean' ? typed === 'yes' : typed.trim();
}

/** Whether somebody said something by it: to take away the last of several choices says something, too. */
export const isSaid = (typed: Typed | undefined): typed is Typed =>
  typed !== undefined && (typeof typed !== 'string' || typed.trim() !== '');

/** The fields in which something was typed, by key. */
export function typedValues(typed: TypedValues, fields: readonly CustomField[]): CustomValues {
  const said = fields.filter(({ key }) => isSaid(typed[key]));
  return Object.fromEntries(said.map(({ key, type }) => [key, typedValue(type, typed[key] ?? '')]));
}

/** What was shown of the fields of several choices that were touched, by key. */
export function seenChoices(typed: TypedValues): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(typed).flatMap(([key, said]) => (typeof said === 'string' ? [] : [[key, said.seen]])),
  );
}

/** A value in words; null where there is none. */
export function ownValue(field: CustomField, custom: CustomValues, words: Words): string | null {
  const value = custom[field.key] ?? null;
  return saysNothing(value) ? null : valueInWords(field, value, words);
}

/** What a field says, in words; `field` undefined: nobody has defined it. */
function valueInWords(field: CustomField | undefined, value: FieldValue, { t, format, language }: Words): string {
  if (value === MASKED) return MASKED;
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  const named = (choice: string) => (field ? choiceName(field, choice)[language] : choice);
  if (Array.isArray(value)) return value.map(named).join(', ');
  if (typeof value === 'number') {
    return field?.type === 'money' ? format.amount(value, currencyOf(field)) : format.number(value);
  }
  if (field?.type === 'date' && typeof value === 'string') return format.day(value.slice(0, 10));
  return field?.type === 'choice' ? named(String(value)) : String(value);
}

/** What a fact says that two sides do not agree about, in words. */
export function factInWords(
  value: FieldValue,
  field: EditableField,
  fields: readonly CustomField[],
  words: Words,
): string {
  if (saysNothing(value)) return words.t('customer:contested.empty');
  if (field === 'language') return words.t(`customer:language.${value}`);
  return valueInWords(ownFieldOf(field, fields), value, words);
}

/** The field of customers that a fact is in; undefined: a built-in one, or nobody has defined it. */
export function ownFieldOf(field: EditableField, fields: readonly CustomField[]): CustomField | undefined {
  return fieldsOf(fields, 'customer').find(({ key }) => field === `custom.${key}`);
}

/** `label: value` of every field that has one. */
export function ownLines(fields: readonly CustomField[], custom: CustomValues | undefined, words: Words): string[] {
  return fields.flatMap((field) => {
    const value = ownValue(field, custom ?? {}, words);
    return value === null ? [] : [`${field.label[words.language]}: ${value}`];
  });
}
