import type { OperationPayload, SyncRow, SyncTable } from '../../src/shared/sync-wire.ts';
import type { NewOperation } from '../../src/sync/outbox.ts';
import { sampleCustomer } from './sample-rows.ts';

const AGENT_A = '0193d000-0000-7000-8000-00000000aaaa';
export const AGENT_B = '0193d000-0000-7000-8000-00000000bbbb';
export const AT = '2026-11-23T00:00:00.000Z';

/** The n-th id of a kind of thing. They sort by n. */
export function idOf(n: number): string {
  return `0193d111-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

export function customerRow(id: string, name: string, version = 1): SyncRow {
  return { table: 'customer', id, version, deleted: false, data: sampleCustomer(id, name) };
}

export function noteRow(id: string, customerId: string | null, text: string, version = 1): SyncRow {
  const data = { id, interactionId: null, customerId, text, authorId: AGENT_A, authorName: 'A', at: AT };
  return { table: 'note', id, version, deleted: false, data };
}

export function deletion(table: SyncTable, id: string, version: number): SyncRow {
  return { table, id, version, deleted: true, data: null } as SyncRow;
}

export function operation(payload: OperationPayload, more: Partial<NewOperation> = {}): NewOperation {
  return { authorId: AGENT_A, authorName: 'A', claimedAt: AT, payload, ...more };
}

export function noteOf(
  noteId: string,
  customerId: string | null,
  text = 'said hello',
  interactionId: string | null = null,
): OperationPayload {
  return { kind: 'note.save', noteId, interactionId, customerId, text };
}

export function callOf(interactionId: string, customerId: string | null): OperationPayload {
  const facts = { direction: 'in', phone: '010-0000-1234', queue: 'main', startedAt: AT } as const;
  return {
    kind: 'interaction.record',
    interactionId,
    customerId,
    ...facts,
    answeredAt: null,
    endedAt: null,
    result: null,
  };
}

export function createOf(customerId: string, name: string, phone = '010-0000-9876'): OperationPayload {
  const point = { id: customerId.replace('0193d111', '0193d222'), kind: 'phone' as const, value: phone, label: null };
  return {
    kind: 'customer.create',
    customerId,
    customerKind: 'person',
    name,
    language: 'ko',
    contactPoints: [point],
    custom: {},
  };
}
