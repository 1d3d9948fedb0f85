import type { CustomField, FieldValue } from '../../shared/customer.ts';
import { fitsOwnField } from '../../shared/customer-edit.ts';
import { readPhoneNumber } from '../../shared/phone-number.ts';
import { Day } from '../../shared/text.ts';
import { choiceOf, choicesIn } from './choices.ts';
import { type Column, NOTE_COLUMN } from './columns.ts';

/** A cell that says nothing its field can hold. */
export interface BadCell {
  /** Of the column, as the file names it. */
  column: string;
  value: string;
  reason: string;
}
export type ReadRow = { customer: Record<string, unknown> } | { bad: BadCell[] };

const WORDS: Record<string, Record<string, string>> = {
  kind: {
    ...of('person', '개인 개인고객 person individual'),
    ...of('company', '법인 기업 회사 사업자 company business'),
  },
  language: { ...of('ko', '한국어 국어 한글 korean ko kr'), ...of('en', '영어 english en') },
  tier: {
    ...of('basic', '일반 기본 브론즈 basic normal'),
    ...of('silver', '실버 silver'),
    ...of('gold', '골드 gold'),
    ...of('vip', 'vip vvip'),
  },
};

function of(value: string, words: string): Record<string, string> {
  return Object.fromEntries(words.split(' ').map((word) => [word, value]));
}

/** In front of what a spreadsheet would compute, in a file of bad rows: that it is text. It is not part of the value. */
const TEXT_MARK = /^'(?=[=+\-@\t\r'])/;

const DAY = /^(\d{4})(?:[-./]\s*|년\s*)(\d{1,2})(?:[-./]\s*|월\s*)(\d{1,2})[.일]?(?:[T ]0?0:00(?::00(?:\.0+)?Z?)?)?$/;
const BARE_DAY = /^(\d{4})(\d{2})(\d{2})$/;

/** 2026-11-01, 2026. 11. 1., 2026/11/1, 20261101, 2026년 11월 1일. null: no day. */
function dayOf(text: string): string | null {
  const [, year, month = '', day = ''] = DAY.exec(text) ?? BARE_DAY.exec(text) ?? [];
  const found = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return Day.safeParse(found).success ? found : null;
}

/** 1,200 and ₩1,200 and 1200원; null: no number. */
function numberOf(text: string): number | null {
  const bare = text.normalize('NFKC').replaceAll(/[\s₩￦]|원$/g, '');
  if (!/^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$/.test(bare)) return null;
  const number = Number(bare.replaceAll(',', ''));
  return Number.isFinite(number) && (Number.isSafeInteger(number) || bare.includes('.')) ? number : null;
}

const YES = /^(true|yes|y|1|o|예|네|있음)$/i;
const NO = /^(false|no|n|0|x|아니오|아니요|없음)$/i;

/** A value of an own field, or undefined where the text is none. */
function ownValue(text: string, field: CustomField): FieldValue | undefined {
  if (field.type === 'number' || field.type === 'money') return numberOf(text) ?? undefined;
  if (field.type === 'boolean') return YES.test(text) ? true : NO.test(text) ? false : undefined;
  if (field.type === 'date') return dayOf(text) ?? undefined;
  if (field.type === 'choices') return choicesIn(text, field).list ?? undefined;
  const value = field.type === 'choice' ? choiceOf(text, field) : text;
  return value !== undefined && fitsOwnField(field, value) ? value : undefined;
}

/** A phone number as it is stored. A spreadsheet that took 010… for a number has left its first zero out. */
function phoneOf(text: string, country: string): string | undefined {
  const whole = country === 'KR' && /^1[016789]\d{7,8}$/.test(text) ? `0${text}` : text;
  const { e164, last8 } = readPhoneNumber(whole, country);
  return whole.length <= 64 && (e164 !== null || last8 !== null) ? whole : undefined;
}

export interface RowReader {
  columns: readonly Column[];
  own: readonly CustomField[];
  country: string;
}

/** One line as POST /v1/admin/imports/:id/rows takes it, or every cell that is wrong. Empty cells say nothing. */
export function readRow({ columns, own, country }: RowReader, cells: readonly string[]): ReadRow {
  const bad: BadCell[] = [];
  const phones: string[] = [];
  const custom: Record<string, FieldValue> = {};
  const plain: Record<string, unknown> = {};
  const isMended = columns.some(({ name }) => NOTE_COLUMN.test(name));
  for (const [i, { name, field }] of columns.entries()) {
    const cell = (cells[i] ?? '').trim();
    const text = isMended ? cell.replace(TEXT_MARK, '') : cell;
    if (field === null || text === '') continue;
    const no = (reason: string) => bad.push({ column: name, value: text, reason });
    if (text.includes('\uFFFD')) no('a character that cannot be read');
    else if (/^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!)$/.test(text)) no('an error of the spreadsheet');
    else if (field === 'phone') {
      const phone = phoneOf(text, country);
      if (phone === undefined) no('not a phone number');
      else if (!phones.includes(phone)) phones.push(phone);
    } else if (field.startsWith('custom.')) {
      const key = field.slice('custom.'.length);
      const of = own.find((one) => one.key === key);
      const value = of && ownValue(text, of);
      if (value === undefined) no(notOf(of, text));
      else custom[key] = value;
    } else {
      const value = builtIn(field, text);
      if (value === undefined) no(`not a ${field}`);
      else plain[field] = value;
    }
  }
  const more = cells.slice(columns.length).find((cell) => cell.trim() !== '');
  if (more !== undefined) bad.push({ column: '', value: more, reason: 'more cells than the first line has columns' });
  const missing = columns.filter(({ field }, i) => REQUIRED.has(field ?? '') && (cells[i] ?? '').trim() === '');
  bad.push(...missing.map(({ name }) => ({ column: name, value: '', reason: 'missing' })));
  return bad.length > 0 ? { bad } : { customer: { ...plain, phones, custom } };
}

const REQUIRED = new Set(['customerNumber', 'name']);
const LONGEST: Record<string, number> = { customerNumber: 40, name: 200, email: 300, address: 300 };

function builtIn(field: string, text: string): string | undefined {
  const words = WORDS[field];
  if (words) return words[text.toLowerCase()];
  if (field === 'birthday' || field === 'customerSince') return dayOf(text) ?? undefined;
  if (field === 'email' && !/^[^\s@]+@[^\s@]+$/.test(text)) return undefined;
  return text.length <= (LONGEST[field] ?? 0) ? text : undefined;
}

function notOf(field: CustomField | undefined, text: string): string {
  // The part is numbered and not named: reasons are shown at a terminal.
  if (field?.type === 'choices')
    return `part ${choicesIn(text, field).bad} of it is none of its choices: ${field.choices.slice(0, 10).join(', ')}`;
  if (field?.type === 'choice') return `none of its choices: ${field.choices.slice(0, 10).join(', ')}`;
  return field?.type === 'text' ? 'longer than 2000 characters' : `not a ${field?.type ?? 'field'}`;
}
