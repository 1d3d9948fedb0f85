import {
  ADMIN_PAGE_MAX_ROWS,
  AdminImportPage,
  AdminList,
  type ImportRowError,
} from '../../shared/central-admin-api.ts';
import { AdminBusiness } from '../../shared/central-api.ts';
import { CustomField, fieldsOf } from '../../shared/customer.ts';
import { type BadRows, createBadRows, maskCell } from '../import/bad-rows.ts';
import { type RowReader, readRow } from '../import/cell-values.ts';
import { mapColumns, readMap } from '../import/columns.ts';
import type { TableFile } from '../import/table-file.ts';
import type { AdminCall } from './client.ts';
import { CommandProblem } from './terminal.ts';

const EXAMPLES = 3;
/** A line of progress so often where nobody looks at a terminal. */
const TELL_EVERY = 100_000;

interface Row {
  row: number;
  cells: string[];
  customer: Record<string, unknown>;
}
/** What was found in a file. */
export interface Read {
  kind: string;
  columns: RowReader['columns'];
  examples: string[][];
  lines: number;
  repeated: number;
  bad: BadRows;
}

/** Says how far it is, on stderr: at a terminal always, elsewhere now and then. `before`: how far it was when it was said last. */
export function tell(words: string, n: number, before: number): void {
  const crossed = Math.floor(n / TELL_EVERY) > Math.floor(before / TELL_EVERY);
  if (process.stderr.isTTY) process.stderr.write(`\r${n.toLocaleString('en')} ${words}`);
  else if (crossed) process.stderr.write(`${n.toLocaleString('en')} ${words}\n`);
}

export function tellEnd(): void {
  if (process.stderr.isTTY) process.stderr.write('\n');
}

/** What is asked of the centre before a line is read. */
async function readerOf(call: AdminCall, head: string[], map: string | null): Promise<RowReader> {
  const fields = AdminList.parse(await call('GET', '/v1/admin/custom-fields')).items.map((one) =>
    CustomField.parse(one),
  );
  const own = fieldsOf(fields, 'customer');
  const business = AdminBusiness.parse(AdminList.parse(await call('GET', '/v1/admin/business')).items[0]);
  const said = map === null ? new Map<string, string | null>() : readMap(map);
  if (said === null) throw new CommandProblem('--map is COLUMN=FIELD,COLUMN=FIELD; COLUMN=- leaves a column out');
  const columns = mapColumns(head, own, said);
  if (typeof columns === 'string') throw new CommandProblem(columns);
  return { columns, own, country: business.policy.country };
}

/** Sends a page; what the centre does not take goes to the bad rows. @returns how many only repeat an earlier row. */
async function sendPage(call: AdminCall, importPath: string, page: Row[], { bad, columns }: Read): Promise<number> {
  if (page.length === 0) return 0;
  const rows = page.map(({ row, customer }) => ({ row, customer }));
  const { errors, repeated } = AdminImportPage.parse(await call('POST', `${importPath}/rows`, { rows }));
  const cellsOf = new Map(page.map(({ row, cells }) => [row, cells]));
  for (const error of errors) {
    const cells = cellsOf.get(error.row) ?? [];
    const field =
      error.code === 'NUMBER_TWICE' ? 'customerNumber' : (/^(custom\.\w+|\w+)/.exec(error.detail)?.[1] ?? '');
    const at = columns.findIndex((column) => column.field === (field === 'phones' ? 'phone' : field));
    const column = columns[at]?.name ?? '';
    bad.add(error.row, cells, [{ column, value: cells[at] ?? '', reason: reasonOf(error) }]);
  }
  return repeated;
}

function reasonOf({ code, detail, firstRow }: ImportRowError): string {
  return code === 'NUMBER_TWICE' ? `row ${firstRow} has the same number, and says something else` : detail;
}

/** Sends pages one after the other; while one is on its way the next is gathered. */
function createPages(call: AdminCall, importPath: string, read: Read) {
  let page: Row[] = [];
  let underWay: Promise<number> = Promise.resolve(0);
  const send = async () => {
    const full = page;
    page = [];
    read.repeated += await underWay;
    underWay = sendPage(call, importPath, full, read);
    // Awaited with the next page; until then nobody looks at its failure.
    underWay.catch(() => {});
  };
  return {
    add: async (row: Row) => {
      page.push(row);
      if (page.length >= ADMIN_PAGE_MAX_ROWS) await send();
    },
    end: async () => {
      await send();
      read.repeated += await underWay;
    },
  };
}

/** Reads the file to its end and sends what can be taken. @throws CommandProblem where its columns are not understood. */
export async function sendFile(
  call: AdminCall,
  importPath: string,
  table: TableFile,
  options: { map: string | null; badPath: string },
): Promise<Read> {
  let under: { reader: RowReader; read: Read; pages: ReturnType<typeof createPages> } | null = null;
  for await (const { line, cells } of table.lines()) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (under === null) {
      const reader = await readerOf(call, cells, options.map);
      const { columns } = reader;
      const bad = createBadRows(options.badPath, columns);
      const read = { kind: table.kind, columns, examples: [], lines: 0, repeated: 0, bad };
      under = { reader, read, pages: createPages(call, importPath, read) };
      continue;
    }
    const { reader, read, pages } = under;
    read.lines += 1;
    if (read.examples.length < EXAMPLES) read.examples.push(cells);
    const row = readRow(reader, cells);
    if ('bad' in row) read.bad.add(line, cells, row.bad);
    else await pages.add({ row: line, cells, customer: row.customer });
    if (read.lines % ADMIN_PAGE_MAX_ROWS === 0) tell('rows read', read.lines, read.lines - ADMIN_PAGE_MAX_ROWS);
  }
  if (under === null) throw new CommandProblem('the file has no line; the first one has the names of the columns');
  await under.pages.end();
  tellEnd();
  return under.read;
}

/** What the file is and what its columns become, with the first rows, masked. */
export function preview({ kind, columns, examples, lines }: Read): string[] {
  const shown = columns.map(({ name, field }, i) => {
    const values = examples.map((cells) => maskCell((cells[i] ?? '').trim(), field)).join(' | ');
    return `  ${name || '(no name)'} -> ${field ?? 'left out'}: ${values}`;
  });
  return [`${kind}, ${lines.toLocaleString('en')} rows`, ...shown];
}
