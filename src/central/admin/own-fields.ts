import type { AdminCustomField, AdminProduct, AdminPutResponse } from '../../shared/central-admin-api.ts';
import { type CustomField, type CustomValues, canBeSearched, fieldsOf, isSensitive } from '../../shared/customer.ts';
import { misfitKey } from '../../shared/customer-edit.ts';
import { newId } from '../../shared/ids.ts';
import type { Db } from '../db/store.ts';
import { CentralProblem } from '../problem.ts';
import { listRecords, writeRecords } from '../records.ts';
import { lockAdministration, putByKey } from './natural-keys.ts';

// The fields that a business added to its customers, cases and products, and what stands in them.

/** What is wrong with values of the business's own fields, in words; null: they fit. */
export function customProblem(custom: CustomValues, fields: readonly CustomField[]): string | null {
  const misfit = misfitKey(custom, fields);
  if (misfit === null) return null;
  if (misfit.field === null) return `custom.${misfit.key}: there is no such custom field`;
  return `custom.${misfit.key}: not a value of this field (${misfit.field.type})`;
}

/** What is wrong with a field itself, in words; null: nothing. */
function fieldProblem(field: AdminCustomField): string | null {
  const { type, choices, choiceNames, searchable } = field;
  const hasChoices = type === 'choice' || type === 'choices';
  const unnamed = Object.keys(choiceNames ?? {}).find((choice) => !choices.includes(choice));
  if (unnamed !== undefined) return `choiceNames: "${unnamed}" is none of the choices`;
  if (new Set(choices).size < choices.length) return 'choices: one stands there twice';
  if (hasChoices && choices.some((choice) => choice.trim() === '')) return 'choices: one of them is empty';
  if (!searchable || canBeSearched(field)) return null;
  return field.entity === 'customer' && isSensitive(field)
    ? 'searchable: a field that is masked finds nobody, or a search would say what is behind the mask; say that it is not sensitive'
    : 'searchable: only fields of customers of the types text, number, choice and choices';
}

/**
 * Creates the field or changes the one of this key: customers and cases may each have a field of the same key.
 * @throws CentralProblem BAD_INPUT: what it says of itself does not fit together.
 */
export async function putCustomField(db: Db, wanted: AdminCustomField): Promise<AdminPutResponse> {
  const problem = fieldProblem(wanted);
  if (problem) throw new CentralProblem('BAD_INPUT', { detail: problem });
  return db.transaction().execute(async (trx) => {
    await lockAdministration(trx);
    const fields = fieldsOf(await listRecords(trx, 'custom_field'), wanted.entity);
    const existing = fields.find(({ key }) => key === wanted.key);
    const id = existing?.id ?? newId();
    await writeRecords(trx, [{ table: 'custom_field', id, data: { ...wanted, id } }]);
    return { id, created: existing === undefined };
  });
}

/** What is not said of own fields stays as it was. @throws CentralProblem BAD_INPUT where a value of `custom` does not fit a field of products. */
export async function putProduct(db: Db, wanted: AdminProduct): Promise<AdminPutResponse> {
  const problem = customProblem(wanted.custom ?? {}, fieldsOf(await listRecords(db, 'custom_field'), 'product'));
  if (problem) throw new CentralProblem('BAD_INPUT', { detail: problem });
  const before = (await listRecords(db, 'product')).find(({ code }) => code === wanted.code);
  const custom = wanted.custom ?? before?.custom;
  return putByKey(db, 'product', 'code', { ...wanted, ...(custom ? { custom } : {}) });
}
