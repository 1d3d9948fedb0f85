/**
 * Reads CSV as spreadsheets write it (RFC 4180): quoted fields, doubled quotes, line breaks inside quotes, a byte order mark.
 * @returns one record a line, by the names of the first line; lines that are empty are left out. `line` counts from 1.
 */
export function readCsv(text: string): { line: number; fields: Record<string, string> }[] {
  const [head, ...rest] = readLines(text.replace(/^\uFEFF/, ''));
  if (!head) return [];
  const names = head.cells.map((name) => name.trim());
  return rest
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map(({ line, cells }) => ({
      line,
      fields: Object.fromEntries(names.map((name, i) => [name, cells[i]?.trim() ?? ''])),
    }));
}

function readLines(text: string): { line: number; cells: string[] }[] {
  const lines: { line: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let begun = 1;
  let line = 1;
  // A quoted cell, or one without quotes, with what ends it.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))[^",\r\n]*(,|\r\n|\r|\n|$)/y;
  while (cell.lastIndex < text.length || cells.length > 0) {
    const match = cell.exec(text);
    if (!match) throw new SyntaxError(`line ${line}: a quoted field is not closed`);
    const [whole, quoted, bare, end] = match;
    cells.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'));
    line += whole.match(/\r\n|\r|\n/g)?.length ?? 0;
    if (end === ',') continue;
    lines.push({ line: begun, cells });
    cells = [];
    begun = line;
    if (cell.lastIndex >= text.length) break;
  }
  return lines;
}
