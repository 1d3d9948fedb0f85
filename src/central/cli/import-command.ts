import { AdminImport } from '../../shared/central-admin-api.ts';
import { newId } from '../../shared/ids.ts';
import { openTable, TableProblem } from '../import/table-file.ts';
import type { AdminCall } from './client.ts';
import { type Command, maybe } from './command-options.ts';
import { preview, sendFile, tell, tellEnd } from './import-file.ts';
import { CommandProblem } from './terminal.ts';

const LOOK_MS = 500;

/** Waits until all of it is written. */
async function commit(call: AdminCall, importPath: string): Promise<AdminImport> {
  let now = AdminImport.parse(await call('POST', `${importPath}/commit`));
  let told = 0;
  while (now.state === 'writing') {
    tell(`of ${now.rows.toLocaleString('en')} written`, now.written, told);
    told = now.written;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    now = AdminImport.parse(await call('GET', importPath));
  }
  tellEnd();
  if (now.state === 'done') return now;
  throw new CommandProblem('the centre could not write them; nothing was imported, import the file again');
}

interface How {
  sheet: string | null;
  map: string | null;
  badPath: string;
  dryRun: boolean;
  skipBad: boolean;
}

/** What was read, what is wrong with it and what it would do; null for `problem`: it may be written. */
async function prepare(call: AdminCall, importPath: string, path: string, how: How) {
  const read = await sendFile(call, importPath, await openTable(path, how.sheet), how);
  const { rows, known } = AdminImport.parse(await call('GET', importPath));
  const repeated = read.repeated > 0 ? [`${read.repeated} rows only repeat an earlier one`] : [];
  const counts = `${rows - (known ?? 0)} new customers, ${known ?? 0} known by their number`;
  const report = [...preview(read), ...repeated, ...read.bad.close()];
  return { report, counts, isWhole: read.bad.count() === 0 };
}

async function importFile(call: AdminCall, path: string | undefined, how: How): Promise<string> {
  if (path === undefined) throw new CommandProblem('name a file');
  const importPath = `/v1/admin/imports/${newId()}`;
  await call('PUT', importPath);
  let done = false;
  try {
    const { report, counts, isWhole } = await prepare(call, importPath, path, how);
    if (how.dryRun) return [...report, `${counts}; dry run: nothing was imported`].join('\n');
    if (!isWhole && !how.skipBad) {
      const next = `${counts}; nothing was imported: mend the file, or import the rest with --skip-bad`;
      throw new CommandProblem([...report, next].join('\n'));
    }
    const { changed, unchanged, contactPoints } = await commit(call, importPath);
    done = true;
    const end = `${changed} customers new or changed, ${unchanged} unchanged, ${contactPoints} numbers and addresses new or changed`;
    return [...report, end].join('\n');
  } finally {
    if (!done) await call('DELETE', importPath).catch(() => {});
  }
}

export const IMPORT_COMMAND: Command = {
  usage:
    'import FILE.csv|FILE.xlsx [--dry-run] [--map "COLUMN=FIELD,COLUMN=-"] [--sheet NAME] [--bad FILE.csv] [--skip-bad]',
  about:
    'customers from a file, all of them or none; columns by name (이름, 전화, email, own fields …); --dry-run shows what would happen; bad rows go to a file',
  options: { 'dry-run': 'switch', map: 'text', sheet: 'text', bad: 'text', 'skip-bad': 'switch' },
  run: async (call, options, [path]) => {
    const badPath = maybe(options, 'bad') ?? `${path}.bad.csv`;
    const how = { dryRun: options['dry-run'] === true, skipBad: options['skip-bad'] === true };
    try {
      return await importFile(call, path, {
        sheet: maybe(options, 'sheet'),
        map: maybe(options, 'map'),
        badPath,
        ...how,
      });
    } catch (error) {
      throw error instanceof TableProblem ? new CommandProblem(error.message) : error;
    }
  },
};
