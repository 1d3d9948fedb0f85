import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** What the person at the terminal did wrong, or what the centre answered: shown without a stack. */
export class CommandProblem extends Error {}

/** Asks without showing what is typed; takes the first line where stdin is no terminal. Never from the arguments. */
export async function readSecret(question: string): Promise<string> {
  const terminal = process.stdin.isTTY === true;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  if (terminal) process.stderr.write(`${question}: `);
  const lines = createInterface({ input: process.stdin, output: silent, terminal });
  try {
    const answer = terminal ? await lines.question('') : ((await lines[Symbol.asyncIterator]().next()).value ?? '');
    if (terminal) process.stderr.write('\n');
    if (answer === '') throw new CommandProblem(`${question}: nothing was given on stdin`);
    return answer;
  } finally {
    lines.close();
  }
}

/** Rows as lines of columns. */
export function table(rows: Record<string, unknown>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown) => (typeof value === 'string' ? value : value === null ? '-' : JSON.stringify(value));
  const lines = [names, ...rows.map((row) => names.map((name) => cell(row[name] ?? null)))];
  const widths = names.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
