import { assertNever } from '../../shared/assert-never.ts';
import type { Id } from '../../shared/ids.ts';
import type { OperationPayload } from '../../shared/sync-wire.ts';
import { liveCustomerId } from '../merged.ts';
import type { RecordWrite } from '../records.ts';
import { recordAccess } from './access.ts';
import { createCustomer } from './customer.ts';
import { updateCustomer } from './customer-update.ts';
import type { EffectContext } from './effect.ts';
import { changeCase, changePromise, makePromise, openCase } from './follow-up.ts';
import { recordInteraction, wrapUpInteraction } from './interaction.ts';
import { countKnowledge } from './knowledge.ts';
import { mergeCustomers } from './merge.ts';
import { sendMessage, settleMessage } from './message.ts';
import { saveNote } from './note.ts';
import { addRelation, removeRelation } from './people.ts';
import { pickPhone, setConsent } from './relations.ts';
import { recordRun } from './script-run.ts';
import { splitCustomer } from './split.ts';
import { unmergeCustomers } from './unmerge.ts';

/** Whoever is created is that very one, and a merge is taken back as it was made. */
const AS_NAMED: ReadonlySet<string> = new Set(['customer.create', 'customer.split', 'customer.unmerge']);

/**
 * The act as it is done: whatever names a customer who was merged is said of the one who has all that was theirs.
 */
export async function ofLiveCustomer(context: EffectContext, payload: OperationPayload): Promise<OperationPayload> {
  if (!('customerId' in payload) || payload.customerId === null || AS_NAMED.has(payload.kind)) return payload;
  const live = await liveCustomerId(context.trx, payload.customerId);
  return live === payload.customerId ? payload : { ...payload, customerId: live };
}

/** What an operation does to the records; `payload` is of the living customer. Throws a Rejection for the permanent no. */
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
    case 'customer.merge':
      return mergeCustomers(context, payload);
    case 'customer.unmerge':
      return unmergeCustomers(context, payload);
    case 'customer.split':
      return splitCustomer(context, payload);
    case 'phone.pick':
      return pickPhone(context, payload);
    case 'consent.set':
      return setConsent(context, payload);
    case 'relation.add':
      return addRelation(context, payload);
    case 'relation.remove':
      return removeRelation(context, payload);
    case 'promise.make':
      return makePromise(context, payload);
    case 'promise.change':
      return changePromise(context, payload);
    case 'case.open':
      return openCase(context, payload);
    case 'case.change':
      return changeCase(context, payload);
    case 'knowledge.use':
      return countKnowledge(context, payload);
    case 'script.run':
      return recordRun(context, payload);
    case 'message.send':
      return sendMessage(context, payload);
    case 'message.settle':
      return settleMessage(context, payload);
    case 'access.record':
      return recordAccess(context, payload);
    default:
      return assertNever(payload);
  }
}

/** Whose customer's data the operation holds. Access entries name customers only by id and outlive them; articles are of nobody. */
export function customerOfPayload(payload: OperationPayload): Id | null {
  return 'customerId' in payload ? payload.customerId : null;
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
    case 'customer.split':
    case 'customer.update':
      return payload.customerId;
    case 'customer.merge':
    case 'customer.unmerge':
      return payload.mergeId;
    case 'phone.pick':
      return payload.pickId;
    case 'consent.set':
      return payload.consentId;
    case 'relation.add':
      return payload.relationId;
    case 'relation.remove':
      return payload.relationIds[0] ?? null;
    case 'promise.make':
    case 'promise.change':
      return payload.promiseId;
    case 'case.open':
    case 'case.change':
      return payload.caseId;
    case 'knowledge.use':
      return payload.articleId;
    case 'script.run':
      return payload.runId;
    case 'message.send':
    case 'message.settle':
      return payload.messageId;
    case 'access.record':
      return null;
    default:
      return assertNever(payload);
  }
}
