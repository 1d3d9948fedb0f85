import type { Agent, Role } from '../shared/agent.ts';
import type { MergedHere, MergePreview } from '../shared/contract-identity.ts';
import { type EditableField, fieldsOf } from '../shared/customer.ts';
import type { Customer360 } from '../shared/customer-360.ts';
import { valueOfField } from '../shared/customer-edit.ts';
import { isOpenQuestion, isSamePoint, mergeFields, stricterIsGone } from '../shared/customer-merge.ts';
import { DangolError } from '../shared/errors.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import { findOperation } from '../sync/outbox.ts';
import { recordAccess } from './access-log.ts';
import { type CustomerDoor, readCandidates } from './customer-360.ts';
import type { CustomerRows } from './customer-rows.ts';
import type { HostContext } from './host-context.ts';
import { maskRows } from './mask-view.ts';
import { type Gone, readSameBook } from './same-customer.ts';
import { readWhole } from './whole-customer.ts';
import { writeAct } from './write-act.ts';

interface Pair {
  customerId: string;
  goneId: string;
}

const UNDO_FOR_OTHERS: readonly Role[] = ['supervisor', 'administrator'];
const mayUndo = (reader: Agent, { byId }: Pick<Gone, 'byId'>) =>
  byId === reader.id || UNDO_FOR_OTHERS.includes(reader.role);

/** What a merge would do: the facts that differ, what goes over, what it means for consents. A look at both: logged. */
export function previewMerge(context: HostContext, pair: Pair): MergePreview {
  const reader = context.seat.reader();
  const country = context.seat.country();
  const { kept, gone } = readPair(context, pair);
  const entry = { action: 'view', context: 'merge preview' } as const;
  recordAccess(context, reader.id, [
    { ...entry, customerId: kept.customer.id },
    { ...entry, customerId: gone.customer.id },
  ]);
  const shown = { kept: maskRows(kept, country), gone: maskRows(gone, country) };
  const [keptCandidate, goneCandidate] = readCandidates(context, [kept.customer.id, gone.customer.id]);
  if (!keptCandidate || !goneCandidate) throw notHere();
  const choices = mergeFields(kept.customer, gone.customer, null)
    .filter(isOpenQuestion)
    .map(({ field, take }) => {
      const sides = { kept: valueOfField(shown.kept.customer, field), gone: valueOfField(shown.gone.customer, field) };
      return { field, ...sides, hidden: sides.kept === sides.gone, take };
    });
  const points = shown.gone.contactPoints.filter(
    (_, index) => !kept.contactPoints.some((one) => isSame(one, gone.contactPoints[index])),
  );
  return {
    kept: keptCandidate,
    gone: goneCandidate,
    choices,
    moves: {
      contacts: gone.interactionCount,
      notes: gone.looseNotes.length + gone.timeline.reduce((sum, { notes }) => sum + notes.length, 0),
      cases: gone.cases.length,
      promises: gone.promises.length,
      holdings: gone.holdings.length,
      points: points.map(({ value }) => value),
    },
    refused: refusedBy(kept, gone),
    customFields: fieldsOf(kept.customFields, 'customer'),
  };
}

const isSame = (a: CustomerRows['contactPoints'][number], b: CustomerRows['contactPoints'][number] | undefined) =>
  b !== undefined && isSamePoint(a, b);

/** What the kept one had granted, and the other one refused. */
function refusedBy(kept: CustomerRows, gone: CustomerRows): MergePreview['refused'] {
  return gone.consents.flatMap((one) => {
    const there = kept.consents.find(({ channel, purpose }) => channel === one.channel && purpose === one.purpose);
    return there && stricterIsGone(there, one) ? [{ channel: one.channel, purpose: one.purpose }] : [];
  });
}

/** Two customers are one person. Durable when it returns; the same mergeId again is the same merge. */
export function mergeCustomers(
  context: HostContext,
  door: CustomerDoor,
  act: Pair & { mergeId: string; take: readonly EditableField[] },
): Customer360 {
  const { mergeId, take } = act;
  context.seat.reader();
  if (findOperation(context.outbox, 'customer.merge', mergeId)) return shown(door, act.customerId);
  const { kept, gone } = readPair(context, act);
  const [customerId, goneId] = [kept.customer.id, gone.customer.id];
  const fields = mergeFields(kept.customer, gone.customer, take);
  write(context, 'merge', { kind: 'customer.merge', mergeId, customerId, goneId, fields }, kept.version);
  return shown(door, customerId);
}

/** Takes a merge back. What was written since stays with the kept customer. */
export function unmergeCustomers(
  context: HostContext,
  door: CustomerDoor,
  { mergeId, customerId }: { mergeId: string; customerId: string },
): Customer360 {
  const reader = context.seat.reader();
  const { outbox, cache } = context;
  const book = readSameBook(outbox, cache);
  const live = book.liveId(customerId);
  const found = book.allOf(live).flatMap(({ id }) => book.goneOf(id).map((gone) => ({ keptId: id, gone })));
  const one = found.find(({ gone }) => gone.mergeId === mergeId);
  if (!one) throw new DangolError('NOT_FOUND', 'none', { detail: 'taken back meanwhile' });
  if (!mayUndo(reader, one.gone)) throw new DangolError('FORBIDDEN', 'none');
  const { keptId, gone } = one;
  write(context, 'unmerge', { kind: 'customer.unmerge', mergeId, customerId: keptId, goneId: gone.goneId }, null);
  return shown(door, live);
}

export interface Split {
  customerId: string;
  fromId: string;
  name: string;
  contactPointIds: string[];
  interactionIds: string[];
}

/** Parts somebody from a customer who is two people. Durable when it returns; the same customerId again is the same split. */
export function splitCustomer(context: HostContext, door: CustomerDoor, act: Split): Customer360 {
  const author = context.seat.reader();
  const { outbox, cache } = context;
  if (findOperation(outbox, 'customer.split', act.customerId)) return shown(door, act.customerId);
  const from = readWhole(outbox, cache, act.fromId);
  if (!from || from.partial) throw notHere();
  const fromId = from.customer.id;
  const both = [fromId, act.customerId];
  const access = both.map((customerId) => ({ action: 'split', customerId, context: act.customerId }) as const);
  writeAct(context, author, { kind: 'customer.split', ...act, fromId }, { access, changes: both });
  door.opened([act.customerId]);
  return shown(door, act.customerId);
}

/** Everybody who was merged into this customer and may be parted from them again, the latest merge first. */
export function mergedHere(context: HostContext, customerId: string): MergedHere[] {
  const reader = context.seat.reader();
  const book = readSameBook(context.outbox, context.cache);
  const all = book.allOf(book.liveId(customerId)).flatMap(({ id }) => book.goneOf(id));
  const candidates = new Map(
    readCandidates(
      context,
      all.map(({ goneId }) => goneId),
    ).map((one) => [one.id, one]),
  );
  return all
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .flatMap((gone) => {
      const customer = candidates.get(gone.goneId);
      const { mergeId, at, byName, mark } = gone;
      return customer ? [{ mergeId, customer, at, byName, mark, mayUndo: mayUndo(reader, gone) }] : [];
    });
}

function readPair(context: HostContext, { customerId, goneId }: Pair): { kept: CustomerRows; gone: CustomerRows } {
  const { outbox, cache, seat } = context;
  const kept = readWhole(outbox, cache, customerId, { country: seat.country() });
  const gone = readWhole(outbox, cache, goneId, { country: seat.country() });
  if (!kept || !gone || kept.customer.id === gone.customer.id) throw notHere();
  return { kept, gone };
}

const notHere = () => new DangolError('NOT_FOUND', 'none', { detail: 'not two customers of this desk' });

const shown = (door: CustomerDoor, customerId: string) =>
  door.readCustomer({ customerId, callId: null, unmasked: false }, null);

function write(
  context: HostContext,
  action: 'merge' | 'unmerge',
  payload: Extract<OperationPayload, { goneId: string }>,
  baseVersion: number | null,
): void {
  const author = context.seat.reader();
  const both = [payload.customerId, payload.goneId];
  const access = both.map((customerId) => ({ action, customerId, context: payload.mergeId }));
  writeAct(context, author, payload, { baseVersion, access, changes: both });
}
