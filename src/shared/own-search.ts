import {
  type CustomField,
  type CustomValues,
  canBeSearched,
  choiceName,
  type FieldValue,
  fieldsOf,
} from './customer.ts';
import { INITIALS_ONLY, initialsOf, nameMatches, twoGrams, words } from './search-text.ts';
import type { LocalText } from './text.ts';

/*
 * Search by the business's own fields: what is written into the column `own` of cache.customer_search for a customer, and what is
 * asked of it. Every token begins with its field, and choices stand there as what they are: what they are called is looked up
 * when somebody asks, so that a new name needs no new index.
 */

/** A field that lines are cut by. */
export type IndexedField = readonly [key: string, type: CustomField['type']];

/** Of free text so much is looked at, as of a name. */
const TEXT_MAX = 200;

/** The fields that customers are found by, in the order of the business. */
export function searchableFields(fields: readonly CustomField[]): CustomField[] {
  return fieldsOf(fields, 'customer').filter((field) => field.searchable === true && canBeSearched(field));
}

/** FTS5 folds case and knows letters and digits alone; x begins what stands for all else, so that no two keys are one. */
function keyToken(key: string): string {
  return key.replaceAll(/[x_A-Z]/g, (sign) => (sign === 'x' ? 'xx' : sign === '_' ? 'xu' : `xc${sign.toLowerCase()}`));
}

/** A choice, letter by letter: no two choices are one token, whatever signs they have. */
function choiceToken(key: string, choice: string): string {
  const letters = [...choice.normalize('NFC')].map((one) => (one.codePointAt(0) ?? 0).toString(36).padStart(4, '0'));
  return `${keyToken(key)}xz${letters.join('')}`;
}

const numberToken = (key: string, digits: string) =>
  `${keyToken(key)}xn${digits.replace('-', 'm').replace('+', '').replace('.', 'p')}`;

/** What a customer is found by, as tokens; '' where nothing is said in these fields. */
export function ownLine(custom: CustomValues, indexed: readonly IndexedField[]): string {
  return indexed.flatMap(([key, type]) => tokensOf(key, type, custom[key] ?? null)).join(' ');
}

function tokensOf(key: string, type: CustomField['type'], value: FieldValue): string[] {
  if (typeof value === 'number') return type === 'number' ? [numberToken(key, String(value))] : [];
  if (type === 'choices') return Array.isArray(value) ? value.map((one) => choiceToken(key, one)) : [];
  if (typeof value !== 'string') return [];
  if (type === 'choice') return [choiceToken(key, value)];
  if (type !== 'text') return [];
  const all = words(value.slice(0, TEXT_MAX));
  const marked = (sign: string, list: readonly string[]) =>
    list.flatMap(twoGrams).map((two) => `${keyToken(key)}${sign}${two}`);
  return [
    ...marked('xg', all),
    ...marked(
      'xi',
      all.map(initialsOf).filter((word) => word !== ''),
    ),
  ];
}

/** One condition that customers are narrowed by: a choice, a number, or words that stand in a text. */
export interface Narrow {
  field: CustomField;
  value: string;
}

/** 12, 1,200, -3.5: a number as it is typed, without what only parts its digits. null: none. */
function digitsOf(text: string): string | null {
  const bare = text.normalize('NFKC').trim();
  return /^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?$/.test(bare) ? bare.replaceAll(',', '') : null;
}

const isNamed = (field: CustomField, choice: string, text: string) =>
  [choice, ...Object.values(choiceName(field, choice))].some((name) => nameMatches(name, text));

/** The choices that `text` may mean, by what they are called in either language, by 초성, or by a part. */
function choicesMeant(field: CustomField, text: string): string[] {
  return field.choices.filter((choice) => isNamed(field, choice, text));
}

/** One field asked for `text`, as a part of an FTS5 expression over `own`; null: it cannot say that. */
function termOf(field: CustomField, text: string): string | null {
  const { key, type } = field;
  if (type === 'choice' || type === 'choices') {
    const meant = choicesMeant(field, text).map((choice) => `"${choiceToken(key, choice)}"`);
    return meant.length === 0 ? null : `(${meant.join(' OR ')})`;
  }
  if (type === 'number') {
    const digits = digitsOf(text);
    return digits === null ? null : `"${numberToken(key, digits)}" *`;
  }
  const all = words(text.slice(0, 100)).map((word) => {
    const sign = INITIALS_ONLY.test(word) ? 'xi' : 'xg';
    const grams = twoGrams(word).map((two) => `${keyToken(key)}${sign}${two}`);
    return grams.length === 1 ? `"${grams[0]}" *` : `"${grams.slice(0, -1).join(' ')}"`;
  });
  return all.length === 0 ? null : `(${all.join(' AND ')})`;
}

/** What somebody means who types "관심사:골프", or only "골프". */
export interface OwnAsked {
  fields: readonly CustomField[];
  text: string;
  /** They said in which field. */
  named: boolean;
}

/** Reads "관심사:골프" as a field and what it is to say; any other text is asked of every field. */
export function readOwnAsked(text: string, fields: readonly CustomField[]): OwnAsked {
  const [, name = '', rest = ''] = /^\s*([^:：=]+)[:：=](.*)$/u.exec(text.slice(0, 100)) ?? [];
  const meant = name === '' ? [] : fields.filter((field) => isCalled(field, name));
  return meant.length === 0 ? { fields, text, named: false } : { fields: meant, text: rest.trim(), named: true };
}

const isCalled = ({ key, label }: CustomField, name: string) =>
  key === name.trim() || [label.ko, label.en].some((one) => nameMatches(one, name));

/** FTS5 MATCH expression: somebody of whom one of these fields says it. null: none of them can. */
export function ownMatch({ fields, text }: OwnAsked): string | null {
  const terms = fields.map((field) => termOf(field, text)).filter((term) => term !== null);
  return terms.length === 0 ? null : `own : (${terms.join(' OR ')})`;
}

/** FTS5 MATCH expression: whoever fits all of these conditions. null: nobody can. */
export function narrowMatch(narrow: readonly Narrow[]): string | null {
  const terms = narrow.map(({ field, value }) => {
    const { key, type } = field;
    if (type === 'choice' || type === 'choices') return `"${choiceToken(key, value)}"`;
    return type === 'number' ? `"${numberToken(key, value)}"` : termOf(field, value);
  });
  return terms.length === 0 || terms.includes(null) ? null : `own : (${terms.join(' AND ')})`;
}

/** Whether somebody fits a condition: the same as the index says, of one who is in no index yet. */
export function fitsNarrow(custom: CustomValues, { field, value }: Narrow): boolean {
  const said = custom[field.key] ?? null;
  if (Array.isArray(said)) return field.type === 'choices' && said.includes(value);
  if (field.type === 'text') return typeof said === 'string' && nameMatches(said.slice(0, TEXT_MAX), value);
  return said !== null && String(said) === value;
}

/** What a field says of that which was asked, as a screen shows it; null: nothing. */
export function saidOf(field: CustomField, custom: CustomValues, text: string): LocalText | null {
  const said = custom[field.key] ?? null;
  if (field.type === 'choice' || field.type === 'choices') {
    const list = (Array.isArray(said) ? said : [said]).filter((one) => typeof one === 'string');
    const meant = list.filter((choice) => isNamed(field, choice, text));
    return meant.length === 0 ? null : inWords(field, meant);
  }
  const isThere =
    field.type === 'number'
      ? typeof said === 'number' && String(said).startsWith(digitsOf(text)?.replace('+', '') ?? '?')
      : typeof said === 'string' && nameMatches(said.slice(0, TEXT_MAX), text);
  return isThere ? { ko: String(said).slice(0, TEXT_MAX), en: String(said).slice(0, TEXT_MAX) } : null;
}

function inWords(field: CustomField, choices: readonly string[]): LocalText {
  const names = choices.map((choice) => choiceName(field, choice));
  const joined = (language: keyof LocalText) =>
    names
      .map((name) => name[language])
      .join(', ')
      .slice(0, TEXT_MAX);
  return { ko: joined('ko'), en: joined('en') };
}

/** What a condition is called. */
export function narrowName({ field, value }: Narrow): LocalText {
  return field.type === 'choice' || field.type === 'choices' ? choiceName(field, value) : { ko: value, en: value };
}

const OFFERED_EACH = 12;
const OFFERED = 20;

/** The conditions that somebody may mean who types this: choices by name, a whole field by its own, words for a text that was named. */
export function narrowsMeant(asked: OwnAsked, all: readonly CustomField[]): Narrow[] {
  const { fields, text, named } = asked;
  if (!named && text.trim() === '') return [];
  const byChoice = fields.flatMap((field) => offersOf(field, text, named));
  const byField = named
    ? []
    : all.filter((field) => isCalled(field, text)).flatMap((field) => offersOf(field, '', true));
  const offers = [...byChoice, ...byField];
  const isFirst = ({ field, value }: Narrow, at: number) =>
    offers.findIndex((one) => one.field.key === field.key && one.value === value) === at;
  return offers.filter(isFirst).slice(0, OFFERED);
}

function offersOf(field: CustomField, text: string, named: boolean): Narrow[] {
  const { type } = field;
  if (type === 'choice' || type === 'choices') {
    const meant = text.trim() === '' ? field.choices : choicesMeant(field, text);
    return meant.slice(0, OFFERED_EACH).map((value) => ({ field, value }));
  }
  if (!named || text.trim() === '') return [];
  if (type === 'text') return words(text).length > 0 ? [{ field, value: text.trim() }] : [];
  const digits = digitsOf(text);
  return digits === null ? [] : [{ field, value: String(Number(digits)) }];
}
