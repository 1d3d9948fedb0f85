import { writeFileSync } from 'node:fs';
import { ScriptContent } from '../../shared/script.ts';
import {
  type ScriptFaultOnWire,
  ScriptHead,
  ScriptSaved,
  ScriptShelf,
  ScriptVersion,
} from '../../shared/script-authoring.ts';
import type { AdminCall } from './client.ts';
import type { Command, Options } from './command-options.ts';
import { maybe } from './command-options.ts';
import { parseJson, readFile } from './files.ts';
import { CommandProblem, table } from './terminal.ts';

const readShelf = async (call: AdminCall) => ScriptShelf.parse(await call('GET', '/v1/scripts')).scripts;

async function headOf(call: AdminCall, code: string | undefined): Promise<ScriptHead> {
  const head = (await readShelf(call)).find((one) => one.code === code);
  if (!head) throw new CommandProblem(`no script ${code ?? ''}; \`script list\` shows what there is`);
  return head;
}

/** What is wrong, a line each: the code, the step, what it names. */
const inLines = (faults: readonly ScriptFaultOnWire[]) =>
  faults.map(({ code, stepId, detail }) => `  ${[code, stepId ?? '-', detail].join(' ').trim()}`);

async function importFile(call: AdminCall, path: string | undefined, publish: boolean): Promise<string> {
  const parsed = ScriptContent.safeParse(parseJson(readFile(path)));
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    throw new CommandProblem(`${path}: ${first?.path.join('.') || 'the file'}: ${first?.message ?? 'no script'}`);
  }
  const content = parsed.data;
  const known = (await readShelf(call)).find(({ code }) => code === content.code);
  const body = { content, seen: known?.latest.number ?? null };
  const { number, faults } = ScriptSaved.parse(await call('PUT', '/v1/scripts', body));
  const kept = `${content.code}: version ${number}`;
  if (faults.length > 0) return [`${kept} is kept and cannot be published:`, ...inLines(faults)].join('\n');
  if (!publish) return `${kept} is kept, without a fault; \`script publish ${content.code}\` gives it to the desks`;
  await call('POST', `/v1/scripts/${content.code}/publish`, { number, seen: number });
  return `${kept} is published`;
}

async function exportScript(call: AdminCall, code: string | undefined, options: Options): Promise<string> {
  const head = await headOf(call, code);
  const number = Number(maybe(options, 'version') ?? head.published ?? head.latest.number);
  const version = ScriptVersion.parse(await call('GET', `/v1/scripts/${head.code}/versions/${number}`));
  const text = `${JSON.stringify(version.content, null, 2)}\n`;
  const file = maybe(options, 'to');
  if (file === null) return text.trimEnd();
  writeFileSync(file, text);
  return `${head.code} version ${number}: ${file}`;
}

async function publish(call: AdminCall, code: string | undefined, options: Options): Promise<string> {
  const head = await headOf(call, code);
  const seen = head.latest.number;
  const number = Number(maybe(options, 'version') ?? seen);
  const done = ScriptHead.parse(await call('POST', `/v1/scripts/${head.code}/publish`, { number, seen }));
  return `${head.code}: version ${done.published} is published`;
}

export const SCRIPT_COMMAND: Record<string, Command> = {
  script: {
    usage:
      'script list | script import FILE.json [--publish] | script export CODE [--version N] [--to FILE.json] | script publish CODE [--version N] | script withdraw CODE',
    about: 'what agents are led through in a call; docs/scripts.md describes the file',
    options: { publish: 'switch', version: 'text', to: 'text' },
    run: async (call, options, [act, what]) => {
      switch (act) {
        case 'list': {
          const all = await readShelf(call);
          const rows = all.map(({ code, kind, latest, published, withdrawn }) => {
            const state = published === null ? (withdrawn ? 'withdrawn' : 'draft') : `version ${published}`;
            return { code, kind, title: latest.title.ko || latest.title.en, latest: latest.number, published: state };
          });
          return rows.length === 0 ? 'none' : table(rows);
        }
        case 'import':
          return importFile(call, what, options.publish === true);
        case 'export':
          return exportScript(call, what, options);
        case 'publish':
          return publish(call, what, options);
        case 'withdraw':
          await call('POST', `/v1/scripts/${(await headOf(call, what)).code}/withdraw`);
          return `${what}: withdrawn; runs that are going on go on to their end`;
        default:
          throw new CommandProblem('script list, import, export, publish or withdraw');
      }
    },
  },
};
