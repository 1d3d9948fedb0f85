import type { CustomField, FieldValue } from '../../shared/customer.ts';
import { choicesIn } from '../import/choices.ts';
import { readCsv } from './csv.ts';

/** One line's value for a custom field, in the field's own type. What is no number stays text and is refused later. */
function customValue(text: string, field: CustomField | undefined): FieldValue {
  if (field?.type === 'number' || field?.type === 'money') {
    const number = Number(text.replaceAll(',', ''));
    return Number.isFinite(number) ? number : text;
  }
  if (field?.type === 'boolean') return /^(true|yes|y|1|예|네)$/i.test(text);
  if (field?.type === 'choices') return choicesIn(text, field).list ?? text;
  return text;
}

/**
 * The customers of a CSV text, as POST /v1/admin/customers takes them. Empty cells say nothing.
 * Columns: customerNumber, name, kind, language, tier, birthday, customerSince, phone, phone2 …, email, address, custom.<key>.
 */
export function customersOfCsv(text: string, fields: CustomField[]): Record<string, unknown>[] {
  return readCsv(text).map(({ fields: cells }) => {
    const said = Object.entries(cells).filter(([, value]) => value !== '');
    const phones = said.filter(([name]) => /^phone\d?$/.test(name)).map(([, value]) => value);
    const custom = said.flatMap(([name, value]) => {
      const key = name.startsWith('custom.') ? name.slice('custom.'.length) : null;
      return key === null
        ? []
        : [
            [
              key,
              customValue(
                value,
                fields.find((field) => field.key === key && field.entity === 'customer'),
              ),
            ],
          ];
    });
    const plain = said.filter(([name]) => !/^phone\d?$/.test(name) && !name.startsWith('custom.'));
    return { ...Object.fromEntries(plain), phones, custom: Object.fromEntries(custom) };
  });
}
