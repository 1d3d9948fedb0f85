import type { CustomField } from '../../shared/customer.ts';

/** What a column may become, beside `custom.<key>` for the business's own fields. */
const BUILT_IN: readonly string[] = [
  ...['customerNumber', 'name', 'kind', 'language', 'tier', 'birthday', 'customerSince', 'phone', 'email', 'address'],
];

/** What the first lines of such files say, in Korean and English, without spaces and signs. */
const SYNONYMS: Record<string, string> = {
  ...of(
    'customerNumber',
    '고객번호 회원번호 고객코드 고객id 회원id customernumber customerno customerid memberno memberid',
  ),
  ...of('name', '이름 성명 고객명 고객이름 회원명 성함 상호 회사명 업체명 name fullname customername'),
  ...of(
    'phone',
    '전화 전화번호 휴대폰 휴대폰번호 휴대전화 휴대전화번호 핸드폰 핸드폰번호 연락처 집전화 자택전화 회사전화 직장전화',
  ),
  ...of('phone', 'phone phonenumber mobile mobilephone mobilenumber cell cellphone tel telephone'),
  ...of('email', '이메일 이메일주소 메일 전자우편 email emailaddress mail'),
  ...of('address', '주소 집주소 자택주소 도로명주소 address'),
  ...of('kind', '구분 고객구분 고객유형 kind customertype'),
  ...of('language', '언어 사용언어 language lang'),
  ...of('tier', '등급 고객등급 회원등급 tier grade'),
  ...of('birthday', '생일 생년월일 birthday birthdate dateofbirth dob'),
  ...of('customerSince', '가입일 가입일자 가입날짜 고객등록일 customersince joined joindate'),
};
/** Only these may stand in several columns. */
const SEVERAL = new Set(['phone']);
/** Columns that a file of bad rows has beside its own: left out when it comes back. */
export const NOTE_COLUMN = /^dangol\.(row|reason)$/;

function of(field: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, field]));
}

const plain = (name: string) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]/gu, '');

export interface Column {
  /** As the file names it. */
  name: string;
  /** A built-in field, `custom.<key>`, or null: left out. */
  field: string | null;
}

/** "고객명=name,비고=-": which column becomes what; `-` leaves it out. null where it cannot be read. */
export function readMap(text: string): Map<string, string | null> | null {
  const map = new Map<string, string | null>();
  for (const part of text.split(',')) {
    const at = part.lastIndexOf('=');
    if (at < 1) return null;
    const field = part.slice(at + 1).trim();
    map.set(part.slice(0, at).trim(), field === '-' ? null : field);
  }
  return map;
}

/**
 * What each column becomes: as `map` says, else by the name of a field, by the key or a label of an own field, or by what such
 * columns are usually called.
 * @returns the columns, or what is wrong in words.
 */
export function mapColumns(
  head: readonly string[],
  own: readonly CustomField[],
  map: ReadonlyMap<string, string | null>,
): Column[] | string {
  const names = head.map((name) => name.trim());
  const missing = [...map.keys()].find((name) => !names.includes(name));
  if (missing !== undefined) return `--map: there is no column "${missing}"; the file has: ${names.join(', ')}`;
  const columns = names.map((name) => ({ name, field: map.has(name) ? (map.get(name) ?? null) : fieldOf(name, own) }));
  const isField = (field: string) => BUILT_IN.includes(field) || own.some(({ key }) => field === `custom.${key}`);
  const wrong = columns.find(({ field }) => field !== null && field !== undefined && !isField(field));
  if (wrong) return `--map: there is no field "${wrong.field}"; there are: ${fieldNames(own)}`;
  const unknown = columns.filter(({ field }) => field === undefined).map(({ name }) => name);
  if (unknown.length > 0) {
    const example = unknown.map((name) => `${name}=-`).join(',');
    return `these columns are of no field: ${unknown.join(', ')}. Name their fields, or leave them out with --map "${example}"; fields: ${fieldNames(own)}`;
  }
  return fits(columns.map(({ name, field }) => ({ name, field: field ?? null })));
}

const fieldNames = (own: readonly CustomField[]) => [...BUILT_IN, ...own.map(({ key }) => `custom.${key}`)].join(', ');

/** undefined: nothing is known by that name. null: a note of ours, or a column without name. */
function fieldOf(name: string, own: readonly CustomField[]): string | null | undefined {
  if (name === '' || NOTE_COLUMN.test(name)) return null;
  if (BUILT_IN.includes(name)) return name;
  const key = own.find((field) => name === `custom.${field.key}` || name === field.key)?.key;
  const wanted = plain(name);
  const labelled = own.find(({ label }) => wanted !== '' && [plain(label.ko), plain(label.en)].includes(wanted))?.key;
  const mine = key ?? labelled;
  if (mine !== undefined) return `custom.${mine}`;
  return SYNONYMS[wanted] ?? SYNONYMS[wanted.replace(/\d+$/, '')];
}

function fits(columns: Column[]): Column[] | string {
  for (const field of ['customerNumber', 'name']) {
    if (!columns.some((column) => column.field === field)) {
      return `no column is the ${field}; say which with --map "COLUMN=${field}"`;
    }
  }
  const twice = columns.find(
    ({ field }, i) =>
      field !== null && !SEVERAL.has(field) && columns.findIndex((column) => column.field === field) !== i,
  );
  return twice ? `two columns are ${twice.field}; leave one out with --map "${twice.name}=-"` : columns;
}
