import { FORM_ROLES, type FormFields, type FormRole } from '../../shared/message-source.ts';

/** A field's name and what was written there. */
export type FormEntry = [string, string];

/** How forms usually name their fields, small and without spaces and signs. The business can say otherwise. */
const USUAL: Record<FormRole, readonly string[]> = {
  name: [
    'name',
    'fullname',
    'yourname',
    'username',
    '이름',
    '성함',
    '성명',
    '고객명',
    '이름성함',
    '신청자',
    '신청자명',
  ],
  phone: [
    ...['phone', 'tel', 'telephone', 'mobile', 'phonenumber', 'cellphone', 'yourphone', 'hp'],
    ...['전화', '전화번호', '휴대폰', '휴대폰번호', '휴대전화', '휴대전화번호', '핸드폰', '핸드폰번호', '연락처'],
  ],
  email: ['email', 'mail', 'emailaddress', 'youremail', '이메일', '메일', '이메일주소', '메일주소', '전자우편'],
  subject: ['subject', 'title', 'yoursubject', '제목', '문의제목'],
  text: [
    ...['text', 'message', 'content', 'contents', 'body', 'comment', 'comments', 'inquiry', 'question', 'yourmessage'],
    ...['내용', '문의내용', '문의', '문의사항', '메시지', '상담내용', '요청사항'],
  ],
};

export const isEmail = (text: string) => /^[^\s@]{1,64}@[^\s@]{1,250}$/.test(text.trim());

const small = (name: string) => name.toLowerCase().replace(/[\s_\-[\]()*:]/g, '');

export interface ReadForm extends Record<FormRole, string> {
  id: string | null;
  /** Every other field that was filled in. */
  rest: FormEntry[];
}

const PHONE_MAX = 64;

/** Which field is what. A number or an address that is none stays among the rest: nothing that was written is lost. */
export function readForm(fields: FormFields, entries: readonly FormEntry[]): ReadForm {
  const all = joined(entries);
  const taken = new Set<string>();
  const take = (role: FormRole): string => {
    const entry = findField(fields, role, all);
    if (!entry || taken.has(entry[0])) return '';
    const [name, value] = entry;
    if (role === 'email' && !isEmail(value)) return '';
    if (role === 'phone' && (value.trim().length > PHONE_MAX || !/\d/.test(value))) return '';
    taken.add(name);
    return value;
  };
  const read = Object.fromEntries(FORM_ROLES.map((role) => [role, take(role)])) as Record<FormRole, string>;
  const id = all.find(([name]) => name === 'id')?.[1] ?? null;
  return { ...read, id, rest: all.filter(([name]) => name !== 'id' && !taken.has(name)) };
}

function findField(fields: FormFields, role: FormRole, all: readonly FormEntry[]): FormEntry | undefined {
  const said = fields[role];
  if (said === null) return undefined;
  if (said !== undefined) return all.find(([name]) => name.trim() === said);
  return all.find(([name]) => USUAL[role].includes(small(name)));
}

/** What was ticked several times under one name is one field. */
function joined(entries: readonly FormEntry[]): FormEntry[] {
  const values = new Map<string, string[]>();
  for (const [name, value] of entries) {
    const there = values.get(name);
    if (there) there.push(value);
    else values.set(name, [value]);
  }
  return [...values].map(([name, all]) => [name, all.filter((value) => value !== '').join(', ')]);
}
