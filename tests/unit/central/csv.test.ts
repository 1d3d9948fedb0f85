import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCsvReader, readCsv } from '../../../src/central/admin/csv.ts';
import { customersOfCsv } from '../../../src/central/admin/customers-csv.ts';

it('reads CSV as spreadsheets write it', () => {
  const text = '\uFEFFa,b,c\r\n1,"two, with ""quotes""",\r\n\r\n"line\nbreak",,3\n4,5,6';
  expect(readCsv(text)).toEqual([
    { line: 2, fields: { a: '1', b: 'two, with "quotes"', c: '' } },
    { line: 4, fields: { a: 'line\nbreak', b: '', c: '3' } },
    { line: 6, fields: { a: '4', b: '5', c: '6' } },
  ]);
});

it('takes a file without lines, without a last line break, or with a short line', () => {
  expect(readCsv('')).toEqual([]);
  expect(readCsv('a,b')).toEqual([]);
  expect(readCsv('a,b\n1')).toEqual([{ line: 2, fields: { a: '1', b: '' } }]);
});

it('names the line where a quote is left open', () => {
  expect(() => readCsv('a\n"open')).toThrow(/line 2/);
});

it('gives custom fields their own type and says nothing for an empty cell', () => {
  const field = { id: '', entity: 'customer' as const, label: { ko: '', en: '' }, choices: [], order: 0 };
  const fields = [
    { ...field, key: 'lines', type: 'number' as const },
    { ...field, key: 'vip', type: 'boolean' as const },
  ];
  const [customer] = customersOfCsv(
    'customerNumber,name,tier,phone,custom.lines,custom.vip\nC-1,홍길동,,010-0000-1234,"1,200",예',
    fields,
  );
  expect(customer).toEqual({
    customerNumber: 'C-1',
    name: '홍길동',
    phones: ['010-0000-1234'],
    custom: { lines: 1200, vip: true },
  });
});

it('only the first mark of order is one: a second belongs to the first name, also where the pieces end between them', () => {
  const reader = createCsvReader();
  expect([...reader.feed('\uFEFF'), ...reader.feed('\uFEFFa,b', true)]).toEqual([{ line: 1, cells: ['\uFEFFa', 'b'] }]);
});

it('a file that comes in pieces is the same lines, wherever it is cut', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '가', '"', '""', ',', '\r', '\n', '\r\n', ' ', '\uFEFF'),
    maxLength: 40,
  });
  fc.assert(
    fc.property(text, fc.array(fc.nat(40), { maxLength: 5 }), (whole, cuts) => {
      const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
      const read = (pieces: string[]) => {
        const reader = createCsvReader();
        try {
          return pieces.flatMap((piece, i) => reader.feed(piece, i === pieces.length - 1));
        } catch (error) {
          return String(error);
        }
      };
      const pieces = places.slice(1).map((end, i) => whole.slice(places[i], end));
      expect(read(pieces)).toEqual(read([whole]));
    }),
  );
});

it('a quote that is never closed ends the reading, not the memory', () => {
  const reader = createCsvReader();
  const rest = () => {
    for (let i = 0; i < 100; i += 1) reader.feed('가'.repeat(50_000));
  };
  expect(() => reader.feed('a\n"open')).not.toThrow();
  expect(rest).toThrow(/line 2: a quoted field is not closed/);
});
