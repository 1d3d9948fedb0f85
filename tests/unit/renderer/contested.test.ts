import { expect, test } from 'vitest';
import { createI18n, createWords } from '../../../src/renderer/i18n.ts';
import { contestedValues } from '../../../src/renderer/screens/customer/contested.tsx';
import type { ContestedField, EditableField } from '../../../src/shared/customer.ts';
import { goldView } from '../../fakes/desk-fixtures.ts';

const at = '2026-11-22T01:00:00.000Z';
/** What the screen shows of two values of one field; masked values are what the host masked. */
function shown(field: EditableField, now: string, other: string, unmasked = false) {
  const one: ContestedField = { field, value: other, byName: '박', at, wonByName: '최', wonAt: at, since: 2 };
  const view = goldView(Date.parse(at));
  const customer = { ...view.customer, [field]: now };
  const words = createWords(createI18n('ko').getFixedT('ko'), 'ko');
  return contestedValues({ ...view, unmasked, customer }, one, words);
}

test('a masked birthday has no year on the screen: the one that stands for a hidden one is nobody’s', () => {
  expect(shown('birthday', '2000-05-03', '2000-05-04')).toEqual({ now: '5월 3일', other: '5월 4일', alike: false });
  expect(shown('birthday', '1987-05-03', '1978-05-03', true)).toEqual({
    now: '1987-05-03',
    other: '1978-05-03',
    alike: false,
  });
});

test('two values that differ only behind the mask are said to', () => {
  expect(shown('birthday', '2000-05-03', '2000-05-03').alike).toBe(true);
  expect(shown('name', '김*수', '김*수').alike).toBe(true);
  expect(shown('name', '김*수', '이*수').alike).toBe(false);
});
