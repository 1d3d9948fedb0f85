import { assertNever } from '../../shared/assert-never.ts';
import type { Id } from '../../shared/ids.ts';
import type { OperationPayload } from '../../shared/sync-wire.ts';
import type { RecordWrite } from '../records.ts';
import { recordAccess } from './access.ts';
import { createCustomer } from './customer.ts';
import { updateCustomer } from './customer-update.ts';
import type { EffectContext } from './effect.ts';
import { recordInteraction, wrapUpInteraction } from './interaction.ts';
import { saveNote } from './note.ts';
import { makePromise, pickPhone, setConsent } from './relations.ts';

/** What an operation does to the records. Throws a Rejection for the permanent no. */
export function applyPayload(context: EffectContext, payload: OperationPayload): Promise<RecordWrite[]> {
  switch (payload.kind) {
    case 'interaction.record':
      return recordInteraction(context, payload);
    case 'interaction.wrap_up':
      return wrapUpInteraction(context, payload);
    case 'note.save':
      return saveNote(context, payload);
    case 'customer.create':
      return createCustomer(context, payload);
    case 'customer.update':
      return updateCustomer(context, payload);
    case 'phone.pick':
      return pickPhone(context, payload);
    case 'consent.set':
      return setConsent(context, payload);
    case 'promise.make':
      return makePromise(context, payload);
    case 'access.record':
      return recordAccess(context, payload);
    default:
      return assertNever(payload);
  }
}

/** Whose customer's data the operation holds. Access entries name customers only by id and outlive them. */
export function customerOfPayload(payload: OperationPayload): Id | null {
  return payload.kind === 'access.record' ? null : payload.customerId;
}

/** The row that the operation is about. */
export function rowOfPayload(payload: OperationPayload): Id | null {
  switch (payload.kind) {
    case 'interaction.record':
    case 'interaction.wrap_up':
      return payload.interactionId;
    case 'note.save':
      return payload.noteId;
    case 'customer.create':
    case 'customer.update':
      return payload.customerId;
    case 'phone.pick':
      return payload.pickId;
    case 'consent.set':
      return payload.consentId;
    case 'promise.make':
      return payload.promiseId;
    case 'access.record':
      return null;
    default:
      return assertNever(payload);
  }
}
