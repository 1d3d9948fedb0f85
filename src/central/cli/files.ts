import { readFileSync } from 'node:fs';
import { ADMIN_PAGE_MAX_ROWS, AdminList, AdminPageResponse } from '../../shared/central-admin-api.ts';
import type { CustomField } from '../../shared/customer.ts';
import { readCsv } from '../admin/csv.ts';
import { customersOfCsv } from '../admin/customers-csv.ts';
import type { AdminCall } from './client.ts';
import { CommandProblem } from './terminal.ts';

export function readFile(path: string | undefined): string {
  if (path === undefined) throw new CommandProblem('name a file');
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new CommandProblem(`${path} cannot be read`);
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
  const text = readFile(path);
  const fields = AdminList.parse(await call('GET', '/v1/admin/custom-fields')).items as unknown as CustomField[];
  const lines = readCsv(text);
  const rows = customersOfCsv(text, fields);
  return sendPages(
    rows,
    (i) => lines[i]?.line ?? 0,
    (page) => call('POST', '/v1/admin/customers', { customers: page }),
  );
}

export async function loadDoNotCall(call: AdminCall, path: string | undefined): Promise<string> {
  const loadedAt = new Date().toISOString();
  const lines = readCsv(readFile(path));
  const rows = lines.map(({ fields }) => ({
    phone: fields.phone ?? '',
    listedAt: fields.listedAt ? new Date(fields.listedAt).toISOString() : loadedAt,
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
