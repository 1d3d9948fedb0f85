import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { streamXlsxRows } from 'hucre/xlsx';
import { createCsvReader, type Line } from '../admin/csv.ts';
import { detectEncoding } from './encoding.ts';

/** A file that cannot be read as a table, in words for whoever named it. */
export class TableProblem extends Error {}

/** A table of texts, read line by line: the first line has the names of the columns. */
export interface TableFile {
  /** What it is, for people: "CSV, UTF-8", "Excel workbook". */
  kind: string;
  lines(): AsyncIterable<Line>;
}

const NAMES = { 'utf-8': 'UTF-8', 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16', 'euc-kr': 'Korean (CP949)' } as const;
const DELIMITERS = [',', '\t', ';'] as const;

/** Opens a CSV file or an Excel workbook by what is in it, whatever its name says. @throws TableProblem */
export async function openTable(path: string, sheet: string | null): Promise<TableFile> {
  const begin = firstBytes(path);
  if (begin.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) {
    return { kind: 'Excel workbook', lines: () => workbookLines(path, sheet) };
  }
  if (begin.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) {
    throw new TableProblem(
      `${path} is an old or an encrypted Excel file; save it as .xlsx without a password, or as CSV`,
    );
  }
  const found = await detectEncoding(path);
  if (found === null) {
    throw new TableProblem(
      `${path} is neither UTF-8 nor Korean (CP949) text nor an Excel workbook; save it as "CSV UTF-8"`,
    );
  }
  const broken = found.broken === 0 ? '' : `, with ${found.broken} characters that cannot be read`;
  return { kind: `CSV, ${NAMES[found.encoding]}${broken}`, lines: () => csvLines(path, found.encoding) };
}

function firstBytes(path: string): Buffer {
  const bytes = Buffer.alloc(8);
  try {
    const file = openSync(path, 'r');
    try {
      return bytes.subarray(0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    throw new TableProblem(`${path} cannot be read`);
  }
}

async function* csvLines(path: string, encoding: string): AsyncIterable<Line> {
  const decoder = new TextDecoder(encoding);
  let reader: ReturnType<typeof createCsvReader> | null = null;
  let head = '';
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      const text = decoder.decode(chunk, { stream: true });
      if (reader === null) head += text;
      if (reader === null && !/[\r\n]/.test(head)) continue;
      const begun: boolean = reader !== null;
      reader ??= createCsvReader(delimiterOf(head));
      yield* reader.feed(begun ? text : head);
    }
    const begun = reader !== null;
    reader ??= createCsvReader(delimiterOf(head));
    yield* reader.feed((begun ? '' : head) + decoder.decode(), true);
  } catch (error) {
    if (error instanceof SyntaxError) throw new TableProblem(`${path}: ${error.message}`);
    throw error;
  }
}

/** What parts the names of the first line. */
function delimiterOf(head: string): string {
  const line = head.split(/[\r\n]/, 1)[0] ?? '';
  const counts = DELIMITERS.map((one) => ({ one, n: line.split(one).length }));
  return counts.toSorted((a, b) => b.n - a.n)[0]?.one ?? ',';
}

/** Formulas give what was computed when the file was saved; nothing is computed here. */
async function* workbookLines(path: string, sheet: string | null): AsyncIterable<Line> {
  const bytes = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  try {
    for await (const { index, values } of streamXlsxRows(bytes, { sheet: sheet ?? 0 })) {
      yield { line: index + 1, cells: values.map(cellText) };
    }
  } catch (error) {
    throw new TableProblem(`${path}: ${error instanceof Error ? error.message : 'this is no Excel workbook'}`);
  }
}

function cellText(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return value === null || value === undefined ? '' : String(value);
}
