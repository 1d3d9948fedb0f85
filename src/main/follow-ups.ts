import { type CustomValues, type FieldValue, fieldsOf } from '../shared/customer.ts';
import type { Mark } from '../shared/customer-360.ts';
import { joinedChoices, misfitKey } from '../shared/customer-edit.ts';
import { DangolError } from '../shared/errors.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import type { CaseChange, CasePriority, Owner, PromiseChange, PromiseKind } from '../shared/work.ts';
import { findOperation } from '../sync/outbox.ts';
import { ensureInteraction } from './calls.ts';
import { readCustomFields } from './customer-rows.ts';
import type { HostContext } from './host-context.ts';
import { readWhole } from './whole-customer.ts';
import { writeAct } from './write-act.ts';

type FollowUp = Extract<OperationPayload, { kind: 'promise.make' | 'promise.change' | 'case.open' | 'case.change' }>;

interface OfCall {
  customerId: string;
  callId: string | null;
}
export interface PromiseToMake extends OfCall {
  promiseId: string;
  kind: PromiseKind;
  what: string;
  dueAt: string;
  owner: Owner | null;
  contactPointId: string | null;
}
export interface CaseToOpen extends OfCall {
  caseId: string;
  subject: string;
  priority: CasePriority;
  dueAt: string | null;
  owner: Owner | null;
  custom?: CustomValues | undefined;
}

/** What we said that we would do. Durable when it returns; the same promiseId again is the same promise. */
export function makePromise(context: HostContext, act: PromiseToMake): { mark: Mark } {
  const { promiseId, customerId, callId, kind, what, dueAt, owner, contactPointId } = act;
  const payload: FollowUp = {
    ...{ kind: 'promise.make', promiseId, customerId, interactionId: callId, what, dueAt },
    ...(kind === 'promise' ? {} : { promiseKind: kind }),
    ...(owner ? { owner } : {}),
    ...(contactPointId ? { contactPointId } : {}),
  };
  return write(context, act, payload, findOperation(context.outbox, 'promise.make', promiseId) !== undefined);
}

/** Kept, broken, withdrawn, put off, handed on. */
export function changePromise(
  context: HostContext,
  act: OfCall & { promiseId: string; change: PromiseChange; why: string | null },
): { mark: Mark } {
  const { promiseId, customerId, callId: interactionId, change, why } = act;
  return write(context, act, { kind: 'promise.change', promiseId, customerId, interactionId, change, why });
}

/** A case: its number comes from the centre. @throws BAD_INPUT: a value that its field cannot have. */
export function openCase(context: HostContext, act: CaseToOpen): { mark: Mark } {
  const { caseId, customerId, callId: interactionId, subject, priority, dueAt, owner, custom } = act;
  mustFit(context, custom);
  const payload: FollowUp = {
    ...{ kind: 'case.open', caseId, customerId, interactionId, subject, priority, dueAt },
    ...(owner ? { owner } : {}),
    ...(custom ? { custom } : {}),
  };
  return write(context, act, payload, findOperation(context.outbox, 'case.open', caseId) !== undefined);
}

export interface CaseToChange extends OfCall {
  caseId: string;
  change: CaseChange;
  why: string | null;
  /** Of several choices: what the page showed. */
  seen?: Readonly<Record<string, string[]>> | undefined;
}

/**
 * Worked on, settled, handed on, handed up. @throws BAD_INPUT: a value that its field cannot have; NOT_FOUND: choices of a case that
 * is not on this desk.
 */
export function changeCase(context: HostContext, act: CaseToChange): { mark: Mark } {
  const { caseId, customerId, callId: interactionId, why } = act;
  mustFit(context, act.change.custom);
  const change = act.seen === undefined ? act.change : withUnseen(context, act, act.seen);
  return write(context, act, { kind: 'case.change', caseId, customerId, interactionId, change, why });
}

/** Several choices with those that stand there and that the page did not show: masked, or come in since then. */
function withUnseen(
  { outbox, cache }: HostContext,
  { caseId, customerId, change }: CaseToChange,
  seen: NonNullable<CaseToChange['seen']>,
): CaseChange {
  if (Object.keys(seen).length === 0) return change;
  const row = readWhole(outbox, cache, customerId)?.cases.find(({ id }) => id === caseId);
  if (!row) throw new DangolError('NOT_FOUND', 'none', { detail: 'no such case on this desk' });
  const fields = fieldsOf(readCustomFields(cache), 'case');
  const joined = Object.entries(change.custom ?? {}).map(([key, value]): [string, FieldValue] => {
    const all = seen[key] && joinedChoices(row.custom?.[key] ?? null, seen[key], value);
    // One that the business has taken back meanwhile cannot be saved any more.
    const choices = fields.find((field) => field.key === key)?.choices ?? [];
    return [key, all ? all.filter((one) => choices.includes(one)) : value];
  });
  return { ...change, custom: Object.fromEntries(joined) };
}

function mustFit({ cache }: HostContext, custom: CustomValues | undefined): void {
  if (custom && misfitKey(custom, fieldsOf(readCustomFields(cache), 'case'))) {
    throw new DangolError('BAD_INPUT', 'check-input');
  }
}

function write(context: HostContext, { callId }: OfCall, payload: FollowUp, known = false): { mark: Mark } {
  const author = context.seat.reader();
  if (known) return { mark: 'here' };
  // What the call is about reaches the centre before what was promised in it.
  const before = () => callId !== null && ensureInteraction(context, author, callId);
  writeAct(context, author, payload, { before });
  return { mark: 'here' };
}
