import { closeSync, openSync, writeSync } from 'node:fs';
import { maskAddress, maskEmail, maskName, maskPhone } from '../../shared/masking.ts';
import type { BadCell } from './cell-values.ts';
import type { Column } from './columns.ts';

const SHOWN = 20;
const FORMULA = /^[=+\-@\t\r']/;

/** As a spreadsheet reads it back, and without what it would compute. */
function csvCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A value as it may be shown at a terminal: enough to find it, not enough to read it. */
export function maskCell(value: string, field: string | null): string {
  if (value === '') return '(empty)';
  const cut = value.slice(0, 60).replaceAll(/\p{Cc}/gu, ' ');
  if (field === 'name') return maskName(cut);
  if (field === 'email' && cut.includes('@')) return maskEmail(cut);
  if (field === 'address') return maskAddress(cut);
  if (field === 'phone' && /\d{7}/.test(cut.replaceAll(/\D/g, ''))) return maskPhone(cut);
  const letters = [...cut];
  return letters.length <= 1 ? '*' : `${letters.slice(0, letters.length > 4 ? 2 : 1).join('')}***`;
}

/** Rows that cannot be taken: the first of them in words, all of them in a file to be mended and imported again. */
export function createBadRows(path: string, columns: readonly Column[]) {
  let file: number | null = null;
  let count = 0;
  const words: string[] = [];
  return {
    add: (row: number, cells: readonly string[], bad: readonly BadCell[]) => {
      count += 1;
      const reason = bad.map((one) => (one.column === '' ? one.reason : `${one.column}: ${one.reason}`)).join('; ');
      if (file === null) {
        // Personal data: for whoever imports alone.
        file = openSync(path, 'w', 0o600);
        const names = [...columns.map(({ name }) => name), 'dangol.row', 'dangol.reason'];
        writeSync(file, `\uFEFF${names.map(csvCell).join(',')}\r\n`);
      }
      const whole = columns.map((_, i) => cells[i] ?? '');
      writeSync(file, `${[...whole, String(row), reason].map(csvCell).join(',')}\r\n`);
      if (words.length >= SHOWN) return;
      for (const { column, value, reason: why } of bad) {
        const field = columns.find(({ name }) => name === column)?.field ?? null;
        words.push(`row ${row}: ${column === '' ? '' : `${column} `}${maskCell(value, field)}: ${why}`);
      }
    },
    count: () => count,
    /** What to show; nothing where no row was bad. */
    close: (): string[] => {
      if (file === null) return [];
      closeSync(file);
      const rest = count > words.length ? ['…'] : [];
      return [...words, ...rest, `${count} rows cannot be taken; all of them, with the reason, are in ${path}`];
    },
  };
}
export type BadRows = ReturnType<typeof createBadRows>;
