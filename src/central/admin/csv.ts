/** One line of a table: `line` counts from 1, and is where it begins. */
export interface Line {
  line: number;
  cells: string[];
}

/** A quoted field that never ends must not gather the rest of the file. */
const LONGEST_LINE = 1_000_000;

/**
 * Reads CSV as spreadsheets write it (RFC 4180) piece by piece: quoted fields, doubled quotes, line breaks inside quotes, a byte
 * order mark. `feed` gives the lines that are whole; `last` says that nothing follows. @throws SyntaxError with the line.
 */
export function createCsvReader(delimiter = ','): { feed(text: string, last?: boolean): Line[] } {
  const d = `\\u${(delimiter.codePointAt(0) ?? 44).toString(16).padStart(4, '0')}`;
  // A quoted cell, or one without quotes, with what ends it.
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${d}\\r\\n]*))[^"${d}\\r\\n]*(${d}|\\r\\n|\\r|\\n|$)`, 'y');
  let rest = '';
  let line = 1;
  let begun = false;

  /** The line that begins at `from`, or null where its end is not there yet. */
  function take(text: string, from: number, last: boolean): { cells: string[]; end: number; breaks: number } | null {
    const cells: string[] = [];
    let breaks = 0;
    cell.lastIndex = from;
    for (;;) {
      const match = cell.exec(text);
      if (!match) {
        if (last || text.length - from > LONGEST_LINE) {
          throw new SyntaxError(`line ${line + breaks}: a quoted field is not closed`);
        }
        return null;
      }
      const [whole, quoted, bare, end] = match;
      // More of this cell may follow, and the second half of a line break.
      if (!last && (end === '' || (end === '\r' && cell.lastIndex === text.length))) return null;
      cells.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'));
      if (whole.length > 0 && /[\r\n]/.test(whole)) breaks += whole.match(/\r\n|\r|\n/g)?.length ?? 0;
      if (end !== delimiter) return { cells, end: cell.lastIndex, breaks };
    }
  }

  return {
    feed: (piece, last = false) => {
      const text = begun ? rest + piece : (rest + piece).replace(/^\uFEFF/, '');
      begun ||= piece !== '';
      const lines: Line[] = [];
      let from = 0;
      while (from < text.length) {
        const taken = take(text, from, last);
        if (taken === null) break;
        lines.push({ line, cells: taken.cells });
        line += taken.breaks;
        from = taken.end;
      }
      rest = text.slice(from);
      return lines;
    },
  };
}

/** @returns one record a line, by the names of the first line; lines that are empty are left out. */
export function readCsv(text: string): { line: number; fields: Record<string, string> }[] {
  const [head, ...rest] = createCsvReader().feed(text, true);
  if (!head) return [];
  const names = head.cells.map((name) => name.trim());
  return rest
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map(({ line, cells }) => ({
      line,
      fields: Object.fromEntries(names.map((name, i) => [name, cells[i]?.trim() ?? ''])),
    }));
}
