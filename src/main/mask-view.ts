import type { ContactPoint } from '../shared/contact-point.ts';
import {
  type ContestedField,
  type Customer,
  type CustomField,
  type CustomValues,
  fieldsOf,
  isSensitive,
} from '../shared/customer.ts';
import type { CallReason, TimelineEntry } from '../shared/customer-360.ts';
import { saysNothing } from '../shared/customer-edit.ts';
import type { HistoryLine } from '../shared/history.ts';
import type { Interaction } from '../shared/interaction.ts';
import {
  MASKED,
  maskAddress,
  maskBirthday,
  maskEmail,
  maskFileName,
  maskName,
  maskPhone,
  maskText,
} from '../shared/masking.ts';
import type { WrittenMessage } from '../shared/message.ts';
import type { CustomerRows } from './customer-rows.ts';
import { excerptOf, toBeMasked } from './excerpt.ts';

type Named = Pick<Customer, 'kind' | 'name'>;

/** The name as screens may show it. A company's name is no personal data. */
export function shownName(customer: Named): string {
  return customer.kind === 'company' ? customer.name : maskName(customer.name);
}

function maskContactPoint(point: ContactPoint, mask: (phone: string) => string): ContactPoint {
  switch (point.kind) {
    case 'phone':
      // E.164 and last8 are what a lookup uses; a screen has no use for them.
      return { ...point, value: mask(point.e164 ?? point.value), e164: null, last8: null };
    case 'email':
      return { ...point, value: maskEmail(point.value) };
    case 'address':
      return { ...point, value: maskAddress(point.value) };
  }
}

/** Values of fields that are sensitive, and of keys that no field describes. */
function maskCustom(
  custom: CustomValues,
  { customFields }: Pick<CustomerRows, 'customFields'>,
  entity: CustomField['entity'] = 'customer',
): CustomValues {
  const shown = fieldsOf(customFields, entity).filter((field) => !isSensitive(field));
  const open = new Set(shown.map((field) => field.key));
  return Object.fromEntries(
    Object.entries(custom).map(([key, value]) => [key, open.has(key) || saysNothing(value) ? value : MASKED]),
  );
}

/** The other values of a field are hidden as the field is. */
function maskContested(rows: CustomerRows): ContestedField[] {
  const { customer } = rows;
  return (customer.contested ?? []).map((one) => {
    const { field, value } = one;
    if (field === 'name') return { ...one, value: shownName({ ...customer, name: String(value) }) };
    if (field === 'birthday') return { ...one, value: typeof value === 'string' ? maskBirthday(value) : value };
    if (!field.startsWith('custom.')) return one;
    const key = field.slice('custom.'.length);
    const masked = maskCustom({ [key]: value }, rows);
    return { ...one, value: masked[key] ?? null };
  });
}

/** What people wrote, among the data of a reason (call-reasons.ts). */
const TEXTS_OF_REASONS = new Set(['what', 'subject']);

/** Subjects and promises are said again in the reasons of a call. */
export function maskReasons(reasons: readonly CallReason[], country: string): CallReason[] {
  return reasons.map((reason) => ({
    ...reason,
    data: Object.fromEntries(
      Object.entries(reason.data).map(([key, value]) => [
        key,
        TEXTS_OF_REASONS.has(key) && typeof value === 'string' ? maskText(value, country) : value,
      ]),
    ),
  }));
}

/** Notes are where numbers that a customer dictated end up. */
function maskNote<T extends { text: string }>(note: T, country: string): T {
  return { ...note, text: maskText(note.text, country) };
}

/**
 * The words of a mail are masked as a note's are: numbers that people write end up there. What was filled into the fields of a form is
 * hidden whole: nobody knows what a form asks. `customer`: whose it is, null where nobody knows.
 */
export function maskMessage(row: Interaction, customer: Named | null, country: string): Interaction {
  const { subject, message } = row;
  return {
    ...row,
    subject: subject && maskText(subject, country),
    ...(message ? { message: maskWords(message, customer, country) } : {}),
  };
}

function maskWords(message: WrittenMessage, customer: Named | null, country: string): WrittenMessage {
  const { address, text, name, phone, fields, attachments } = message;
  const people = [...(customer?.kind === 'person' ? [customer.name] : []), ...(name ? [name] : [])];
  return {
    ...message,
    // How a service names somebody says nothing to a person.
    address: address?.includes('@') ? maskEmail(address) : null,
    text: maskText(text, country),
    ...(name ? { name: maskName(name) } : {}),
    ...(phone ? { phone: maskPhone(phone, country) } : {}),
    ...(fields
      ? { fields: fields.map(({ name, value }) => ({ name: maskText(name, country), value: value && MASKED })) }
      : {}),
    ...(attachments
      ? { attachments: attachments.map((one) => ({ ...one, name: maskFileName(one.name, people, country) })) }
      : {}),
  };
}

/** How a customer's rows are masked: by whose they are, and once for each number. */
interface Mask {
  customer: Named | null;
  phone: (phone: string) => string;
  country: string;
}

function maskEntry(entry: TimelineEntry, { customer, phone: maskOnce, country }: Mask): TimelineEntry {
  const { phone, subject } = entry.interaction;
  const masked = { phone: phone && maskOnce(phone), subject: subject && maskText(subject, country) };
  return {
    ...entry,
    interaction: {
      ...(entry.interaction.message ? maskMessage(entry.interaction, customer, country) : entry.interaction),
      ...masked,
    },
    notes: entry.notes.map((note) => maskNote(note, country)),
  };
}

/** Lines of a history, as screens may show them. */
export function historyMask(customer: Named | null, country: string): (line: HistoryLine) => HistoryLine {
  const mask = { customer, phone: onceEach((phone) => maskPhone(phone, country)), country };
  return (line) =>
    line.kind === 'note'
      ? { ...line, note: maskNote(line.note, country) }
      : { ...line, entry: maskEntry(line.entry, mask) };
}

/** A history names the same one or two numbers again and again, and reading a number is the dear part. */
function onceEach(mask: (phone: string) => string): (phone: string) => string {
  const masked = new Map<string, string>();
  return (phone) => {
    const known = masked.get(phone);
    if (known !== undefined) return known;
    const made = mask(phone);
    masked.set(phone, made);
    return made;
  };
}

/** The one place where a customer's rows are masked on their way to a screen. */
export function maskRows(rows: CustomerRows, country: string): CustomerRows {
  const maskOnce = onceEach((phone) => maskPhone(phone, country));
  const mask = { customer: rows.customer, phone: maskOnce, country };
  return {
    ...rows,
    customer: {
      ...rows.customer,
      name: shownName(rows.customer),
      birthday: rows.customer.birthday === null ? null : maskBirthday(rows.customer.birthday),
      custom: maskCustom(rows.customer.custom, rows),
      ...(rows.customer.contested ? { contested: maskContested(rows) } : {}),
    },
    cases: rows.cases.map((one) => ({
      ...one,
      subject: maskText(one.subject, country),
      ...(one.custom ? { custom: maskCustom(one.custom, rows, 'case') } : {}),
    })),
    promises: rows.promises.map((one) => ({ ...one, what: maskText(one.what, country) })),
    contactPoints: rows.contactPoints.map((point) => maskContactPoint(point, maskOnce)),
    timeline: rows.timeline.map((entry) => {
      const masked = maskEntry({ ...entry, interaction: toBeMasked(entry.interaction) }, mask);
      return { ...masked, interaction: excerptOf(masked.interaction) };
    }),
    looseNotes: rows.looseNotes.map((note) => maskNote(note, country)),
  };
}
