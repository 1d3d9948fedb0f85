import { readFileSync } from 'node:fs';
import { ADMIN_PAGE_MAX_ROWS, AdminList, AdminPageResponse } from '../../shared/central-admin-api.ts';
import type { CustomField } from '../../shared/customer.ts';
import { readCsv } from '../admin/csv.ts';
import { customersOfCsv } from '../admin/customers-csv.ts';
import type { AdminCall } from './client.ts';
import { CommandProblem } from './terminal.ts';

export function readFile(path: string | undefined): string {
  return readText(path).text;
}

/** A text file as spreadsheets write it: UTF-8, UTF-16 with its mark, or CP949, in which Korean Excel saves "CSV". */
function readText(path: string | undefined): { text: string; note: string } {
  if (path === undefined) throw new CommandProblem('name a file');
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new CommandProblem(`${path} cannot be read`);
  }
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  for (const [encoding, note] of [
    [utf16 ? 'utf-16le' : 'utf-8', ''],
    ['euc-kr', 'read as Korean (CP949)'],
  ] as const) {
    const text = decode(bytes, encoding);
    // No text has this character: it is binary, or another encoding still.
    if (text !== null && !text.includes('\0')) return { text, note };
  }
  throw new CommandProblem(`${path} is neither UTF-8 nor Korean (CP949) text; save it as "CSV UTF-8"`);
}

/** null where the bytes are not of this encoding: nothing is ever replaced silently. */
function decode(bytes: Buffer, encoding: 'utf-8' | 'utf-16le' | 'euc-kr'): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** 2026-11-01, 2026. 11. 1., 20261101, or an instant with its time. Without a time the day begins in UTC. */
function dateOf(text: string, line: number): string {
  const [, year, month, day] = /^(\d{4})[-./]?\s*(\d{1,2})[-./]?\s*(\d{1,2})\.?$/.exec(text) ?? [];
  const date = new Date(year === undefined ? text : `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  throw new CommandProblem(`line ${line}: listedAt "${text}" is no date; write 2026-11-01`);
}

/** Lines of a CSV file; what is wrong with it in words. */
function readLines(text: string, path: string | undefined): ReturnType<typeof readCsv> {
  try {
    return readCsv(text);
  } catch (error) {
    throw new CommandProblem(`${path}: ${error instanceof Error ? error.message : 'this is no CSV'}`);
  }
}

/** Sends pages and gathers what was not taken, by line of the file. */
async function sendPages<T>(
  rows: T[],
  lineOf: (index: number) => number,
  send: (page: T[], last: boolean) => Promise<unknown>,
) {
  let changed = 0;
  let unchanged = 0;
  const problems: string[] = [];
  for (let from = 0; from < rows.length; from += ADMIN_PAGE_MAX_ROWS) {
    const page = rows.slice(from, from + ADMIN_PAGE_MAX_ROWS);
    const answer = AdminPageResponse.parse(await send(page, from + page.length >= rows.length));
    changed += answer.changed;
    unchanged += answer.unchanged;
    problems.push(...answer.errors.map((e) => `line ${lineOf(from + e.index)}: ${e.code} ${e.detail}`));
  }
  const counts = `${changed} new or changed, ${unchanged} unchanged, ${problems.length} not taken`;
  return [...problems, counts].join('\n');
}

export async function loadCustomers(call: AdminCall, path: string | undefined): Promise<string> {
  const { text, note } = readText(path);
  const fields = AdminList.parse(await call('GET', '/v1/admin/custom-fields')).items as unknown as CustomField[];
  const lines = readLines(text, path);
  const rows = customersOfCsv(text, fields);
  const done = await sendPages(
    rows,
    (i) => lines[i]?.line ?? 0,
    (page) => call('POST', '/v1/admin/customers', { customers: page }),
  );
  return note === '' ? done : `${done}\n${note}`;
}

export async function loadDoNotCall(call: AdminCall, path: string | undefined): Promise<string> {
  const loadedAt = new Date().toISOString();
  const lines = readLines(readFile(path), path);
  const rows = lines.map(({ line, fields }) => ({
    phone: fields.phone ?? '',
    listedAt: fields.listedAt ? dateOf(fields.listedAt, line) : loadedAt,
  }));
  if (rows.length === 0) throw new CommandProblem('no line with a number; the head line is: phone,listedAt');
  return sendPages(
    rows,
    (i) => lines[i]?.line ?? 0,
    (numbers, last) => call('POST', '/v1/admin/do-not-call', { loadedAt, numbers, last }),
  );
}

export function parseJson(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Falls through to the same words.
  }
  throw new CommandProblem('the file is no JSON object');
}
