import { expect, it } from 'vitest';
import { readCsv } from '../../../src/central/admin/csv.ts';
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
